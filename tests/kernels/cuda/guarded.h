#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "harness/base/rng.h"
#include "kernels/cuda/bf16.cuh"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

namespace pingjia::kernels::cuda {

/// An array between two bands of NaN: what is read past its ends spoils the result, and
/// AddressSanitizer, where it is on, ends the run at the access itself. Begins on 16 bytes, as a
/// device's allocations do.
template <class T>
class Guarded {
 public:
  explicit Guarded(std::int64_t size)
      : size_(size), storage_(static_cast<std::size_t>(size) + 2 * kBand, nan()) {
    guard(true);
  }
  ~Guarded() { guard(false); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  T* data() { return storage_.data() + kBand; }
  T& operator[](std::int64_t i) { return data()[i]; }
  std::int64_t size() const { return size_; }

 private:
  static constexpr std::size_t kBand = 64;

  static T nan() {
    if constexpr (std::is_same_v<T, Bf16Bits>) return 0x7fff;
    if constexpr (std::is_same_v<T, float>) return std::numeric_limits<float>::quiet_NaN();
    return std::numeric_limits<T>::max();
  }
  void guard([[maybe_unused]] bool on) {
#ifdef __SANITIZE_ADDRESS__
    const auto mark = on ? __asan_poison_memory_region : __asan_unpoison_memory_region;
    mark(storage_.data(), kBand * sizeof(T));
    // The last whole eight bytes: a shadow byte cannot say "from the middle on".
    const std::size_t end = (kBand + static_cast<std::size_t>(size_)) * sizeof(T);
    const std::size_t whole = (end + 7) / 8 * 8;
    mark(reinterpret_cast<std::byte*>(storage_.data()) + whole,
         storage_.size() * sizeof(T) - whole);
#endif
  }

  std::int64_t size_;
  std::vector<T> storage_;
};

/// Fills with standard normals rounded to bf16, times `deviation`.
inline void fill_normal(Guarded<Bf16Bits>& to, std::uint64_t seed, std::string_view stream,
                        double deviation = 1) {
  harness::Rng rng(seed, stream);
  for (std::int64_t i = 0; i < to.size(); ++i) {
    to[i] = narrow(static_cast<float>(rng.normal() * deviation));
  }
}

/// ||actual - expected|| / ||expected||; infinite when a value is not finite.
inline double relative_error(Guarded<Bf16Bits>& actual, const std::vector<double>& expected) {
  double wrong = 0, whole = 0;
  for (std::int64_t i = 0; i < actual.size(); ++i) {
    const double right = expected[static_cast<std::size_t>(i)];
    wrong += std::pow(widen(actual[i]) - right, 2);
    whole += right * right;
  }
  if (!std::isfinite(wrong)) return std::numeric_limits<double>::infinity();
  return whole == 0 ? std::sqrt(wrong) : std::sqrt(wrong / whole);
}

}  // namespace pingjia::kernels::cuda
