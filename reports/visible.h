#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pingjia::reports {

/// What becomes of line breaks and tabs.
enum class Breaks { kKeep, kShow };

/// Text from a model or a provider, safe to put before a person's eyes: broken UTF-8 becomes
/// U+FFFD, control characters become their pictures (ESC is ␛), and what cannot be seen but changes
/// how text reads (bidirectional marks, zero-width spaces, tag characters) is spelt out, ⟨U+202E⟩.
/// It is not escaped for any markup.
std::string visible(std::string_view text, Breaks breaks = Breaks::kShow);

/// The same of the first `limit` bytes, whole code points only. `cut` is how many bytes were left
/// off; the rest is not even read, so a 10 MB answer costs no more than a short one.
struct Excerpt {
  std::string text;
  std::size_t cut = 0;
};
Excerpt visible_excerpt(std::string_view text, std::size_t limit, Breaks breaks = Breaks::kShow);

/// Columns of a terminal that valid UTF-8 takes: East Asian wide characters are two, combining
/// marks none.
std::size_t display_width(std::string_view text);

/// At most `width` columns of the text, the last an ellipsis where it was cut.
std::string elide(std::string_view text, std::size_t width);

}  // namespace pingjia::reports
