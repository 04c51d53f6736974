#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports::fixture {

namespace {

using harness::KernelRoof;
using harness::KernelRow;
using harness::KernelTable;
using harness::KernelTimes;
using Shape = std::map<std::string, std::int64_t>;

/// Who does an op, and what share of the roof on large shapes.
struct Maker {
  const char* name;
  bool ours;
  double share;
};

const std::vector<Maker> kMakers{{"pingjia amx", true, 0.74},
                                 {"pingjia avx512", true, 0.41},
                                 {"onednn", false, 0.62},
                                 {"openblas", false, 0.38},
                                 {"ggml", false, 0.23}};

struct Work {
  std::string op;
  std::string type;
  std::string model;
  Shape shape;
  double flops;
  double bytes;
};

const KernelRoof& limit_of(const KernelTable& table, const Work& work) {
  const KernelRoof& dram = table.roofs[0];
  const auto rate = std::find_if(table.roofs.begin(), table.roofs.end(),
                                 [&](const auto& roof) { return roof.name == work.type; });
  return work.flops / rate->value > work.bytes / dram.value ? *rate : dram;
}

void add(KernelTable& table, harness::Rng& rng, const Work& work, const Maker& maker,
         const std::string& cache) {
  const KernelRoof& roof = limit_of(table, work);
  // Everybody has an op that suits them less or more.
  const double suits = maker.name == std::string("onednn") && work.type == "int8" ? 1.4 : 1;
  const double share = suits * maker.share * (cache == "hot" ? 1.1 : 1);
  const double least = (roof.is_bandwidth() ? work.bytes : work.flops) / roof.value;
  // Short calls pay for their start: 4 us.
  const double seconds = (least / share + 4e-6) * std::exp(0.03 * rng.normal());
  KernelRow row;
  row.op = work.op;
  row.type = work.type;
  row.model = work.model;
  row.shape = work.shape;
  row.implementation = maker.name;
  row.ours = maker.ours;
  row.cache = cache;
  row.flops = work.flops;
  row.bytes = work.bytes;
  row.seconds =
      KernelTimes{40, seconds, 0.98 * seconds, 1.03 * seconds, 0.97 * seconds, 1.05 * seconds};
  row.clock_hz = 2.6e9;
  row.roof = roof.name;
  row.roof_fraction = least / seconds;
  table.rows.push_back(row);
}

std::vector<Work> prefill() {
  std::vector<Work> list;
  for (const auto& [model, heads] : {std::pair{"Llama-3.1-8B", 32}, std::pair{"Qwen3-32B", 64}}) {
    for (const int length : {128, 512, 2048, 4096}) {
      const double flops = 2.0 * heads * length * length / 2 * 256;
      const double bytes = 2.0 * length * (heads + 8) * 256;
      list.push_back({"attention/prefill",
                      "bf16",
                      model,
                      {{"batch", 1},
                       {"head_width", 128},
                       {"kv_heads", 8},
                       {"query_heads", heads},
                       {"query_length", length}},
                      flops,
                      bytes});
    }
  }
  return list;
}

std::vector<Work> decode() {
  std::vector<Work> list;
  for (const std::int64_t batch : {1, 8, 64}) {
    for (const std::int64_t length : {1024, 8192}) {
      const double keys = static_cast<double>(batch * length);
      list.push_back({"attention/decode",
                      "bf16",
                      "Llama-3.1-8B",
                      {{"batch", batch},
                       {"head_width", 128},
                       {"key_length", length},
                       {"kv_heads", 8},
                       {"query_heads", 32}},
                      2 * keys * 32 * 256,
                      2 * keys * 8 * 256});
    }
  }
  return list;
}

std::vector<Work> products(const std::string& type, double element) {
  std::vector<Work> list;
  for (const std::int64_t m : {1, 16, 256, 4096}) {
    const double k = 4096;
    const double n = 6144;
    const auto rows = static_cast<double>(m);
    list.push_back({"gemm/dense",
                    type,
                    "Llama-3.1-8B",
                    {{"k", 4096}, {"m", m}, {"n", 6144}},
                    2 * rows * n * k,
                    element * (rows * k + n * k + rows * n)});
  }
  return list;
}

// Ours may do what no library does.
std::vector<Work> permutations() {
  std::vector<Work> list;
  for (const std::int64_t tokens : {16, 256, 4096}) {
    list.push_back({"moe/permute",
                    "bf16",
                    "Mixtral-8x7B",
                    {{"experts", 8}, {"hidden", 4096}, {"tokens", tokens}, {"top_k", 2}},
                    0,
                    2.0 * static_cast<double>(tokens) * 2 * 4096 * 2});
  }
  return list;
}

void spoil(KernelTable& table) {
  KernelRow& fast = table.rows[7];
  fast.status = KernelRow::kRejected;
  fast.roof_fraction = 1.04;
  fast.reason = "104 % of the roof bf16: faster than this machine can";
  KernelRow& wrong = table.rows[12];
  wrong.status = KernelRow::kFailed;
  wrong.reason = "differs from the reference by 0.3 at <b>[0, 17]</b>";
  wrong.seconds.reset();
  wrong.roof_fraction.reset();
  for (std::size_t i = 0; i < 3; ++i) {
    KernelRow absent = table.rows[i * kMakers.size()];
    absent.implementation = "blis";
    absent.ours = false;
    absent.status = KernelRow::kAbsent;
    absent.reason = "libblis.so.4 is not installed";
    absent.seconds.reset();
    absent.roof_fraction.reset();
    table.rows.push_back(absent);
  }
}

}  // namespace

harness::RunView kernels() {
  harness::Rng rng(6, "kernels");
  KernelTable table;
  table.context = {{"build", "release"},
                   {"processor", "an invented processor <script>alert(1)</script>"},
                   {"threads", "2"}};
  table.roofs = {{"dram", 2.4e10, "B/s", "STREAM triad, 2 threads"},
                 {"bf16", 2.9e12, "FLOP/s", "tdpbf16ps loop, 2 threads"},
                 {"int8", 5.7e12, "FLOP/s", "tdpbssd loop, 2 threads"},
                 {"fp32", 2.1e11, "FLOP/s", "vfmadd231ps loop, 2 threads"}};
  for (const auto& work : prefill()) {
    for (const auto& maker : kMakers) add(table, rng, work, maker, "cold");
  }
  for (const auto& work : decode()) {
    for (const auto& maker : kMakers) {
      if (maker.name != std::string("openblas")) add(table, rng, work, maker, "cold");
    }
  }
  for (const auto& [type, element] : {std::pair{"bf16", 2.0}, std::pair{"int8", 1.0}}) {
    for (const auto& work : products(type, element)) {
      for (const char* cache : {"cold", "hot"}) {
        for (const auto& maker : kMakers) add(table, rng, work, maker, cache);
      }
    }
  }
  for (const auto& work : permutations()) add(table, rng, work, kMakers[1], "cold");
  spoil(table);
  harness::RunView view;
  view.name = "kernels";
  view.directory = "runs/kernels";
  view.kernels = std::move(table);
  view.kernels_only = true;
  return view;
}

}  // namespace pingjia::reports::fixture
