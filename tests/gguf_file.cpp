#include "tests/gguf_file.h"

#include <bit>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace pingjia::tests {
namespace {

// GGUF's numbers for the types of values.
constexpr std::uint32_t kU32 = 4, kI32 = 5, kF32 = 6, kBool = 7, kString = 8, kArray = 9;
constexpr std::size_t kAlignment = 32;

static_assert(std::endian::native == std::endian::little, "GGUF files are little endian");

template <typename T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_text(std::string& out, std::string_view text) {
  append<std::uint64_t>(out, text.size());
  out += text;
}

std::size_t aligned(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

template <typename T>
void append_numbers(std::string& out, std::uint32_t type, std::span<const T> values) {
  append(out, type);
  append<std::uint64_t>(out, values.size());
  for (const T value : values) append(out, value);
}

}  // namespace

std::uint16_t half_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x47800000u) return static_cast<std::uint16_t>(sign | 0x7c00u);
  std::uint32_t half = 0;
  if (magnitude < 0x38800000u) {
    // Adding 0.5 leaves the subnormal half's digits, rounded by the processor, in the low bits.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    half = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5f);
  } else {
    const std::uint32_t odd = (magnitude >> 13) & 1u;
    half = (magnitude - 0x38000000u + 0xfffu + odd) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

void GgufFile::begin_key(std::string_view key, std::uint32_t type) {
  append_text(keys_, key);
  append(keys_, type);
  ++key_count_;
}

void GgufFile::set(std::string_view key, std::uint32_t value) {
  begin_key(key, kU32);
  append(keys_, value);
}

void GgufFile::set(std::string_view key, float value) {
  begin_key(key, kF32);
  append(keys_, value);
}

void GgufFile::set(std::string_view key, bool value) {
  begin_key(key, kBool);
  append<std::uint8_t>(keys_, value ? 1 : 0);
}

void GgufFile::set(std::string_view key, const char* value) {
  set(key, std::string(value));
}

void GgufFile::set(std::string_view key, const std::string& value) {
  begin_key(key, kString);
  append_text(keys_, value);
}

void GgufFile::set(std::string_view key, std::span<const std::string> values) {
  begin_key(key, kArray);
  append(keys_, kString);
  append<std::uint64_t>(keys_, values.size());
  for (const std::string& value : values) append_text(keys_, value);
}

void GgufFile::set(std::string_view key, std::span<const float> values) {
  begin_key(key, kArray);
  append_numbers(keys_, kF32, values);
}

void GgufFile::set(std::string_view key, std::span<const std::int32_t> values) {
  begin_key(key, kArray);
  append_numbers(keys_, kI32, values);
}

void GgufFile::add(std::string name, std::size_t columns, std::size_t rows, TensorType type,
                   Fill fill) {
  tensors_.push_back({std::move(name), columns, rows, type, std::move(fill)});
}

std::size_t GgufFile::parameters() const {
  std::size_t sum = 0;
  for (const Tensor& tensor : tensors_) sum += tensor.count();
  return sum;
}

std::string GgufFile::header() const {
  std::string out = "GGUF";
  append<std::uint32_t>(out, 3);
  append<std::uint64_t>(out, tensors_.size());
  append<std::uint64_t>(out, key_count_);
  out += keys_;
  std::size_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    append_text(out, tensor.name);
    append<std::uint32_t>(out, tensor.rows == 0 ? 1 : 2);
    append<std::uint64_t>(out, tensor.columns);
    if (tensor.rows != 0) append<std::uint64_t>(out, tensor.rows);
    append(out, static_cast<std::uint32_t>(tensor.type));
    append<std::uint64_t>(out, offset);
    offset += aligned(tensor.bytes());
  }
  out.resize(aligned(out.size()), '\0');
  return out;
}

void GgufFile::write(const std::filesystem::path& path) const {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << header();
  std::vector<float> numbers;
  std::string data;
  for (const Tensor& tensor : tensors_) {
    numbers.clear();
    tensor.fill(numbers);
    if (numbers.size() != tensor.count()) throw std::runtime_error("wrong size: " + tensor.name);
    data.clear();
    for (const float number : numbers) {
      if (tensor.type == TensorType::kF32) {
        append(data, number);
      } else {
        append(data, half_of(number));
      }
    }
    data.resize(aligned(data.size()), '\0');
    file << data;
  }
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace pingjia::tests
