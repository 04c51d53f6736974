#include <numeric>

#include "harness/base/rng.h"
#include "kernels/attention/attention_trial.h"
#include "kernels/attention/device_attention.h"
#include "kernels/attention/mla_decode_cuda.h"
#include "kernels/attention/paged_decode_cuda.h"
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

std::vector<int> shuffled_pages(std::int64_t count) {
  std::vector<int> pages(static_cast<std::size_t>(count));
  std::iota(pages.begin(), pages.end(), 0);
  harness::Rng rng(1, "attention/pages");
  rng.shuffle(pages);
  return pages;
}

class DecodeTrial final : public DeviceTrial {
 public:
  explicit DecodeTrial(const AttentionShape& shape)
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
    shape.values_in_keys ? plan_latent(pages_each) : plan_grouped(pages_each);
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !keys_.is_intact() || !scratch_.is_intact()) {
      return "wrote beside its buffers";
    }
    std::vector<Bf16> out = on_host<Bf16>(out_);
    return attention_fault(shape_, host_q_.as<Bf16>(), host_k_.as<Bf16>(), host_v_.as<Bf16>(), out);
  }

 private:
  int splits_of(std::int64_t blocks) const {
    return decode_splits(static_cast<int>(blocks), static_cast<int>(shape_.key_length),
                         first_device().device->multiprocessors);
  }
  void plan_grouped(std::int64_t pages_each) {
    grouped_ = {.q = q_.as<std::uint16_t>(),
                .out = out_.as<std::uint16_t>(),
                .pages = pages_.as<int>(),
                .lengths = lengths_.as<int>(),
                .batch = static_cast<int>(shape_.batch),
                .tokens = static_cast<int>(shape_.query_length),
                .most_pages = static_cast<int>(pages_each),
                .page_size = kPageSize,
                .query_heads = static_cast<int>(shape_.query_heads),
                .kv_heads = static_cast<int>(shape_.kv_heads),
                .width = static_cast<int>(shape_.key_width),
                .scale = static_cast<float>(shape_.scale()),
                .window = static_cast<int>(shape_.window)};
    grouped_.splits = splits_of(shape_.batch * shape_.kv_heads * paged_decode_blocks(grouped_));
    scratch_ = Memory(4 * std::max<std::int64_t>(1, paged_decode_scratch(grouped_)));
    grouped_.scratch = scratch_.as<float>();
  }
  void plan_latent(std::int64_t pages_each) {
    const bool large = first_device().device->shared_bytes >= (160 << 10);
    const int heads_of_block = large ? 64 : 32;
    const std::int64_t rows = shape_.query_heads * shape_.query_length;
    latent_ = {.q = q_.as<std::uint16_t>(),
               .out = out_.as<std::uint16_t>(),
               .pages = pages_.as<int>(),
               .lengths = lengths_.as<int>(),
               .batch = static_cast<int>(shape_.batch),
               .tokens = static_cast<int>(shape_.query_length),
               .most_pages = static_cast<int>(pages_each),
               .page_size = kPageSize,
               .heads = static_cast<int>(shape_.query_heads),
               .scale = static_cast<float>(shape_.scale()),
               .splits = splits_of(shape_.batch * ((rows - 1) / heads_of_block + 1)),
               .heads_of_block = heads_of_block};
    scratch_ = Memory(4 * std::max<std::int64_t>(1, mla_decode_scratch(latent_)));
    latent_.scratch = scratch_.as<float>();
  }
  void enqueue(int copy, Stream stream) override {
    if (shape_.values_in_keys) {
      latent_.key_pages = keys_.as<std::uint16_t>(copy);
      return mla_decode_attention(latent_, stream);
    }
    grouped_.key_pages = keys_.as<std::uint16_t>(copy);
    grouped_.value_pages = values_.as<std::uint16_t>(copy);
    paged_decode_attention(grouped_, stream);
  }

  AttentionShape shape_;
  Guarded host_q_, host_k_, host_v_;
  Memory q_, pages_, lengths_, out_, scratch_;
  Rotating keys_, values_;
  PagedDecodeCall grouped_;
  MlaDecodeCall latent_;
};

}  // namespace

Case paged_decode_case(const std::string& op, const std::string& model,
                       const AttentionShape& shape) {
  Case wanted = attention_case(op, model, shape, {});
  wanted.row.shape["page_size"] = kPageSize;
  wanted.row.implementation = "pingjia sm_80";
  wanted.row.ours = true;
  wanted.cache = "cold";
  const bool has_width = shape.key_width == 64 || shape.key_width == 128;
  if (!shape.values_in_keys && !has_width) wanted.absent = "widths are 64 and 128";
  wanted.prepare = [shape](Threads&) { return std::make_unique<DecodeTrial>(shape); };
  return wanted;
}

}  // namespace pingjia::kernels::cuda
