#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::tests {

/// What a tensor's numbers are stored as; the values are GGUF's own.
enum class TensorType : std::uint32_t { kF32 = 0, kF16 = 1 };

/// IEEE half precision of `value`, rounded to nearest even; beyond its range an infinity.
std::uint16_t half_of(float value);

/// Collects the keys and tensors of a GGUF file (version 3, little endian) and writes it.
/// Tensor data is asked for while writing, so that a large file needs no large memory.
class GgufFile {
 public:
  /// Appends the tensor's rows * columns numbers to its argument, row by row.
  using Fill = std::function<void(std::vector<float>&)>;

  void set(std::string_view key, std::uint32_t value);
  void set(std::string_view key, float value);
  void set(std::string_view key, bool value);
  void set(std::string_view key, const char* value);
  void set(std::string_view key, const std::string& value);
  void set(std::string_view key, std::span<const std::string> values);
  void set(std::string_view key, std::span<const float> values);
  void set(std::string_view key, std::span<const std::int32_t> values);

  /// A matrix that maps `columns` inputs to `rows` outputs; a vector has `rows` == 0.
  void add(std::string name, std::size_t columns, std::size_t rows, TensorType type, Fill fill);

  /// Throws std::runtime_error when the file cannot be written or a Fill gives another count.
  void write(const std::filesystem::path& path) const;

  /// Numbers in all tensors.
  std::size_t parameters() const;

 private:
  struct Tensor {
    std::string name;
    std::size_t columns;
    std::size_t rows;
    TensorType type;
    Fill fill;
    std::size_t count() const { return columns * (rows == 0 ? 1 : rows); }
    std::size_t bytes() const { return count() * (type == TensorType::kF32 ? 4 : 2); }
  };

  void begin_key(std::string_view key, std::uint32_t type);
  std::string header() const;

  std::string keys_;
  std::uint64_t key_count_ = 0;
  std::vector<Tensor> tensors_;
};

}  // namespace pingjia::tests
