#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace pingjia::kernels {

/// Memory for a kernel: begins on a cache line, on huge pages where it is large and Linux gives
/// them (with small ones a matrix product times the walks of page tables). Not initialised.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::int64_t bytes);

  std::int64_t bytes() const { return bytes_; }
  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }

  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data_.get());
  }
  template <class T>
  const T* as() const {
    return reinterpret_cast<const T*>(data_.get());
  }
  template <class T>
  std::span<T> span() {
    return {as<T>(), static_cast<std::size_t>(bytes_) / sizeof(T)};
  }

 private:
  struct Free {
    void operator()(std::byte* data) const;
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::int64_t bytes_ = 0;
};

}  // namespace pingjia::kernels
