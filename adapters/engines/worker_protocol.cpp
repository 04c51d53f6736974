#include "adapters/engines/worker_protocol.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "adapters/engines/worker_error.h"
#include "adapters/process_version.h"

namespace pingjia::adapters::engines {
namespace {

using Json = nlohmann::json;

WorkerError wrong(const std::string& what) {
  return WorkerError("bad_request", what);
}

template <class T>
T number(const Json& line, const char* key, T missing, double low, double high) {
  const auto found = line.find(key);
  if (found == line.end() || found->is_null()) {
    return missing;
  }
  const bool fits = std::is_integral_v<T> ? found->is_number_integer() : found->is_number();
  if (!fits || found->get<double>() < low || found->get<double>() > high) {
    throw wrong(std::string("\"") + key + "\" is not a number from " + Json(low).dump() + " to " +
                Json(high).dump());
  }
  return found->get<T>();
}

std::string text(const Json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_string()) {
    throw wrong(std::string("\"") + key + "\" must be a text");
  }
  return found->get<std::string>();
}

std::vector<std::string> texts(const Json& line, const char* key) {
  std::vector<std::string> all;
  const auto found = line.find(key);
  if (found == line.end() || found->is_null()) {
    return all;
  }
  if (!found->is_array()) {
    throw wrong(std::string("\"") + key + "\" must be a list of texts");
  }
  for (const Json& item : *found) {
    if (!item.is_string()) {
      throw wrong(std::string("\"") + key + "\" must be a list of texts");
    }
    all.push_back(item.get<std::string>());
  }
  return all;
}

std::vector<harness::Message> messages(const Json& line) {
  std::vector<harness::Message> all;
  const auto found = line.find("messages");
  if (found == line.end() || found->is_null()) {
    return all;
  }
  if (!found->is_array()) {
    throw wrong("\"messages\" must be a list of {role, content}");
  }
  for (const Json& item : *found) {
    if (!item.is_object()) {
      throw wrong("\"messages\" must be a list of {role, content}");
    }
    all.push_back({text(item, "role"), text(item, "content")});
  }
  return all;
}

RequestLine parse_request(const Json& line, const std::string& id, bool generate) {
  RequestLine parsed;
  harness::Request& request = parsed.request;
  request.id = id;
  request.mode = generate ? harness::Mode::kGenerate : harness::Mode::kLoglikelihood;
  request.messages = messages(line);
  if (line.contains("prompt")) {
    parsed.prompt = text(line, "prompt");
  } else if (request.messages.empty()) {
    throw wrong("a request needs \"messages\", or a \"prompt\" to be used as it is");
  }
  if (!generate) {
    request.continuations = texts(line, "continuations");
    if (request.continuations.empty()) {
      throw wrong("\"continuations\" must be a list of at least one text");
    }
    return parsed;
  }
  harness::Sampling& sampling = request.sampling;
  sampling.max_tokens = number(line, "max_tokens", sampling.max_tokens, 1, 1 << 24);
  sampling.temperature = number(line, "temperature", sampling.temperature, 0, 100);
  sampling.top_p = number(line, "top_p", sampling.top_p, 0, 1);
  sampling.top_k = number(line, "top_k", sampling.top_k, 0, 1 << 30);
  const auto seed = line.find("seed");
  if (seed != line.end() && !seed->is_null()) {
    if (!seed->is_number_integer()) {
      throw wrong("\"seed\" must be a whole number");
    }
    sampling.seed = seed->get<std::uint64_t>();
    parsed.seeded = true;
  }
  sampling.stop = texts(line, "stop");
  return parsed;
}

WorkerLine parse_object(const Json& line, std::string& id) {
  if (!line.is_object()) {
    throw WorkerError("protocol", "a line must be one JSON object");
  }
  if (line.contains("id")) {
    id = text(line, "id");
  }
  const std::string type = text(line, "type");
  if (type == "hello") {
    return HelloLine{number(line, "protocol", 0, 0, 1e6)};
  }
  if (type == "load") {
    return LoadLine{parse_worker_options(line.value("options", Json::object()))};
  }
  if (type == "generate" || type == "loglikelihood") {
    if (id.empty()) {
      throw wrong("a request needs an \"id\"");
    }
    return parse_request(line, id, type == "generate");
  }
  if (type == "cancel") {
    return CancelLine{id};
  }
  if (type == "stats") {
    return StatsLine{};
  }
  if (type == "shutdown") {
    return ShutdownLine{};
  }
  throw WorkerError("protocol", "unknown type \"" + type + "\"");
}

/// Texts come from other programs: what is no UTF-8 is replaced, never thrown about.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json usage_json(const RequestUsage& usage) {
  return {{"input", usage.input},
          {"cache_read", usage.cache_read},
          {"output", usage.output},
          {"reasoning", 0}};
}

Json timings_json(const RequestTimings& timings) {
  return {
      {"queue_ns", timings.queue}, {"prefill_ns", timings.prefill}, {"decode_ns", timings.decode}};
}

}  // namespace

WorkerLine parse_worker_line(std::string_view line) {
  std::string id;
  try {
    return parse_object(Json::parse(line), id);
  } catch (const WorkerError& error) {
    return BadLine{id, error.kind(), error.what()};
  } catch (const Json::exception& error) {
    return BadLine{id, "protocol", std::string("no JSON object: ") + error.what()};
  }
}

std::string hello_line(const std::string& version) {
  return dump({{"type", "hello"},
               {"protocol", kProcessProtocol},
               {"name", "llama.cpp"},
               {"version", version},
               {"capabilities", {"generate", "loglikelihood", "cancel", "seed", "stop"}},
               {"test_double", false}});
}

std::string ready_line(const std::string& model, const std::string& device,
                       const std::string& details) {
  return dump(
      {{"type", "ready"}, {"model", model}, {"device", device}, {"details", Json::parse(details)}});
}

std::string delta_line(const std::string& id, const std::string& text, int tokens,
                       std::int64_t t_ns) {
  return dump({{"type", "delta"}, {"id", id}, {"text", text}, {"tokens", tokens}, {"t_ns", t_ns}});
}

std::string done_line(const std::string& id, const std::string& finish, const RequestUsage& usage,
                      const RequestTimings& timings) {
  return dump({{"type", "done"},
               {"id", id},
               {"finish", finish},
               {"usage", usage_json(usage)},
               {"timings", timings_json(timings)}});
}

std::string scores_line(const std::string& id,
                        const std::vector<harness::ContinuationScore>& scores,
                        const RequestUsage& usage, const RequestTimings& timings) {
  Json list = Json::array();
  for (const harness::ContinuationScore& score : scores) {
    list.push_back({{"loglikelihood", score.loglikelihood},
                    {"tokens", score.tokens},
                    {"bytes", score.bytes},
                    {"greedy", score.greedy}});
  }
  return dump({{"type", "scores"},
               {"id", id},
               {"scores", list},
               {"usage", usage_json(usage)},
               {"timings", timings_json(timings)}});
}

std::string error_line(const std::string* id, const std::string& kind, const std::string& message) {
  Json line = {{"type", "error"}, {"class", kind}, {"message", message}};
  if (id != nullptr) {
    line["id"] = *id;
  }
  return dump(line);
}

std::string stats_line(const std::string& details) {
  return dump({{"type", "stats"}, {"details", Json::parse(details)}});
}

}  // namespace pingjia::adapters::engines
