#include "suites/scorers/exact.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "suites/extract/pattern.h"
#include "suites/extract/plain_text.h"
#include "suites/extract/think_tags.h"

namespace pingjia::suites {

namespace {

constexpr std::array<std::string_view, 2> kSpaces = {"keep", "collapse"};
constexpr std::array<std::string_view, 3> kTakes = {"all", "first_line", "last_line"};
constexpr std::array<std::string_view, 2> kMatches = {"last", "first"};

struct Options {
  bool casefold = false;
  bool collapse = false;
  std::string strip;
  std::string take = "all";
  std::shared_ptr<const re2::RE2> pattern;
  Match match = Match::kLast;
};

Options read_options(const nlohmann::json& json, const std::string& where) {
  harness::Fields fields(json, where);
  Options options;
  options.casefold = fields.optional_flag("casefold").value_or(false);
  options.collapse = fields.optional_one_of("spaces", kSpaces) == "collapse";
  options.strip = fields.optional_text("strip").value_or("");
  options.take = fields.optional_one_of("take", kTakes).value_or("all");
  if (fields.optional_one_of("match", kMatches) == "first") options.match = Match::kFirst;
  if (const auto pattern = fields.optional_text("pattern")) {
    options.pattern = compile_pattern(*pattern, fields.where("pattern"));
  }
  fields.done();
  return options;
}

std::string normalise(std::string_view text, bool casefold) {
  UErrorCode status = U_ZERO_ERROR;
  // Invalid bytes become U+FFFD.
  auto unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  if (casefold) unicode.foldCase();
  const auto* const nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_SUCCESS(status)) {
    auto normal = nfc->normalize(unicode, status);
    if (U_SUCCESS(status)) unicode = std::move(normal);
  }
  std::string utf8;
  unicode.toUTF8String(utf8);
  return utf8;
}

std::string collapse_spaces(std::string_view text) {
  std::string collapsed;
  bool gap = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    if (!space) {
      if (gap && !collapsed.empty()) collapsed += ' ';
      collapsed += c;
    }
    gap = space;
  }
  return collapsed;
}

class Exact final : public harness::Scorer {
 public:
  explicit Exact(Options options) : options_(std::move(options)) {}

  harness::Grade grade(const harness::Question& question, std::string_view answer) const override {
    harness::Grade grade;
    const auto visible = without_thinking(answer);
    const auto taken = take(visible);
    if (!taken) return grade;
    auto text = clean(*taken);
    if (text.empty()) return grade;
    grade.rule = options_.pattern ? "pattern" : options_.take;
    grade.verdict =
        text == clean(question.gold) ? harness::Verdict::kRight : harness::Verdict::kWrong;
    grade.extracted = std::move(text);
    return grade;
  }
  std::string_view version() const override { return "exact-1"; }

 private:
  std::optional<std::string_view> take(std::string_view text) const {
    text = trim(text);
    if (options_.take == "first_line") text = trim(text.substr(0, text.find('\n')));
    if (options_.take == "last_line") text = trim(text.substr(text.rfind('\n') + 1));
    return options_.pattern ? find_pattern(text, *options_.pattern, options_.match)
                            : std::optional(text);
  }

  std::string clean(std::string_view text) const {
    auto plain = normalise(text, options_.casefold);
    if (options_.collapse) plain = collapse_spaces(plain);
    std::string_view view = trim(plain);
    if (!options_.strip.empty()) {
      const auto ends = options_.strip + " \t\r\n";
      const auto first = view.find_first_not_of(ends);
      if (first == std::string_view::npos) return {};
      view = view.substr(first, view.find_last_not_of(ends) - first + 1);
    }
    return std::string(view);
  }

  Options options_;
};

}  // namespace

std::unique_ptr<harness::Scorer> make_exact(const nlohmann::json& options,
                                            const std::string& where) {
  return std::make_unique<Exact>(read_options(options, where));
}

}  // namespace pingjia::suites
