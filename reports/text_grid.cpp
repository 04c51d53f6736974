#include "reports/text_grid.h"

#include <algorithm>
#include <sstream>

#include "reports/visible.h"

namespace pingjia::reports {

namespace {

void trim_end(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

std::vector<std::size_t> TextGrid::widths() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

std::size_t TextGrid::width() const {
  std::size_t sum = 0;
  for (const std::size_t one : widths()) sum += one + 2;
  return sum > 2 ? sum - 2 : 0;
}

std::string TextGrid::text() const {
  const auto widths = this->widths();
  std::string out;
  for (std::size_t at = 0; at < rows_.size(); ++at) {
    std::string line;
    for (std::size_t i = 0; i < rows_[at].size(); ++i) {
      const std::string& cell = rows_[at][i];
      const std::string blanks(widths[i] - display_width(cell), ' ');
      if (i > 0) line += "  ";
      line += i < left_ ? cell + blanks : blanks + cell;
    }
    trim_end(line);
    out += line + "\n";
    if (std::find(rules_.begin(), rules_.end(), at + 1) == rules_.end()) continue;
    std::string dashes;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      for (std::size_t n = 0; n < widths[i]; ++n) dashes += "─";
      if (i + 1 < widths.size()) dashes += "  ";
    }
    out += dashes + "\n";
  }
  return out;
}

std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string out;
  std::string word;
  std::size_t used = 0;
  while (words >> word) {
    const std::size_t length = display_width(word);
    if (used > 0 && used + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
  }
  return out;
}

}  // namespace pingjia::reports
