#include "suites/extract/pattern.h"

#include <re2/re2.h>

#include <array>

#include "harness/base/error.h"

namespace pingjia::suites {

namespace {

std::size_t window_begin(std::string_view text) {
  constexpr std::size_t kWindow = 16'384;
  std::size_t begin = text.size() > kWindow ? text.size() - kWindow : 0;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  return begin;
}

}  // namespace

std::shared_ptr<const RE2> compile_pattern(const std::string& pattern, const std::string& where) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  auto compiled = std::make_shared<const RE2>(pattern, quiet);
  if (!compiled->ok()) {
    throw harness::Error(where, "no RE2 pattern: " + compiled->error(), "correct the pattern");
  }
  if (compiled->NumberOfCapturingGroups() > 1) {
    throw harness::Error(where, "more than one group", "write (?:…) for those not wanted");
  }
  return compiled;
}

std::optional<std::string_view> find_pattern(std::string_view text, const RE2& pattern,
                                             Match match) {
  const int groups = 1 + pattern.NumberOfCapturingGroups();
  const re2::StringPiece whole(text.data(), text.size());
  std::array<re2::StringPiece, 2> parts;
  std::optional<std::string_view> found;
  for (std::size_t at = match == Match::kFirst ? 0 : window_begin(text); at <= text.size();) {
    if (!pattern.Match(whole, at, text.size(), RE2::UNANCHORED, parts.data(), groups)) break;
    const auto& part = parts[static_cast<std::size_t>(groups - 1)];
    found = std::string_view(part.data(), part.size());
    if (match == Match::kFirst) break;
    const auto end = static_cast<std::size_t>(parts[0].data() - text.data()) + parts[0].size();
    at = parts[0].empty() ? end + 1 : end;
  }
  return found;
}

}  // namespace pingjia::suites
