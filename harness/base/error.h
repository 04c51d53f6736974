#pragma once

#include <stdexcept>
#include <string>

namespace pingjia::harness {

/// Bad input found before the first request: where it stands, what is wrong, how to mend it.
/// Caught once, in main, which prints `what()` as one line and exits with 2.
class Error : public std::runtime_error {
 public:
  Error(const std::string& where, const std::string& problem, const std::string& mend);
};

}  // namespace pingjia::harness
