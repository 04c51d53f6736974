#include "suites/scorers/exact.h"

#include <re2/re2.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/fields.h"
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
  std::unique_ptr<RE2> pattern;
  bool first_match = false;
};

std::unique_ptr<RE2> compile(const std::string& pattern, const std::string& where) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  auto compiled = std::make_unique<RE2>(pattern, quiet);
  if (!compiled->ok()) {
    throw harness::Error(where, "no RE2 pattern: " + compiled->error(), "correct the pattern");
  }
  if (compiled->NumberOfCapturingGroups() > 1) {
    throw harness::Error(where, "more than one group", "write (?:…) for those not wanted");
  }
  return compiled;
}

Options read_options(const nlohmann::json& json, const std::string& where) {
  harness::Fields fields(json, where);
  Options options;
  options.casefold = fields.optional_flag("casefold").value_or(false);
  options.collapse = fields.optional_one_of("spaces", kSpaces) == "collapse";
  options.strip = fields.optional_text("strip").value_or("");
  options.take = fields.optional_one_of("take", kTakes).value_or("all");
  options.first_match = fields.optional_one_of("match", kMatches) == "first";
  if (const auto pattern = fields.optional_text("pattern")) {
    options.pattern = compile(*pattern, fields.where("pattern"));
  }
  fields.done();
  return options;
}

// One search is linear in the text, all of them together may be quadratic ("a+b|" on "aaaa…"): the
// last match is sought only in the end of a long text.
std::size_t window_begin(std::string_view text) {
  constexpr std::size_t kWindow = 16'384;
  std::size_t begin = text.size() > kWindow ? text.size() - kWindow : 0;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  return begin;
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
    return options_.pattern ? find_pattern(text) : std::optional(text);
  }

  std::optional<std::string_view> find_pattern(std::string_view text) const {
    const int groups = 1 + options_.pattern->NumberOfCapturingGroups();
    const re2::StringPiece whole(text.data(), text.size());
    std::array<re2::StringPiece, 2> parts;
    std::optional<std::string_view> found;
    for (std::size_t at = options_.first_match ? 0 : window_begin(text); at <= text.size();) {
      if (!options_.pattern->Match(whole, at, text.size(), RE2::UNANCHORED, parts.data(), groups)) {
        break;
      }
      const auto& part = parts[static_cast<std::size_t>(groups - 1)];
      found = std::string_view(part.data(), part.size());
      if (options_.first_match) break;
      const auto end = static_cast<std::size_t>(parts[0].data() - text.data()) + parts[0].size();
      at = parts[0].empty() ? end + 1 : end;
    }
    return found;
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
