#include "kernels/attention/paged_trial.h"

#include "kernels/attention/flash.h"
#include "kernels/attention/reference.h"
#include "kernels/attention/shuffled_pages.h"
#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

class PagedTrial final : public Trial {
 public:
  PagedTrial(Isa isa, const AttentionShape& shape, std::int64_t page_size, bool sinks,
             Threads& threads)
      : shape_(shape),
        pages_(shape.batch * ((shape.key_length + page_size - 1) / page_size)),
        q_(shape.query_elements() * 2),
        k_(pages_ * page_size * shape.kv_heads * shape.key_width * 2),
        v_(pages_ * page_size * shape.kv_heads * shape.value_width * 2),
        out_(shape.output_elements() * 2),
        flash_(isa, threads, shape.key_width, shape.value_width) {
    fill_normals(q_.span<Bf16>(), "paged/q");
    fill_normals(k_.span<Bf16>(), "paged/k");
    fill_normals(v_.span<Bf16>(), "paged/v");
    table_ = shuffled_pages(pages_);
    if (sinks) sinks_.assign(static_cast<std::size_t>(shape.query_heads), 1);
    make_problems(page_size);
  }

  void run() override { flash_.run(problems_); }

  std::optional<std::string> check() override {
    if (!q_.is_intact() || !k_.is_intact() || !v_.is_intact() || !out_.is_intact()) {
      return "wrote beside its buffers";
    }
    std::vector<float> actual;
    std::vector<double> expected, row(static_cast<std::size_t>(shape_.value_width));
    for (const std::size_t i : {std::size_t{0}, problems_.size() / 2, problems_.size() - 1}) {
      const AttentionProblem& problem = problems_[i];
      for (std::int64_t at = 0; at < problem.rows(); ++at) {
        attention_row_reference(problem, at, shape_.key_width, shape_.value_width, row.data());
        expected.insert(expected.end(), row.begin(), row.end());
        const Bf16* out = problem.out + at / problem.group * problem.out_stride +
                          at % problem.group * shape_.value_width;
        for (std::int64_t j = 0; j < shape_.value_width; ++j) actual.push_back(to_float(out[j]));
      }
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

  std::vector<std::span<const std::byte>> operands() const override {
    return {q_.memory(), k_.memory(), v_.memory()};
  }

 private:
  void make_problems(std::int64_t page_size) {
    problems_ = problems_of(shape_, q_.as<Bf16>(), k_.as<Bf16>(), v_.as<Bf16>(), out_.as<Bf16>());
    const std::int64_t group = shape_.query_heads / shape_.kv_heads;
    for (std::size_t i = 0; i < problems_.size(); ++i) {
      AttentionProblem& problem = problems_[i];
      const auto sequence = static_cast<std::int64_t>(i) / shape_.kv_heads;
      const auto head = static_cast<std::int64_t>(i) % shape_.kv_heads;
      problem.keys = k_.as<Bf16>() + head * shape_.key_width;
      problem.values = v_.as<Bf16>() + head * shape_.value_width;
      problem.pages = table_.data() + sequence * (pages_ / shape_.batch);
      problem.page_size = page_size;
      problem.page_keys = page_size * problem.key_stride;
      problem.page_values = page_size * problem.value_stride;
      if (!sinks_.empty()) problem.sinks = sinks_.data() + head * group;
    }
  }

  AttentionShape shape_;
  std::int64_t pages_;
  Guarded q_, k_, v_, out_;
  std::vector<std::int32_t> table_;
  std::vector<float> sinks_;
  FlashAttention flash_;
  std::vector<AttentionProblem> problems_;
};

}  // namespace

Case paged_case(const std::string& model, const AttentionShape& shape, Isa isa,
                std::int64_t page_size, bool sinks) {
  Case wanted;
  wanted.row.op = "attention/paged_decode";
  wanted.row.type = "bf16";
  wanted.row.model = model;
  wanted.row.shape = {
      {"batch", shape.batch}, {"key_length", shape.key_length},   {"kv_heads", shape.kv_heads},
      {"page", page_size},    {"query_heads", shape.query_heads}, {"width", shape.key_width}};
  wanted.row.implementation = "pingjia " + std::string(name(isa));
  wanted.row.ours = true;
  wanted.row.flops = shape.flops();
  const std::int64_t entries = shape.batch * ((shape.key_length + page_size - 1) / page_size);
  wanted.row.bytes = shape.minimum_bytes(sizeof(Bf16)) + 4.0 * static_cast<double>(entries);
  wanted.memory_bytes = wanted.row.bytes;
  wanted.cache = "cold";
  wanted.prepare = [isa, shape, page_size, sinks](Threads& threads) {
    return std::make_unique<PagedTrial>(isa, shape, page_size, sinks, threads);
  };
  return wanted;
}

}  // namespace pingjia::kernels
