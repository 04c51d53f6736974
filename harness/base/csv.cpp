#include "harness/base/csv.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& where) : text_(text), where_(where) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  std::vector<std::vector<std::string>> read() {
    std::vector<std::vector<std::string>> rows;
    while (at_ < text_.size()) {
      const auto begin = line_;
      auto row = read_row();
      if (row.size() == 1 && row[0].empty()) continue;
      if (!rows.empty() && row.size() != rows[0].size()) {
        throw Error(fmt::format("{} line {}", where_, begin),
                    fmt::format("has {} cells, the first row has {}", row.size(), rows[0].size()),
                    "restore the published file");
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool at_line_end() const { return peek() == '\n' || peek() == '\r'; }

  void take_line_end() {
    if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  std::vector<std::string> read_row() {
    std::vector<std::string> cells;
    for (;;) {
      cells.push_back(peek() == '"' ? read_quoted() : read_plain());
      if (at_line_end()) break;
      ++at_;  // The comma.
    }
    take_line_end();
    return cells;
  }

  std::string read_plain() {
    const auto begin = at_;
    while (!at_line_end() && text_[at_] != ',') ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string read_quoted() {
    const auto opened = line_;
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    if (at_ >= text_.size()) refuse(opened, "a quote is never closed");
    ++at_;
    if (!at_line_end() && text_[at_] != ',') refuse(line_, "text follows a closed quote");
    return cell;
  }

  [[noreturn]] void refuse(std::size_t line, const std::string& problem) const {
    throw Error(fmt::format("{} line {}", where_, line), problem, "restore the published file");
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<std::vector<std::string>> parse_csv(std::string_view text, const std::string& where) {
  return CsvReader(text, where).read();
}

}  // namespace pingjia::harness
