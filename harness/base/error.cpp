#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

// One error is one line, whatever a parser or the operating system put into it.
std::string one_line(const std::string& where, const std::string& problem,
                     const std::string& mend) {
  std::string line = where + ": " + problem + (mend.empty() ? "" : "; " + mend);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

}  // namespace

Error::Error(const std::string& where, const std::string& problem, const std::string& mend)
    : std::runtime_error(one_line(where, problem, mend)) {}

}  // namespace pingjia::harness
