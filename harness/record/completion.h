#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// What went wrong with a request. A failure is never a wrong answer.
enum class FailureClass {
  kAuth,
  kPermission,
  kNotFound,
  kBadRequest,
  kContextOverflow,
  kContentFilter,
  kRateLimit,
  kQuotaExhausted,
  kOverloaded,
  kServer,
  kConnect,  ///< Name lookup, connection or TLS failed, or the peer reset before answering.
  kTimeoutConnect,
  kTimeoutIdle,      ///< Connected, but nothing came for as long as the adapter's own limit.
  kTimeoutTotal,     ///< The request's own limit (Request::timeout), whether or not anything came.
  kTruncatedStream,  ///< The stream ended without its terminator or finish reason.
  kProtocol,         ///< Bytes that the dialect does not allow.
  kEngineDied,       ///< The child process or managed server went away.
  kUnsupported,      ///< The adapter cannot do what the suite's protocol asks.
  kCancelled,        ///< By the user or a budget; a resumed run sends it again.
};

/// The name used in records, such as "rate_limit".
std::string_view failure_name(FailureClass failure);
/// The inverse; nothing for an unknown name.
std::optional<FailureClass> failure_class(std::string_view name);
/// Whether another attempt may succeed before any content has come: what OpenAI's SDK retries.
bool is_retryable(FailureClass failure);

/// Whether a resumed run asks again: another day, a mended key or a living engine may help. Not
/// where the same request would meet the same answer.
bool is_worth_asking_again(FailureClass failure);

struct Failure {
  FailureClass kind = FailureClass::kServer;
  int http_status = 0;                  ///< 0 where there was none.
  std::string message;                  ///< The provider's words, at most 2,000 bytes.
  std::optional<double> retry_after_s;  ///< The server's hint.
};

/// Why a completion ended. Anything a dialect does not map stays kUnknown, never success.
enum class Finish { kUnknown, kStop, kLength, kToolCalls, kContentFilter, kRefusal };

std::string_view finish_name(Finish finish);
Finish finish_of(std::string_view name);

/// Token counts as disjoint leaves: their sums are the provider's totals. Missing is unknown,
/// never zero.
struct Usage {
  std::optional<std::int64_t> input;  ///< Fresh input.
  std::optional<std::int64_t> cache_read;
  std::optional<std::int64_t> cache_write_5m;
  std::optional<std::int64_t> cache_write_1h;
  std::optional<std::int64_t> output;  ///< Visible output.
  std::optional<std::int64_t> reasoning;
  std::string maker;  ///< Who counted: server, worker, events, none.
  std::string raw;    ///< The provider's own JSON, verbatim.
  std::optional<std::int64_t> input_audio = {};
  std::optional<std::int64_t> input_image = {};
  std::optional<std::int64_t> output_audio = {};
  std::optional<std::int64_t> output_image = {};
  bool adds_up = true;  ///< The leaves sum to the provider's totals, where it gave any.
  std::string reported_usd =
      {};  ///< What the provider says it cost, decimal; empty where it does not.

  /// Sum of the input leaves; unknown when `input` is.
  std::optional<std::int64_t> total_input() const;
  /// Sum of the output leaves; unknown when `output` is.
  std::optional<std::int64_t> total_output() const;
};

/// Text that arrived in one read of the transport.
struct Arrival {
  Nanos at = 0;             ///< Clock read before the bytes were touched.
  std::int32_t events = 0;  ///< Content events (deltas) in this read.
};

/// When things happened, all on CLOCK_MONOTONIC of the client. `due` is the driver's.
struct Timeline {
  Nanos due = 0;                       ///< When the plan wanted it sent.
  Nanos sent = 0;                      ///< Handed to the transport.
  std::optional<Nanos> first_byte;     ///< First byte of the reply (headers): TTFB, never TTFT.
  std::optional<Nanos> first_event;    ///< First event with a choice, even without text.
  std::optional<Nanos> first_token;    ///< First text, reasoning included.
  std::optional<Nanos> first_visible;  ///< First text that is not reasoning.
  std::optional<Nanos> last_token;     ///< Last text.
  Nanos done = 0;                      ///< The answer was complete, or failed.
  std::vector<Arrival> arrivals;       ///< Of content, in order.
};

/// What the engine says of its own time; durations only, never compared as instants.
struct ServerTimings {
  std::optional<double> queue_s;
  std::optional<double> prefill_s;  ///< Spent on this request's input.
  std::optional<double> decode_s;   ///< Spent on its output.
  std::string maker;
  /// Shares of the engine's steps, which sum over requests to the time it worked. Else each is one
  /// request's own time, during which others were served as well: such sums mean nothing.
  bool additive = false;
};

/// Log-likelihood of one continuation.
struct ContinuationScore {
  double loglikelihood = 0;  ///< Natural log, summed over the continuation's tokens.
  int tokens = 0;
  int bytes = 0;
  bool greedy = false;  ///< Every token was the most likely one.
};

/// The one answer to a request.
struct Completion {
  std::string text;
  std::string reasoning;
  Finish finish = Finish::kUnknown;
  std::string finish_raw;  ///< As the provider spelt it.
  Usage usage;
  Timeline timeline;
  ServerTimings server;
  std::vector<ContinuationScore> scores;
  std::optional<Failure> failure;
  std::string model;         ///< As the reply named it.
  std::string service_tier;  ///< The one that served, as the reply says; empty where it does not.
  bool reused_connection = false;
  std::vector<std::string> notes;  ///< Oddities of the reply that are no failure.
};

}  // namespace pingjia::harness
