#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"
#include "kernels/processor/buffer.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// A matrix of weights [columns][k] in 8 or 4 bits: integers, of which 128 along k share a scale in
/// bf16, as GPTQ and AWQ store them (symmetric: weight = integer * scale). Packed once, in the
/// order in which a product of few rows reads them: a panel of 32 columns, and in it group after
/// group.
class QuantizedWeights {
 public:
  static constexpr int kColumns = 32;             ///< Of a panel, as in bf16_micro.
  static constexpr int kGroup = 128;              ///< Weights along k that share a scale.
  static constexpr int kDepth = 32;               ///< Along k, of a step of a panel.
  static constexpr int kSteps = kGroup / kDepth;  ///< Of a group.

  /// `bits` is 8 or 4. Rounds to the nearest integer; the largest of a group becomes 127 or 7.
  QuantizedWeights(int bits, const Bf16* weights, std::int64_t columns, std::int64_t k,
                   Threads& threads);

  int bits() const { return bits_; }
  std::int64_t columns() const { return columns_; }
  std::int64_t k() const { return k_; }
  std::int64_t panels() const { return (columns_ + kColumns - 1) / kColumns; }
  std::int64_t groups() const { return (k_ + kGroup - 1) / kGroup; }

  /// The integers of a group of a panel, as WeightRows::unpack takes them. What is past the matrix
  /// is zero.
  const std::byte* integers(std::int64_t panel, std::int64_t group) const {
    return data_.data() + (panel * groups() + group) * group_bytes();
  }
  /// The scales of its 32 columns.
  const Bf16* scales(std::int64_t panel, std::int64_t group) const {
    return reinterpret_cast<const Bf16*>(integers(panel, group) + integer_bytes());
  }

  /// One of them, and the scale of a group of its column.
  int integer(std::int64_t column, std::int64_t at) const {
    return integer_at(integers(column / kColumns, at / kGroup), static_cast<int>(column % kColumns),
                      static_cast<int>(at % kGroup));
  }
  Bf16 scale(std::int64_t column, std::int64_t group) const {
    return scales(column / kColumns, group)[column % kColumns];
  }

  /// The k weights of a column that a product with these multiplies by.
  void dequantize(std::int64_t column, float* out) const;

  std::span<const std::byte> memory() const {
    return {data_.data(), static_cast<std::size_t>(data_.bytes())};
  }

 private:
  std::int64_t integer_bytes() const { return std::int64_t{kColumns} * kGroup * bits_ / 8; }
  std::int64_t group_bytes() const { return integer_bytes() + kColumns * 2; }
  void quantize(const Bf16* weights, std::int64_t panel, std::int64_t group);
  int integer_at(const std::byte* group, int column, int depth) const;
  void set_integer(std::byte* group, int column, int depth, int value) const;

  int bits_;
  std::int64_t columns_, k_;
  Buffer data_;
};

}  // namespace pingjia::kernels
