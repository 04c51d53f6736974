#pragma once

#include <optional>
#include <span>
#include <vector>

#include "kernels/compare/onednn/onednn.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {

using MemoryDesc = dnnl_memory_desc_t;

/// A dense matrix or its transpose: element (i, j) at i * row_stride + j * column_stride.
MemoryDesc matrix_desc(std::int64_t rows, std::int64_t columns, dnnl_data_type_t type,
                       std::int64_t row_stride, std::int64_t column_stride);
/// A matrix whose layout the primitive chooses.
MemoryDesc any_matrix_desc(std::int64_t rows, std::int64_t columns, dnnl_data_type_t type);

/// A view of memory that someone else holds. A blocked layout's padding is written with zeros.
class MemoryView {
 public:
  MemoryView(const MemoryDesc& desc, const void* data);
  ~MemoryView();
  MemoryView(const MemoryView&) = delete;
  MemoryView& operator=(const MemoryView&) = delete;

  dnnl_memory_t get() const { return memory_; }

 private:
  dnnl_memory_t memory_ = nullptr;
};

/// A primitive of oneDNN, made for the number of threads in use where it was made. Its scratchpad
/// is the caller's, so that several threads may run one primitive.
class Primitive {
 public:
  struct Argument {
    int name;  ///< DNNL_ARG_SRC, ...
    dnnl_memory_t memory;
  };

  /// dst = scale * src weights.
  static Primitive matmul(const MemoryDesc& src, const MemoryDesc& weights, const MemoryDesc& dst,
                          float scale = 1);
  /// Over each row.
  static Primitive softmax(const MemoryDesc& src, const MemoryDesc& dst);
  static Primitive reorder(const MemoryDesc& from, const MemoryDesc& to);

  Primitive(Primitive&& other) noexcept;
  Primitive& operator=(Primitive&&) = delete;
  ~Primitive();

  /// The layout that was chosen for the weights.
  const MemoryDesc& weights() const { return weights_; }
  std::int64_t scratch_bytes() const { return scratch_bytes_; }

  /// `scratch` grows when it is too small.
  void run(std::initializer_list<Argument> arguments, Buffer& scratch) const;
  /// Primitives of two inputs at most, on memory in the layouts they were made with.
  void run(const void* src, const MemoryView* weights, void* dst, Buffer& scratch) const;

 private:
  Primitive(dnnl_primitive_desc_t desc, const MemoryDesc& src, const MemoryDesc& dst);

  dnnl_primitive_t primitive_ = nullptr;
  MemoryDesc src_, weights_, dst_, scratch_;
  std::int64_t scratch_bytes_ = 0;
};

/// A matrix in a layout of oneDNN's, reordered once.
class PackedMatrix {
 public:
  /// `from` describes `data`, `to` the layout wanted.
  PackedMatrix(const MemoryDesc& from, const void* data, const MemoryDesc& to);

  const MemoryView& view() const { return view_; }
  std::span<const std::byte> memory() const;

 private:
  Buffer buffer_;
  MemoryView view_;
};

}  // namespace pingjia::kernels
