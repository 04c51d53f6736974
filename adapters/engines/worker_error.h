#pragma once

#include <stdexcept>
#include <string>

namespace pingjia::adapters::engines {

/// What becomes an `error` line of the protocol; `kind` is a failure class as records spell it,
/// such as "bad_request" or "context_overflow".
class WorkerError : public std::runtime_error {
 public:
  WorkerError(std::string kind, const std::string& message)
      : std::runtime_error(message), kind_(std::move(kind)) {}

  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

}  // namespace pingjia::adapters::engines
