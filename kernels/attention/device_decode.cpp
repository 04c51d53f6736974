#include "kernels/attention/attention_trial.h"
#include "kernels/attention/device_attention.h"
#include "kernels/attention/mla_decode_cuda.h"
#include "kernels/attention/paged_decode_cuda.h"
#include "kernels/attention/shuffled_pages.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr std::int64_t kPageSize = 64;

/// The tensor [batch, length, row] as pages in the places that `pages` names; what is left of a
/// last page is NaN.
Guarded in_pages(const Guarded& dense, const std::vector<int>& pages, std::int64_t batch,
                 std::int64_t length, std::int64_t row_bytes) {
  Guarded paged(std::ssize(pages) * kPageSize * row_bytes);
  const std::int64_t pages_each = std::ssize(pages) / batch;
  for (std::int64_t i = 0; i < std::ssize(pages); ++i) {
    const std::int64_t sequence = i / pages_each, first = i % pages_each * kPageSize;
    const std::int64_t rows = std::min(kPageSize, length - first);
    const std::byte* from = dense.as<std::byte>() + (sequence * length + first) * row_bytes;
    std::copy_n(from, rows * row_bytes,
                paged.as<std::byte>() + pages[static_cast<std::size_t>(i)] * kPageSize * row_bytes);
  }
  return paged;
}

int splits_of(std::int64_t blocks, std::int64_t longest) {
  return decode_splits(static_cast<int>(blocks), static_cast<int>(longest),
                       first_device().device->multiprocessors);
}

/// What the calls of both kinds of cache have in common.
template <class Call>
Call call_over(const PagedCache& cache) {
  Call call;
  call.q = cache.q, call.out = cache.out;
  call.pages = cache.pages, call.lengths = cache.lengths;
  call.batch = static_cast<int>(cache.shape.batch);
  call.tokens = static_cast<int>(cache.shape.query_length);
  call.most_pages = static_cast<int>(cache.pages_each);
  call.page_size = static_cast<int>(cache.page_size);
  call.scale = static_cast<float>(cache.shape.scale());
  return call;
}

class OurPagedDecode final : public DeviceDecode {
 public:
  explicit OurPagedDecode(const PagedCache& cache) : call_(call_over<PagedDecodeCall>(cache)) {
    const AttentionShape& shape = cache.shape;
    call_.query_heads = static_cast<int>(shape.query_heads);
    call_.kv_heads = static_cast<int>(shape.kv_heads);
    call_.width = static_cast<int>(shape.key_width);
    call_.window = static_cast<int>(shape.window);
    call_.splits =
        splits_of(shape.batch * shape.kv_heads * paged_decode_blocks(call_), shape.key_length);
    scratch_ = Memory(4 * std::max<std::int64_t>(1, paged_decode_scratch(call_)));
    call_.scratch = scratch_.as<float>();
  }

  void enqueue(const std::uint16_t* key_pages, const std::uint16_t* value_pages,
               Stream stream) override {
    call_.key_pages = key_pages;
    call_.value_pages = value_pages;
    paged_decode_attention(call_, stream);
  }
  bool is_intact() const override { return scratch_.is_intact(); }

 private:
  PagedDecodeCall call_;
  Memory scratch_;
};

class OurLatentDecode final : public DeviceDecode {
 public:
  explicit OurLatentDecode(const PagedCache& cache) : call_(call_over<MlaDecodeCall>(cache)) {
    const AttentionShape& shape = cache.shape;
    const bool large = first_device().device->shared_bytes >= (160 << 10);
    const int heads_of_block = large ? 64 : 32;
    const std::int64_t blocks = (shape.query_heads * shape.query_length - 1) / heads_of_block + 1;
    call_.heads = static_cast<int>(shape.query_heads);
    call_.splits = splits_of(shape.batch * blocks, shape.key_length);
    call_.heads_of_block = heads_of_block;
    scratch_ = Memory(4 * std::max<std::int64_t>(1, mla_decode_scratch(call_)));
    call_.scratch = scratch_.as<float>();
  }

  void enqueue(const std::uint16_t* key_pages, const std::uint16_t* /*value_pages*/,
               Stream stream) override {
    call_.key_pages = key_pages;
    mla_decode_attention(call_, stream);
  }
  bool is_intact() const override { return scratch_.is_intact(); }

 private:
  MlaDecodeCall call_;
  Memory scratch_;
};

class DecodeTrial final : public DeviceTrial {
 public:
  DecodeTrial(const AttentionShape& shape, const DecodeMaker& maker)
      : DeviceTrial(2 * (shape.key_elements() + shape.value_elements())),
        shape_(shape),
        host_q_(shape.query_elements() * 2),
        host_k_(shape.key_elements() * 2),
        host_v_(shape.value_elements() * 2),
        out_(shape.output_elements() * 2) {
    fill_normals(host_q_.span<Bf16>(), "attention/q");
    fill_normals(host_k_.span<Bf16>(), "attention/k");
    fill_normals(host_v_.span<Bf16>(), "attention/v");
    const std::int64_t pages_each = (shape.key_length + kPageSize - 1) / kPageSize;
    const std::vector<int> pages = shuffled_pages(shape.batch * pages_each);
    const std::vector<int> lengths(static_cast<std::size_t>(shape.batch),
                                   static_cast<int>(shape.key_length));
    pages_ = on_device(pages);
    lengths_ = on_device(lengths);
    q_ = operand_on_device(host_q_.memory());
    const auto rotate = [&](const Guarded& dense, std::int64_t width) {
      const Guarded paged =
          in_pages(dense, pages, shape.batch, shape.key_length, shape.kv_heads * width * 2);
      return Rotating(paged.memory(), copies());
    };
    keys_ = rotate(host_k_, shape.key_width);
    if (!shape.values_in_keys) values_ = rotate(host_v_, shape.value_width);
    decode_ = maker.make({.shape = shape,
                          .page_size = kPageSize,
                          .pages_each = pages_each,
                          .q = q_.as<std::uint16_t>(),
                          .out = out_.as<std::uint16_t>(),
                          .pages = pages_.as<int>(),
                          .lengths = lengths_.as<int>()});
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !keys_.is_intact() || !values_.is_intact() || !decode_->is_intact()) {
      return "wrote beside its buffers";
    }
    std::vector<Bf16> out = on_host<Bf16>(out_);
    return attention_fault(shape_, host_q_.as<Bf16>(), host_k_.as<Bf16>(), host_v_.as<Bf16>(), out);
  }

 private:
  void enqueue(int copy, Stream stream) override {
    decode_->enqueue(keys_.as<std::uint16_t>(copy),
                     shape_.values_in_keys ? nullptr : values_.as<std::uint16_t>(copy), stream);
  }

  AttentionShape shape_;
  Guarded host_q_, host_k_, host_v_;
  Memory q_, pages_, lengths_, out_;
  Rotating keys_, values_;
  std::unique_ptr<DeviceDecode> decode_;
};

}  // namespace

DecodeMaker our_decode(const AttentionShape& shape) {
  if (shape.values_in_keys) {
    return {"pingjia sm_80", true, "",
            [](const PagedCache& cache) { return std::make_unique<OurLatentDecode>(cache); }};
  }
  const bool has_width = shape.key_width == 64 || shape.key_width == 128;
  return {"pingjia sm_80", true, has_width ? "" : "widths are 64 and 128",
          [](const PagedCache& cache) { return std::make_unique<OurPagedDecode>(cache); }};
}

Case paged_decode_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                       const DecodeMaker& maker) {
  Case wanted = attention_case(op, model, shape, {});
  wanted.row.shape["page_size"] = kPageSize;
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.absent = maker.absent;
  wanted.cache = "cold";
  wanted.prepare = [shape, maker](Threads&) { return std::make_unique<DecodeTrial>(shape, maker); };
  return wanted;
}

}  // namespace pingjia::kernels::cuda
