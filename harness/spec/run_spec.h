#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pingjia::harness {

/// One system to run: an adapter with its options, and what its time or tokens cost.
struct SystemSpec {
  std::string name;
  std::string adapter;
  std::string options = "{}";  ///< JSON object, checked by the adapter.
  std::string price;           ///< JSON object of prices per million tokens; empty: look it up.
  std::string hardware;        ///< JSON object of a machine and its rate; empty: none.
};

/// One suite under one protocol.
struct SuiteSpec {
  std::string suite;
  std::string protocol;              ///< Empty: the suite's first.
  std::optional<std::size_t> limit;  ///< A seeded subset of this many samples.
  std::optional<int> repeats;        ///< How often each is asked; nothing: as the protocol says.
  std::optional<double> half_width;  ///< Repeats end when the interval is no wider than this.
  std::string since;                 ///< Only samples dated from here …
  std::string until;                 ///< … to here, inclusive.
  std::vector<std::string> exclude;  ///< Ids of samples left out.
  std::vector<std::string> systems;  ///< Empty: all.
};

enum class LoadMode { kClosed, kConstant, kPoisson };

/// When requests are due. Closed: `concurrency` are always in flight. Open: at `rate` per second,
/// evenly or as a Poisson process, whatever the answers do, with at most `max_in_flight` at once.
struct Load {
  LoadMode mode = LoadMode::kClosed;
  int concurrency = 8;
  double rate = 0;
  int max_in_flight = 256;
  int warmup = 0;  ///< Requests sent to each system before the clock starts, not recorded.

  int most_in_flight() const { return mode == LoadMode::kClosed ? concurrency : max_in_flight; }
};

/// A run file, checked whole.
struct RunSpec {
  std::string name;
  std::uint64_t seed = 1;
  std::vector<SystemSpec> systems;
  std::vector<SuiteSpec> suites;
  Load load;
  int retries = 0;                        ///< Further attempts after a retryable failure.
  double timeout_s = 600;                 ///< Per request; 0 is none.
  double idle_baseline_s = 5;             ///< Power is watched so long before the first system.
  std::optional<std::string> budget_usd;  ///< Decimal text; the run drains when it is spent.
  std::string data;                       ///< Folder of external data; relative to `base`.
  std::filesystem::path base;             ///< The run file's folder; relative paths start here.
};

/// Reads a run file. Throws Error for a missing file, bad JSON, unknown keys, wrong types or
/// values, repeated system names, a suite naming an unknown system.
RunSpec load_run_spec(const std::filesystem::path& file);

/// The same from a parsed object; `where` names it in errors.
RunSpec run_spec_from_json(const nlohmann::json& object, const std::string& where);

/// The run file as resolved, defaults filled in; `run_spec_from_json` reads it back.
nlohmann::json to_json(const RunSpec& spec);

}  // namespace pingjia::harness
