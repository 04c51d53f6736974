#pragma once

#include <string>
#include <string_view>

namespace pingjia::suites {

/// Text in which one sign has one spelling, so that patterns need to know only that: full-width
/// letters, digits and punctuation become ASCII, decimal digits of all scripts 0–9, every minus and
/// dash '-', every space ' ', "。" ". ", "、" ", "; invisible marks go; bytes that are no UTF-8
/// become U+FFFD. A thin space or no-break space between digits becomes ',': it separates
/// thousands.
std::string fold_text(std::string_view text);

/// Without LaTeX's and Markdown's dress: "\text{B}" -> "{B}", "\$" -> "$", "1{,}000" and "1\,000"
/// -> "1,000", "**x**" -> "x", "\(x\)" -> " x ", "\dfrac" -> "\frac". "\boxed{" stays.
std::string strip_markup(std::string_view text);

/// Without white space at both ends.
std::string_view trim(std::string_view text);

}  // namespace pingjia::suites
