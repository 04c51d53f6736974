#include "adapters/process_protocol.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/version.h"

namespace pingjia::adapters {

using harness::Usage;
using nlohmann::json;

namespace {

constexpr std::size_t kLongestMessage = 2000;

// Texts of a suite are valid UTF-8; a replayed or hand-made one may not be, and must not throw.
std::string line_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

json messages_json(const harness::Request& request) {
  json messages = json::array();
  for (const auto& message : request.messages) {
    messages.push_back({{"role", message.role}, {"content", message.content}});
  }
  return messages;
}

template <class T>
std::optional<T> optional_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->template get<T>();
}

std::optional<std::int64_t> count_of(const json& object, const char* name) {
  const auto count = optional_of<std::int64_t>(object, name);
  if (count && *count < 0) throw std::runtime_error(std::string(name) + " is negative");
  return count;
}

Usage usage_of(const json& line) {
  Usage usage;
  const auto found = line.find("usage");
  if (found == line.end() || found->is_null()) return usage;
  usage.input = count_of(*found, "input");
  usage.cache_read = count_of(*found, "cache_read");
  usage.output = count_of(*found, "output");
  usage.reasoning = count_of(*found, "reasoning");
  usage.maker = "worker";
  usage.raw = found->dump();
  return usage;
}

harness::ServerTimings timings_of(const json& line) {
  harness::ServerTimings timings;
  const auto found = line.find("timings");
  if (found == line.end() || found->is_null()) return timings;
  const auto seconds = [&](const char* name) -> std::optional<double> {
    const auto nanos = count_of(*found, name);
    if (!nanos) return std::nullopt;
    return harness::seconds(*nanos);
  };
  timings.queue_s = seconds("queue_ns");
  timings.prefill_s = seconds("prefill_ns");
  timings.decode_s = seconds("decode_ns");
  timings.maker = "worker";
  timings.additive = true;
  return timings;
}

std::string details_of(const json& line) {
  const auto found = line.find("details");
  return found != line.end() && found->is_object() ? found->dump() : "{}";
}

HelloLine hello_of(const json& line) {
  HelloLine hello;
  hello.protocol = line.at("protocol");
  hello.name = line.at("name");
  hello.version = line.value("version", "");
  hello.capabilities = line.at("capabilities").get<std::vector<std::string>>();
  hello.test_double = line.value("test_double", false);
  return hello;
}

ReadyLine ready_of(const json& line) {
  return {line.at("model"), line.value("model_sha256", ""), line.value("device", ""),
          details_of(line)};
}

DeltaLine delta_of(const json& line) {
  DeltaLine delta;
  delta.id = line.at("id");
  delta.text = line.at("text");
  delta.tokens = count_of(line, "tokens");
  delta.t_ns = count_of(line, "t_ns");
  delta.reasoning = line.value("reasoning", false);
  return delta;
}

ScoresLine scores_of(const json& line) {
  ScoresLine scores;
  scores.id = line.at("id");
  for (const json& score : line.at("scores")) {
    const double likelihood = score.at("loglikelihood");
    if (std::isnan(likelihood)) throw std::runtime_error("loglikelihood is not a number");
    scores.scores.push_back({likelihood, score.value("tokens", 0), score.value("bytes", 0),
                             score.at("greedy").get<bool>()});
  }
  scores.usage = usage_of(line);
  scores.timings = timings_of(line);
  return scores;
}

ErrorLine error_of(const json& line) {
  ErrorLine error;
  error.id = line.value("id", "");
  error.kind_raw = line.value("class", "");
  error.kind = harness::failure_class(error.kind_raw).value_or(harness::FailureClass::kServer);
  error.message = line.value("message", "").substr(0, kLongestMessage);
  return error;
}

ChildLine line_from(const json& line) {
  const std::string type = line.at("type");
  if (type == "delta") return delta_of(line);
  if (type == "done") {
    return DoneLine{line.at("id"), line.at("finish"), usage_of(line), timings_of(line)};
  }
  if (type == "scores") return scores_of(line);
  if (type == "error") return error_of(line);
  if (type == "hello") return hello_of(line);
  if (type == "ready") return ready_of(line);
  if (type == "stats") return StatsLine{details_of(line)};
  return OtherLine{type};
}

}  // namespace

std::string hello_line() {
  return line_of({{"type", "hello"},
                  {"protocol", kProcessProtocol},
                  {"client", std::string("pingjia ") + harness::kVersion}});
}

std::string load_line(const std::string& options, int parallel) {
  json object = json::parse(options);
  if (!object.contains("parallel")) object["parallel"] = parallel;
  return line_of({{"type", "load"}, {"options", std::move(object)}});
}

std::string request_line(const harness::Request& request) {
  if (request.mode == harness::Mode::kLoglikelihood) {
    return line_of({{"type", "loglikelihood"},
                    {"id", request.id},
                    {"messages", messages_json(request)},
                    {"continuations", request.continuations}});
  }
  const harness::Sampling& sampling = request.sampling;
  return line_of({{"type", "generate"},
                  {"id", request.id},
                  {"messages", messages_json(request)},
                  {"max_tokens", sampling.max_tokens},
                  {"temperature", sampling.temperature},
                  {"top_p", sampling.top_p},
                  {"top_k", sampling.top_k},
                  {"seed", sampling.seed},
                  {"stop", sampling.stop}});
}

std::string cancel_line(const std::string& id) {
  return line_of({{"type", "cancel"}, {"id", id}});
}

std::string stats_line() {
  return line_of({{"type", "stats"}});
}

std::string shutdown_line() {
  return line_of({{"type", "shutdown"}});
}

bool HelloLine::can(std::string_view capability) const {
  return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

ChildLine read_child_line(std::string_view text) {
  const json line = json::parse(text, nullptr, false);
  if (!line.is_object()) {
    return GarbageLine{"", line.is_discarded() ? "not JSON in UTF-8" : "not a JSON object"};
  }
  try {
    return line_from(line);
  } catch (const std::exception& wrong) {
    const auto id = line.find("id");
    return GarbageLine{id != line.end() && id->is_string() ? id->get<std::string>() : "",
                       wrong.what()};
  }
}

}  // namespace pingjia::adapters
