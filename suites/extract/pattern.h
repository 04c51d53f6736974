#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "suites/extract/answer_phrase.h"

namespace re2 {
class RE2;
}

namespace pingjia::suites {

/// A pattern of a protocol's own: data of the suite file.
struct PatternRule {
  std::string name;
  std::shared_ptr<const re2::RE2> pattern;
  Match match = Match::kLast;
};

/// Compiles an RE2 pattern of at most one group. Throws Error naming `where` for another.
std::shared_ptr<const re2::RE2> compile_pattern(const std::string& pattern,
                                                const std::string& where);

/// The group of the first or the last match, or the whole match of a pattern without group. The
/// last one is sought in the last 16 KiB: one search is linear in the text, all of them together
/// may be quadratic ("a+b|" on "aaaa…"), so that no answer takes long.
std::optional<std::string_view> find_pattern(std::string_view text, const re2::RE2& pattern,
                                             Match match);

}  // namespace pingjia::suites
