#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/engines/worker_options.h"
#include "harness/record/completion.h"
#include "harness/spec/request.h"

namespace pingjia::adapters::engines {

/// What pingjia writes to a child (adapters/README.md), line by line.
struct HelloLine {
  int protocol = 0;
};
struct LoadLine {
  WorkerOptions options;
};
/// generate or loglikelihood, by `request.mode`.
struct RequestLine {
  harness::Request request;
  std::string prompt;   ///< Used as it is, control tokens and all, when there are no messages.
  bool seeded = false;  ///< The line brought a seed.
};
struct CancelLine {
  std::string id;
};
struct StatsLine {};
struct ShutdownLine {};
/// A line that cannot be answered otherwise; `id` is empty where none could be read.
struct BadLine {
  std::string id;
  std::string kind;
  std::string message;
};

using WorkerLine =
    std::variant<HelloLine, LoadLine, RequestLine, CancelLine, StatsLine, ShutdownLine, BadLine>;

/// Never throws.
WorkerLine parse_worker_line(std::string_view line);

/// How one request's time was spent, in nanoseconds.
struct RequestTimings {
  std::int64_t queue = 0;
  std::int64_t prefill = 0;
  std::int64_t decode = 0;
};

struct RequestUsage {
  std::int64_t input = 0;  ///< Without `cache_read`.
  std::int64_t cache_read = 0;
  std::int64_t output = 0;
};

/// Lines of the worker, without the newline.
std::string hello_line(const std::string& version);
/// Without the hash of the weights: the engine under test is not asked to vouch for them.
std::string ready_line(const std::string& model, const std::string& device,
                       const std::string& details);
std::string delta_line(const std::string& id, const std::string& text, int tokens,
                       std::int64_t t_ns);
std::string done_line(const std::string& id, const std::string& finish, const RequestUsage& usage,
                      const RequestTimings& timings);
std::string scores_line(const std::string& id,
                        const std::vector<harness::ContinuationScore>& scores,
                        const RequestUsage& usage, const RequestTimings& timings);
/// Without `id` the error is of loading.
std::string error_line(const std::string* id, const std::string& kind, const std::string& message);
std::string stats_line(const std::string& details);

}  // namespace pingjia::adapters::engines
