#include <algorithm>
#include <cmath>

#include "kernels/attention/paged_decode_cuda.h"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/gemm/skinny_cuda.h"
#include "kernels/layer/decode_step_cuda.h"
#include "kernels/layer/rope_write_cuda.h"
#include "kernels/layer/rows_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kBlock = 64;  ///< Rows of a block of the grouped product.
constexpr int kMostSkinny = 16;

int heads(const DecodeStepShape& shape) {
  return shape.query_heads + 2 * shape.kv_heads;
}

/// One linear layer: where it reads and writes, and what is added to its result.
struct Linear {
  const std::uint16_t* a;
  const std::uint16_t* weights;
  const std::uint16_t* added;
  std::uint16_t* out;
  int columns, k;
};

/// The step's launches, with what they hand on to each other.
class DecodeStep {
 public:
  explicit DecodeStep(const DecodeStepCall& call)
      : call_(call),
        shape_(call.shape),
        normed_(take(2 * rows() * shape_.hidden)),
        heads_(take(2 * rows() * heads(shape_) * shape_.width)),
        queries_(take(2 * rows() * shape_.query_heads * shape_.width)),
        attended_(take(2 * rows() * shape_.query_heads * shape_.width)),
        middle_(take(2 * rows() * shape_.hidden)),
        projected_(take(2 * rows() * shape_.hidden)),
        inside_(take(2 * rows() * 2 * shape_.intermediate)),
        gated_(take(2 * rows() * shape_.intermediate)),
        scratch_(take(4 * scratch_floats())) {}

  std::int64_t bytes() const { return taken_; }

  void enqueue(Stream stream) const {
    norm(call_.x, call_.attention_gain, stream);
    multiply({bf16(normed_), call_.qkv, nullptr, bf16(heads_), heads(shape_) * shape_.width,
              shape_.hidden},
             stream);
    rope_write(rope_call(), stream);
    paged_decode_attention(attention_call(), stream);
    multiply({bf16(attended_), call_.o, call_.x, bf16(middle_), shape_.hidden,
              shape_.query_heads * shape_.width},
             stream);
    norm(bf16(middle_), call_.mlp_gain, stream);
    multiply({bf16(normed_), call_.gate_up, nullptr, bf16(inside_), 2 * shape_.intermediate,
              shape_.hidden},
             stream);
    swiglu({.gate_up = bf16(inside_),
            .out = bf16(gated_),
            .rows = shape_.batch,
            .width = shape_.intermediate},
           stream);
    multiply(
        {bf16(gated_), call_.down, bf16(middle_), call_.out, shape_.hidden, shape_.intermediate},
        stream);
  }

 private:
  /// What stands in the workspace may be in whole blocks.
  std::int64_t rows() const {
    return shape_.batch <= kMostSkinny ? shape_.batch
                                       : (shape_.batch + kBlock - 1) / kBlock * kBlock;
  }
  std::int64_t take(std::int64_t bytes) {
    const std::int64_t at = taken_;
    taken_ += (bytes + 255) / 256 * 256;
    return at;
  }
  std::uint16_t* bf16(std::int64_t at) const {
    return reinterpret_cast<std::uint16_t*>(call_.workspace + at);
  }
  float* scratch() const { return reinterpret_cast<float*>(call_.workspace + scratch_); }

  SkinnyGemmCall skinny_call(int columns, int k) const {
    return {.rows = shape_.batch,
            .columns = columns,
            .k = k,
            .splits = skinny_gemm_splits(shape_.batch, columns, k, shape_.multiprocessors)};
  }
  /// One for all: each launch is done with it before the next begins.
  std::int64_t scratch_floats() const {
    if (shape_.batch > kMostSkinny) return paged_decode_scratch(attention_shape());
    const int attended = shape_.query_heads * shape_.width;
    return std::max({skinny_gemm_scratch(skinny_call(heads(shape_) * shape_.width, shape_.hidden)),
                     skinny_gemm_scratch(skinny_call(shape_.hidden, attended)),
                     skinny_gemm_scratch(skinny_call(2 * shape_.intermediate, shape_.hidden)),
                     skinny_gemm_scratch(skinny_call(shape_.hidden, shape_.intermediate)),
                     paged_decode_scratch(attention_shape())});
  }

  void norm(const std::uint16_t* x, const std::uint16_t* gain, Stream stream) const {
    rms_norm(
        {.x = x, .gain = gain, .out = bf16(normed_), .rows = shape_.batch, .width = shape_.hidden},
        stream);
  }

  void multiply(const Linear& linear, Stream stream) const {
    if (shape_.batch <= kMostSkinny) {
      SkinnyGemmCall call = skinny_call(linear.columns, linear.k);
      call.a = linear.a, call.weights = linear.weights, call.added = linear.added;
      call.out = linear.out, call.scratch = scratch();
      return skinny_gemm(call, stream);
    }
    grouped_gemm({.a = linear.a,
                  .weights = linear.weights,
                  .out = linear.added != nullptr ? bf16(projected_) : linear.out,
                  .expert_of_block = call_.expert_of_block,
                  .blocks = call_.blocks,
                  .most_blocks = static_cast<int>(rows() / kBlock),
                  .block = kBlock,
                  .columns = linear.columns,
                  .k = linear.k},
                 stream);
    if (linear.added == nullptr) return;
    sum_rows({.x = bf16(projected_),
              .added = linear.added,
              .out = linear.out,
              .count = std::int64_t{shape_.batch} * linear.columns},
             stream);
  }

  RopeWriteCall rope_call() const {
    return {.heads = bf16(heads_),
            .cosines = call_.cosines,
            .sines = call_.sines,
            .positions = call_.positions,
            .pages = call_.pages,
            .queries = bf16(queries_),
            .key_pages = call_.key_pages,
            .value_pages = call_.value_pages,
            .tokens = shape_.batch,
            .query_heads = shape_.query_heads,
            .kv_heads = shape_.kv_heads,
            .value_heads = shape_.kv_heads,
            .width = shape_.width,
            .most_pages = shape_.most_pages,
            .page_size = shape_.page_size};
  }
  PagedDecodeCall attention_shape() const {
    PagedDecodeCall call{.batch = shape_.batch,
                         .most_pages = shape_.most_pages,
                         .page_size = shape_.page_size,
                         .query_heads = shape_.query_heads,
                         .kv_heads = shape_.kv_heads,
                         .width = shape_.width,
                         .scale = 1 / std::sqrt(static_cast<float>(shape_.width))};
    call.splits = decode_splits(shape_.batch * shape_.kv_heads * paged_decode_blocks(call),
                                shape_.longest, shape_.multiprocessors);
    return call;
  }
  PagedDecodeCall attention_call() const {
    PagedDecodeCall call = attention_shape();
    call.q = bf16(queries_), call.out = bf16(attended_), call.scratch = scratch();
    call.key_pages = call_.key_pages, call.value_pages = call_.value_pages;
    call.pages = call_.pages, call.lengths = call_.lengths;
    return call;
  }

  const DecodeStepCall& call_;
  const DecodeStepShape& shape_;
  std::int64_t taken_ = 0;
  /// Places in the workspace.
  std::int64_t normed_, heads_, queries_, attended_, middle_, projected_, inside_, gated_, scratch_;
};

}  // namespace

void decode_step(const DecodeStepCall& call, Stream stream) {
  DecodeStep(call).enqueue(stream);
}

std::int64_t decode_step_workspace(const DecodeStepShape& shape) {
  const DecodeStepCall call{.shape = shape};
  return DecodeStep(call).bytes();
}

}  // namespace pingjia::kernels::cuda
