#include "kernels/compare/onednn/primitive.h"

#include <array>
#include <utility>

namespace pingjia::kernels {
namespace {

/// Attributes of a primitive: the scratchpad is ours, the result is scaled.
class Attributes {
 public:
  explicit Attributes(float scale) {
    const OneDnn& dnn = OneDnn::get();
    expect_success(dnn.attr_create(&attr_), "attributes");
    expect_success(dnn.attr_set_scratchpad_mode(attr_, dnnl_scratchpad_mode_user), "a scratchpad");
    if (scale != 1) {
      expect_success(dnn.attr_set_output_scales(attr_, 1, 0, &scale), "a scale");
    }
  }
  ~Attributes() { OneDnn::get().attr_destroy(attr_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const_dnnl_primitive_attr_t get() const { return attr_; }

 private:
  dnnl_primitive_attr_t attr_ = nullptr;
};

dnnl_primitive_desc_t primitive_desc(const void* op, float scale, const char* what) {
  const OneDnn& dnn = OneDnn::get();
  const Attributes attributes(scale);
  dnnl_primitive_desc_t desc = nullptr;
  expect_success(dnn.primitive_desc_create(&desc, op, attributes.get(), dnn.engine, nullptr), what);
  return desc;
}

std::int64_t size_of(const MemoryDesc& desc) {
  return static_cast<std::int64_t>(OneDnn::get().memory_desc_get_size(&desc));
}

}  // namespace

MemoryDesc matrix_desc(std::int64_t rows, std::int64_t columns, dnnl_data_type_t type,
                       std::int64_t row_stride, std::int64_t column_stride) {
  const dnnl_dims_t dims = {rows, columns}, strides = {row_stride, column_stride};
  MemoryDesc desc;
  expect_success(OneDnn::get().memory_desc_init_by_strides(&desc, 2, dims, type, strides),
                 "a matrix");
  return desc;
}

MemoryDesc any_matrix_desc(std::int64_t rows, std::int64_t columns, dnnl_data_type_t type) {
  const dnnl_dims_t dims = {rows, columns};
  MemoryDesc desc;
  expect_success(
      OneDnn::get().memory_desc_init_by_tag(&desc, 2, dims, type, dnnl_format_tag_any), "a matrix");
  return desc;
}

MemoryView::MemoryView(const MemoryDesc& desc, const void* data) {
  const OneDnn& dnn = OneDnn::get();
  expect_success(dnn.memory_create(&memory_, &desc, dnn.engine, const_cast<void*>(data)),
                 "a view of memory");
}

MemoryView::~MemoryView() {
  OneDnn::get().memory_destroy(memory_);
}

Primitive::Primitive(dnnl_primitive_desc_t desc, const MemoryDesc& src, const MemoryDesc& dst)
    : src_(src), weights_(), dst_(dst) {
  const OneDnn& dnn = OneDnn::get();
  const dnnl_status_t status = dnn.primitive_create(&primitive_, desc);
  const MemoryDesc* weights = dnn.primitive_desc_query_md(desc, dnnl_query_weights_md, 0);
  if (weights) weights_ = *weights;
  scratch_ = *dnn.primitive_desc_query_md(desc, dnnl_query_scratchpad_md, 0);
  scratch_bytes_ = size_of(scratch_);
  dnn.primitive_desc_destroy(desc);
  expect_success(status, "a primitive");
}

Primitive Primitive::matmul(const MemoryDesc& src, const MemoryDesc& weights, const MemoryDesc& dst,
                            float scale) {
  dnnl_matmul_desc_t op;
  expect_success(OneDnn::get().matmul_desc_init(&op, &src, &weights, nullptr, &dst), "a product");
  return {primitive_desc(&op, scale, "a product"), src, dst};
}

Primitive Primitive::softmax(const MemoryDesc& src, const MemoryDesc& dst) {
  dnnl_softmax_v2_desc_t op;
  expect_success(OneDnn::get().softmax_desc_init(&op, dnnl_forward_inference,
                                                 dnnl_softmax_accurate, &src, &dst, 1),
                 "a softmax");
  return {primitive_desc(&op, 1, "a softmax"), src, dst};
}

Primitive Primitive::reorder(const MemoryDesc& from, const MemoryDesc& to) {
  const OneDnn& dnn = OneDnn::get();
  const Attributes attributes(1);
  dnnl_primitive_desc_t desc = nullptr;
  expect_success(
      dnn.reorder_desc_create(&desc, &from, dnn.engine, &to, dnn.engine, attributes.get()),
      "a reorder");
  return {desc, from, to};
}

Primitive::Primitive(Primitive&& other) noexcept
    : primitive_(std::exchange(other.primitive_, nullptr)),
      src_(other.src_),
      weights_(other.weights_),
      dst_(other.dst_),
      scratch_(other.scratch_),
      scratch_bytes_(other.scratch_bytes_) {}

Primitive::~Primitive() {
  if (primitive_) OneDnn::get().primitive_destroy(primitive_);
}

void Primitive::run(std::initializer_list<Argument> arguments, Buffer& scratch) const {
  constexpr std::size_t kMost = 4;
  std::array<dnnl_exec_arg_t, kMost> all;
  int count = 0;
  for (const Argument& argument : arguments) {
    all[static_cast<std::size_t>(count++)] = {argument.name, argument.memory};
  }
  if (scratch.bytes() < scratch_bytes_) scratch = Buffer(scratch_bytes_);
  std::optional<MemoryView> scratch_view;
  if (scratch_bytes_ > 0) {
    scratch_view.emplace(scratch_, scratch.data());
    all[static_cast<std::size_t>(count++)] = {DNNL_ARG_SCRATCHPAD, scratch_view->get()};
  }
  const OneDnn& dnn = OneDnn::get();
  expect_success(dnn.primitive_execute(primitive_, dnn.stream, count, all.data()), "to run");
}

void Primitive::run(const void* src, const MemoryView* weights, void* dst, Buffer& scratch) const {
  const MemoryView from(src_, src), to(dst_, dst);
  if (weights) {
    run({{DNNL_ARG_SRC, from.get()}, {DNNL_ARG_WEIGHTS, weights->get()}, {DNNL_ARG_DST, to.get()}},
        scratch);
  } else {
    run({{DNNL_ARG_SRC, from.get()}, {DNNL_ARG_DST, to.get()}}, scratch);
  }
}

PackedMatrix::PackedMatrix(const MemoryDesc& from, const void* data, const MemoryDesc& to)
    : buffer_(size_of(to)), view_(to, buffer_.data()) {
  Buffer scratch;
  Primitive::reorder(from, to).run(data, nullptr, buffer_.data(), scratch);
}

std::span<const std::byte> PackedMatrix::memory() const {
  return {buffer_.data(), static_cast<std::size_t>(buffer_.bytes())};
}

}  // namespace pingjia::kernels
