#include "harness/record/completion.h"

#include <array>
#include <utility>

namespace pingjia::harness {

namespace {

constexpr std::array<std::pair<FailureClass, std::string_view>, 19> kFailures{{
    {FailureClass::kAuth, "auth"},
    {FailureClass::kPermission, "permission"},
    {FailureClass::kNotFound, "not_found"},
    {FailureClass::kBadRequest, "bad_request"},
    {FailureClass::kContextOverflow, "context_overflow"},
    {FailureClass::kContentFilter, "content_filter"},
    {FailureClass::kRateLimit, "rate_limit"},
    {FailureClass::kQuotaExhausted, "quota_exhausted"},
    {FailureClass::kOverloaded, "overloaded"},
    {FailureClass::kServer, "server"},
    {FailureClass::kConnect, "connect"},
    {FailureClass::kTimeoutConnect, "timeout_connect"},
    {FailureClass::kTimeoutIdle, "timeout_idle"},
    {FailureClass::kTimeoutTotal, "timeout_total"},
    {FailureClass::kTruncatedStream, "truncated_stream"},
    {FailureClass::kProtocol, "protocol"},
    {FailureClass::kEngineDied, "engine_died"},
    {FailureClass::kUnsupported, "unsupported"},
    {FailureClass::kCancelled, "cancelled"},
}};

constexpr std::array<std::pair<Finish, std::string_view>, 6> kFinishes{{
    {Finish::kUnknown, "unknown"},
    {Finish::kStop, "stop"},
    {Finish::kLength, "length"},
    {Finish::kToolCalls, "tool_calls"},
    {Finish::kContentFilter, "content_filter"},
    {Finish::kRefusal, "refusal"},
}};

}  // namespace

std::string_view failure_name(FailureClass failure) {
  for (const auto& [kind, name] : kFailures) {
    if (kind == failure) return name;
  }
  return "server";
}

std::optional<FailureClass> failure_class(std::string_view name) {
  for (const auto& [kind, known] : kFailures) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

bool is_retryable(FailureClass failure) {
  switch (failure) {
    case FailureClass::kRateLimit:
    case FailureClass::kOverloaded:
    case FailureClass::kServer:
    case FailureClass::kConnect:
    case FailureClass::kTimeoutConnect:
      return true;
    default:
      return false;
  }
}

bool is_worth_asking_again(FailureClass failure) {
  switch (failure) {
    case FailureClass::kBadRequest:
    case FailureClass::kContextOverflow:
    case FailureClass::kContentFilter:
    case FailureClass::kUnsupported:
      return false;
    default:
      return true;
  }
}

std::string_view finish_name(Finish finish) {
  for (const auto& [kind, name] : kFinishes) {
    if (kind == finish) return name;
  }
  return "unknown";
}

Finish finish_of(std::string_view name) {
  for (const auto& [kind, known] : kFinishes) {
    if (known == name) return kind;
  }
  return Finish::kUnknown;
}

std::optional<std::int64_t> Usage::total_input() const {
  if (!input) return std::nullopt;
  return *input + cache_read.value_or(0) + cache_write_5m.value_or(0) + cache_write_1h.value_or(0) +
         input_audio.value_or(0) + input_image.value_or(0);
}

std::optional<std::int64_t> Usage::total_output() const {
  if (!output) return std::nullopt;
  return *output + reasoning.value_or(0) + output_audio.value_or(0) + output_image.value_or(0);
}

}  // namespace pingjia::harness
