#include "adapters/wire/openai_usage.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace pingjia::adapters {

namespace {

using Count = std::optional<std::int64_t>;
using nlohmann::json;

Count count(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const auto value = found->get<std::int64_t>();
  return value < 0 ? Count{} : Count{value};
}

Count count(const json& object, const char* group, const char* key) {
  const auto found = object.find(group);
  if (found == object.end() || !found->is_object()) return std::nullopt;
  return count(*found, key);
}

std::optional<double> number(const json& object, const char* key, double scale) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>() * scale;
}

Count first_of(Count a, Count b) {
  return a ? a : b;
}

json object_of(std::string_view text) {
  json parsed = json::parse(text, nullptr, false);
  return parsed.is_object() ? parsed : json::object();
}

// What the provider counted, by its own names.
struct Counts {
  Count prompt, completion, total, cached, written, reasoning;
};

Counts counts_of(const json& usage) {
  Counts counts;
  counts.prompt = count(usage, "prompt_tokens");
  counts.completion = count(usage, "completion_tokens");
  counts.total = count(usage, "total_tokens");
  // Three spellings: OpenAI, DeepSeek, and Moonshot or Novita at the top level.
  counts.cached =
      first_of(count(usage, "prompt_tokens_details", "cached_tokens"),
               first_of(count(usage, "prompt_cache_hit_tokens"), count(usage, "cached_tokens")));
  counts.written = count(usage, "prompt_tokens_details", "cache_write_tokens");
  counts.reasoning = first_of(count(usage, "completion_tokens_details", "reasoning_tokens"),
                              count(usage, "reasoning_tokens"));
  return counts;
}

// Whether `extra` stands beside `part`, not inside it: the total decides, else size does.
bool stands_beside(std::int64_t part, std::int64_t extra, std::int64_t other, Count total) {
  if (extra == 0) return false;
  if (total && *total == part + other) return extra > part;
  if (total && *total == part + other + extra) return true;
  return extra > part;
}

void split_input(const Counts& counts, harness::Usage& usage) {
  usage.cache_read = counts.cached;
  usage.cache_write_5m = counts.written;
  if (!counts.prompt) return;
  const auto cache = counts.cached.value_or(0) + counts.written.value_or(0);
  const auto beside =
      stands_beside(*counts.prompt, cache, counts.completion.value_or(0), counts.total);
  usage.input = beside ? *counts.prompt : *counts.prompt - cache;
}

void split_output(const Counts& counts, harness::Usage& usage) {
  usage.reasoning = counts.reasoning;
  if (!counts.completion) return;
  const auto reasoning = counts.reasoning.value_or(0);
  const auto beside =
      stands_beside(*counts.completion, reasoning, counts.prompt.value_or(0), counts.total);
  usage.output = beside ? *counts.completion : *counts.completion - reasoning;
}

void check_total(const Counts& counts, OpenAiUsage& result) {
  const auto in = result.usage.total_input();
  const auto out = result.usage.total_output();
  if (!counts.total || !in || !out || *in + *out == *counts.total) return;
  result.notes.push_back("usage does not add up: " + std::to_string(*in) + " + " +
                         std::to_string(*out) + " is not " + std::to_string(*counts.total));
}

// Groq counts seconds inside its usage object.
void read_groq_times(const json& usage, harness::ServerTimings& timings) {
  if (!usage.contains("prompt_time") || !usage.contains("completion_time")) return;
  timings.queue_s = number(usage, "queue_time", 1);
  timings.prefill_s = number(usage, "prompt_time", 1);
  timings.decode_s = number(usage, "completion_time", 1);
  timings.maker = "usage of the reply";
}

void read_llama_timings(const json& timings, OpenAiUsage& result) {
  if (!timings.contains("predicted_ms")) return;
  result.timings.prefill_s = number(timings, "prompt_ms", 1e-3);
  result.timings.decode_s = number(timings, "predicted_ms", 1e-3);
  result.timings.maker = "llama-server timings";
  harness::Usage& usage = result.usage;
  if (!usage.input) {
    // prompt_n leaves the cached tokens out already.
    usage.input = count(timings, "prompt_n");
    usage.cache_read = count(timings, "cache_n");
    usage.output = count(timings, "predicted_n");
    usage.maker = usage.input ? "server timings" : "none";
  } else if (const auto cached = count(timings, "cache_n"); !usage.cache_read && cached) {
    usage.cache_read = *cached;
    usage.input = *usage.input - *cached;
  }
}

}  // namespace

OpenAiUsage read_openai_usage(std::string_view usage_json, std::string_view timings_json) {
  OpenAiUsage result;
  result.usage.maker = "none";
  result.usage.raw = usage_json;
  if (!usage_json.empty()) {
    const json usage = object_of(usage_json);
    const Counts counts = counts_of(usage);
    split_input(counts, result.usage);
    split_output(counts, result.usage);
    if (counts.prompt || counts.completion) result.usage.maker = "server";
    check_total(counts, result);
    read_groq_times(usage, result.timings);
  }
  if (!timings_json.empty()) read_llama_timings(object_of(timings_json), result);
  return result;
}

}  // namespace pingjia::adapters
