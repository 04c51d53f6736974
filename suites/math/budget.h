#pragma once

#include <cstdint>

namespace pingjia::suites {

/// What one comparison may still do, in units of about a nanosecond of work. A count and no clock,
/// so that a verdict never depends on how fast a machine is.
class Budget {
 public:
  static constexpr std::int64_t kFull = 20'000'000;

  explicit Budget(std::int64_t units = kFull) : left_(units) {}

  /// Takes `units`; false once they are used up.
  bool spend(std::int64_t units) {
    left_ -= units;
    return left_ > 0;
  }
  bool spent() const { return left_ <= 0; }

 private:
  std::int64_t left_;
};

/// The answer to "are these equal?".
enum class Equality { kEqual, kDifferent, kUnknown };

}  // namespace pingjia::suites
