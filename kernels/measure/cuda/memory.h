#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pingjia::kernels::cuda {

/// Memory of the device between two bands of NaN bytes, and NaN itself until something is written:
/// what a kernel reads past its end spoils its result, and what it writes there is_intact finds.
/// Throws std::bad_alloc where there is not enough, std::runtime_error for what else fails.
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::int64_t bytes);
  ~Memory();
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;

  /// Copies to its beginning.
  void upload(std::span<const std::byte> bytes);
  void download(std::span<std::byte> bytes) const;
  void poison();
  bool is_intact() const;
  std::int64_t bytes() const { return bytes_; }

  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(start_ + kBand);
  }

 private:
  static constexpr std::int64_t kBand = 4096;

  std::byte* start_ = nullptr;
  std::int64_t bytes_ = 0;
};

/// A kernel's operand. Throws std::logic_error for one of zeros (is_all_zero).
Memory operand_on_device(std::span<const std::byte> bytes);

/// Indices and lengths, which may be zeros; and results back.
template <class T>
Memory on_device(const std::vector<T>& values) {
  Memory memory(std::ssize(values) * std::int64_t{sizeof(T)});
  memory.upload(std::as_bytes(std::span(values)));
  return memory;
}
template <class T>
std::vector<T> on_host(const Memory& memory) {
  std::vector<T> values(static_cast<std::size_t>(memory.bytes()) / sizeof(T));
  memory.download(std::as_writable_bytes(std::span(values)));
  return values;
}

}  // namespace pingjia::kernels::cuda
