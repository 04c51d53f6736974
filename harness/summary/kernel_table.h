#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pingjia::harness {

/// A bandwidth or a rate that a machine reached, or that its maker promises: what kernels are
/// measured against.
struct KernelRoof {
  std::string name;   ///< "dram", "fp32", "bf16", "int8", …; unique in a table.
  double value = 0;   ///< Above 0.
  std::string unit;   ///< "B/s" or "FLOP/s" (operations of integers count as FLOP).
  std::string maker;  ///< "STREAM triad, 2 threads", "tdpbf16ps loop, 2 threads", "data sheet".

  bool is_bandwidth() const { return unit == "B/s"; }
};

/// One call of a kernel, from the samples that were kept: seconds, or cycles.
struct KernelTimes {
  std::int64_t samples = 0;  ///< 1 or more.
  double median = 0;
  double low = 0;  ///< 95 % interval of the median, by bootstrap.
  double high = 0;
  double quartile1 = 0;
  double quartile3 = 0;

  /// Under 6 samples no interval of a median holds it with 95 % (1 - 2 / 2^6 = 0.97): low and high
  /// then say nothing.
  bool has_interval() const { return samples >= 6; }
};

/// One op on one shape by one implementation.
struct KernelRow {
  enum Status {
    kOk,
    kRejected,  ///< Measured, and not believed: `reason`, such as "104 % of the roof dram".
    kAbsent,    ///< The library or the instruction is not on this machine.
    kFailed,    ///< Its output differed from the reference, or it stopped.
  };

  std::string op;                             ///< "attention/prefill"
  std::string type;                           ///< "bf16"
  std::string model;                          ///< The named shape's model, or "random".
  std::map<std::string, std::int64_t> shape;  ///< {"batch": 1, "query_length": 512, …}
  std::string implementation;                 ///< "pingjia amx", "onednn", "openblas", "ggml", …
  bool ours = false;
  std::string cache;  ///< "hot": operands stay in the caches; "cold": they come from memory.
  Status status = kOk;
  std::string reason;  ///< Empty where status is kOk.

  double flops = 0;                    ///< Of one call, at least.
  double bytes = 0;                    ///< Of one call through memory, at least.
  std::optional<KernelTimes> seconds;  ///< Always where status is kOk.
  std::optional<KernelTimes> cycles;   ///< Of the core's clock; of as many samples as `seconds`.
  std::optional<double> clock_hz;
  /// Seconds of a call by other clocks than that of `seconds`, by name: "cupti", "events".
  std::map<std::string, double> other_clocks;
  std::optional<double> joules;
  /// The roof that limits this row, and the share of it reached: least time under it / median.
  std::optional<std::string> roof;
  std::optional<double> roof_fraction;

  std::int64_t first_sample = 0;  ///< Place of its first number in kernels.samples.
};

/// What `pingjia-kernels --out DIR` writes as DIR/kernels.json.
struct KernelTable {
  std::map<std::string, std::string> context;  ///< Processor, clocks, driver, build, …
  std::vector<KernelRoof> roofs;
  std::vector<KernelRow> rows;
};

/// "op/type/model/key:value/…/cache/implementation", keys in order of the alphabet: the same row
/// of another run has the same name.
std::string kernel_row_name(const KernelRow& row);

/// "ok", "rejected", "absent", "failed".
std::string kernel_status_name(KernelRow::Status status);

/// With schema_version 1.
nlohmann::json kernel_table_to_json(const KernelTable& table);

/// Unknown keys are passed over. Throws Error naming `where` and the place in it for a missing or
/// wrong value, a newer schema, a roof that is not in the table, or two rows of one name.
KernelTable kernel_table_from_json(const nlohmann::json& json, const std::string& where);

}  // namespace pingjia::harness
