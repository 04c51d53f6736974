#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "kernels/processor/bf16.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {

/// Memory between two bands of NaN bytes: a kernel that reads past its end makes NaN of its
/// result, one that writes there is found by `is_intact`. The contents are NaN too until filled:
/// an output that a kernel forgets is seen.
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(std::int64_t bytes);

  bool is_intact() const;
  std::int64_t bytes() const { return bytes_; }

  template <class T>
  T* as() {
    return reinterpret_cast<T*>(memory_.data() + kBand);
  }
  template <class T>
  const T* as() const {
    return reinterpret_cast<const T*>(memory_.data() + kBand);
  }
  template <class T>
  std::span<T> span() {
    return {as<T>(), static_cast<std::size_t>(bytes_) / sizeof(T)};
  }
  std::span<const std::byte> memory() const {
    return {memory_.data() + kBand, static_cast<std::size_t>(bytes_)};
  }

 private:
  static constexpr std::int64_t kBand = 4096;

  std::int64_t bytes_ = 0;
  Buffer memory_;
};

/// Standard normals times `scale`, the same for the same stream. Large memory repeats 2^20 of them
/// from shifting places: the spread of the values is what counts, and their making must not take
/// longer than the kernel.
void fill_normals(std::span<Bf16> values, const std::string& stream, double scale = 1);
void fill_normals(std::span<float> values, const std::string& stream, double scale = 1);

}  // namespace pingjia::kernels
