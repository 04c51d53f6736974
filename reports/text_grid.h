#pragma once

#include <string>
#include <vector>

namespace pingjia::reports {

/// Rows of cells as aligned columns for a terminal: two spaces between them, numbers to the right,
/// no trailing blanks. Widths count terminal columns, so that Chinese names align.
class TextGrid {
 public:
  /// The first `left` columns are names, aligned left; the rest are numbers.
  explicit TextGrid(std::size_t left) : left_(left) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// A line of dashes under the row added last.
  void rule() { rules_.push_back(rows_.size()); }
  std::string text() const;
  /// Columns of a terminal that `text` takes.
  std::size_t width() const;

 private:
  std::vector<std::size_t> widths() const;

  std::size_t left_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> rules_;
};

/// The text broken at blanks to lines of at most `width` columns; lines after the first start with
/// `indent` blanks.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace pingjia::reports
