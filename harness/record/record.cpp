#include "harness/record/record.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/utf8.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

template <class T>
void put(json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

template <class T>
void get(const json& object, const char* name, std::optional<T>& value) {
  if (const auto found = object.find(name); found != object.end() && !found->is_null()) {
    value = found->template get<T>();
  }
}

json request_json(const Request& request) {
  json messages = json::array();
  for (const auto& message : request.messages) {
    messages.push_back({{"role", message.role}, {"content", valid_utf8(message.content)}});
  }
  const Sampling& sampling = request.sampling;
  json object{{"messages", std::move(messages)},
              {"mode", request.mode == Mode::kGenerate ? "generate" : "loglikelihood"}};
  if (request.mode == Mode::kGenerate) {
    object["max_tokens"] = sampling.max_tokens;
    object["temperature"] = sampling.temperature;
    object["top_p"] = sampling.top_p;
    object["top_k"] = sampling.top_k;
    object["seed"] = sampling.seed;
    object["stop"] = sampling.stop;
  } else {
    object["continuations"] = request.continuations;
  }
  return object;
}

Request request_of(const json& object) {
  Request request;
  request.mode = object.at("mode") == "generate" ? Mode::kGenerate : Mode::kLoglikelihood;
  for (const auto& message : object.at("messages")) {
    request.messages.push_back({message.at("role"), message.at("content")});
  }
  if (request.mode == Mode::kLoglikelihood) {
    request.continuations = object.at("continuations").get<std::vector<std::string>>();
    return request;
  }
  Sampling& sampling = request.sampling;
  sampling.max_tokens = object.at("max_tokens");
  sampling.temperature = object.at("temperature");
  sampling.top_p = object.at("top_p");
  sampling.top_k = object.at("top_k");
  sampling.seed = object.at("seed");
  sampling.stop = object.at("stop").get<std::vector<std::string>>();
  return request;
}

json usage_json(const Usage& usage) {
  json object{{"maker", usage.maker}};
  put(object, "input", usage.input);
  put(object, "cache_read", usage.cache_read);
  put(object, "cache_write_5m", usage.cache_write_5m);
  put(object, "cache_write_1h", usage.cache_write_1h);
  put(object, "input_audio", usage.input_audio);
  put(object, "input_image", usage.input_image);
  put(object, "output", usage.output);
  put(object, "reasoning", usage.reasoning);
  put(object, "output_audio", usage.output_audio);
  put(object, "output_image", usage.output_image);
  if (!usage.adds_up) object["adds_up"] = false;
  if (!usage.reported_usd.empty()) object["reported_usd"] = usage.reported_usd;
  // Verbatim, as text: another parser must not change the provider's own words.
  if (!usage.raw.empty()) object["raw"] = valid_utf8(usage.raw);
  return object;
}

Usage usage_of(const json& object) {
  Usage usage;
  usage.maker = object.at("maker");
  get(object, "input", usage.input);
  get(object, "cache_read", usage.cache_read);
  get(object, "cache_write_5m", usage.cache_write_5m);
  get(object, "cache_write_1h", usage.cache_write_1h);
  get(object, "input_audio", usage.input_audio);
  get(object, "input_image", usage.input_image);
  get(object, "output", usage.output);
  get(object, "reasoning", usage.reasoning);
  get(object, "output_audio", usage.output_audio);
  get(object, "output_image", usage.output_image);
  usage.adds_up = object.value("adds_up", true);
  usage.reported_usd = object.value("reported_usd", "");
  usage.raw = object.value("raw", "");
  return usage;
}

json timeline_json(const Timeline& timeline) {
  json object{{"due", timeline.due}, {"sent", timeline.sent}, {"done", timeline.done}};
  put(object, "first_byte", timeline.first_byte);
  put(object, "first_event", timeline.first_event);
  put(object, "first_token", timeline.first_token);
  put(object, "first_visible", timeline.first_visible);
  put(object, "last_token", timeline.last_token);
  if (!timeline.arrivals.empty()) {
    // Gaps are small numbers: a third of the bytes that stamps would take.
    json gaps = json::array();
    Nanos before = timeline.sent;
    for (const auto& arrival : timeline.arrivals) {
      gaps.push_back(arrival.at - before);
      gaps.push_back(arrival.events);
      before = arrival.at;
    }
    object["arrival_gaps"] = std::move(gaps);
  }
  return object;
}

Timeline timeline_of(const json& object) {
  Timeline timeline;
  timeline.due = object.at("due");
  timeline.sent = object.at("sent");
  timeline.done = object.at("done");
  get(object, "first_byte", timeline.first_byte);
  get(object, "first_event", timeline.first_event);
  get(object, "first_token", timeline.first_token);
  get(object, "first_visible", timeline.first_visible);
  get(object, "last_token", timeline.last_token);
  if (const auto gaps = object.find("arrival_gaps"); gaps != object.end()) {
    Nanos at = timeline.sent;
    for (std::size_t i = 0; i + 1 < gaps->size(); i += 2) {
      at += (*gaps)[i].get<Nanos>();
      timeline.arrivals.push_back({at, (*gaps)[i + 1].get<std::int32_t>()});
    }
  }
  return timeline;
}

json failure_json(const Failure& failure) {
  json object{{"class", failure_name(failure.kind)}, {"message", valid_utf8(failure.message)}};
  if (failure.http_status != 0) object["http_status"] = failure.http_status;
  put(object, "retry_after_s", failure.retry_after_s);
  return object;
}

Failure failure_of(const json& object) {
  Failure failure;
  failure.kind = failure_class(object.at("class").get<std::string>()).value();
  failure.message = object.at("message");
  failure.http_status = object.value("http_status", 0);
  get(object, "retry_after_s", failure.retry_after_s);
  return failure;
}

json server_json(const ServerTimings& server) {
  json object{{"maker", server.maker}};
  put(object, "queue_s", server.queue_s);
  put(object, "prefill_s", server.prefill_s);
  put(object, "decode_s", server.decode_s);
  if (server.additive) object["additive"] = true;
  return object;
}

json completion_json(const Completion& completion) {
  json object{{"text", valid_utf8(completion.text)},
              {"finish", finish_name(completion.finish)},
              {"usage", usage_json(completion.usage)},
              {"timeline", timeline_json(completion.timeline)}};
  if (!completion.reasoning.empty()) object["reasoning"] = valid_utf8(completion.reasoning);
  if (!completion.finish_raw.empty()) object["finish_raw"] = valid_utf8(completion.finish_raw);
  if (!completion.server.maker.empty()) object["server"] = server_json(completion.server);
  if (!completion.model.empty()) object["model"] = valid_utf8(completion.model);
  if (!completion.service_tier.empty()) {
    object["service_tier"] = valid_utf8(completion.service_tier);
  }
  if (completion.reused_connection) object["reused_connection"] = true;
  for (const auto& note : completion.notes) object["notes"].push_back(valid_utf8(note));
  if (completion.failure) object["failure"] = failure_json(*completion.failure);
  for (const auto& score : completion.scores) {
    // JSON has no infinity: an impossible continuation is the least double.
    const double likelihood = std::max(score.loglikelihood, std::numeric_limits<double>::lowest());
    object["scores"].push_back({{"loglikelihood", likelihood},
                                {"tokens", score.tokens},
                                {"bytes", score.bytes},
                                {"greedy", score.greedy}});
  }
  return object;
}

void read_extras(const json& object, Completion& completion) {
  completion.reasoning = object.value("reasoning", "");
  completion.finish_raw = object.value("finish_raw", "");
  completion.model = object.value("model", "");
  completion.service_tier = object.value("service_tier", "");
  completion.reused_connection = object.value("reused_connection", false);
  completion.notes = object.value("notes", std::vector<std::string>{});
  if (const auto server = object.find("server"); server != object.end()) {
    completion.server.maker = server->at("maker");
    get(*server, "queue_s", completion.server.queue_s);
    get(*server, "prefill_s", completion.server.prefill_s);
    get(*server, "decode_s", completion.server.decode_s);
    completion.server.additive = server->value("additive", false);
  }
  if (const auto scores = object.find("scores"); scores != object.end()) {
    for (const auto& score : *scores) {
      completion.scores.push_back(
          {score.at("loglikelihood"), score.at("tokens"), score.at("bytes"), score.at("greedy")});
    }
  }
}

Completion completion_of(const json& object) {
  Completion completion;
  completion.text = object.at("text");
  completion.finish = finish_of(object.at("finish").get<std::string>());
  completion.usage = usage_of(object.at("usage"));
  completion.timeline = timeline_of(object.at("timeline"));
  if (const auto failure = object.find("failure"); failure != object.end()) {
    completion.failure = failure_of(*failure);
  }
  read_extras(object, completion);
  return completion;
}

}  // namespace

std::string request_id(const RecordKey& key) {
  return key.system + "|" + key.suite + "|" + key.sample + "|" + std::to_string(key.repeat) + "|" +
         std::to_string(key.attempt);
}

json to_json(const Record& record) {
  return {{"type", "attempt"},
          {"system", record.key.system},
          {"suite", record.key.suite},
          {"sample", record.key.sample},
          {"repeat", record.key.repeat},
          {"attempt", record.key.attempt},
          {"last_attempt", record.last_attempt},
          {"session", record.session},
          {"request", request_json(record.request)},
          {"completion", completion_json(record.completion)}};
}

Record record_from_json(const json& line, const std::string& where) {
  try {
    Record record;
    record.key = {line.at("system"), line.at("suite"), line.at("sample"), line.at("repeat"),
                  line.at("attempt")};
    record.last_attempt = line.at("last_attempt");
    record.session = line.at("session");
    record.request = request_of(line.at("request"));
    record.request.id = request_id(record.key);
    record.completion = completion_of(line.at("completion"));
    return record;
  } catch (const std::exception& broken) {
    throw Error(where, std::string("not a record: ") + broken.what(),
                "restore the line, or remove it and run again with --resume");
  }
}

}  // namespace pingjia::harness
