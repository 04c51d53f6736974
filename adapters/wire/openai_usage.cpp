#include "adapters/wire/openai_usage.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"
#include "harness/money/picodollars.h"

namespace pingjia::adapters {

namespace {

using Count = std::optional<std::int64_t>;
using nlohmann::json;

Count count(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  // A count that no reply can have is no count, and sums must not overflow.
  constexpr double kMost = 9007199254740992.0;
  const double size = found->get<double>();
  if (!(size >= 0 && size <= kMost)) return std::nullopt;
  return found->get<std::int64_t>();
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

// To the picodollar below.
harness::Money rounded_usd(std::string plain) {
  constexpr std::size_t kPlaces = 12;
  if (const auto point = plain.find('.'); point != std::string::npos) {
    plain = plain.substr(0, point + 1 + kPlaces);
  }
  try {
    return harness::parse_usd(plain, "usage.cost");
  } catch (const harness::Error&) {
    return {};  // More than any call can cost.
  }
}

// What the provider counted, by its own names.
struct Counts {
  Count prompt, completion, total, cached, missed, written, reasoning;
  Count input_audio, input_image, output_audio, output_image;
};

Counts counts_of(const json& usage) {
  Counts counts;
  counts.prompt = count(usage, "prompt_tokens");
  counts.completion = count(usage, "completion_tokens");
  counts.total = count(usage, "total_tokens");
  // DeepSeek's own name first: where it is, OpenAI's may be missing or zero. Moonshot and Novita
  // count at the top level.
  counts.cached = first_of(count(usage, "prompt_cache_hit_tokens"),
                           first_of(count(usage, "prompt_tokens_details", "cached_tokens"),
                                    count(usage, "cached_tokens")));
  counts.missed = count(usage, "prompt_cache_miss_tokens");
  counts.written = count(usage, "prompt_tokens_details", "cache_write_tokens");
  counts.reasoning = first_of(count(usage, "completion_tokens_details", "reasoning_tokens"),
                              count(usage, "reasoning_tokens"));
  counts.input_audio = count(usage, "prompt_tokens_details", "audio_tokens");
  counts.input_image = count(usage, "prompt_tokens_details", "image_tokens");
  counts.output_audio = count(usage, "completion_tokens_details", "audio_tokens");
  counts.output_image = count(usage, "completion_tokens_details", "image_tokens");
  return counts;
}

// Whether `extra` stands beside `part`, not inside it: the total decides, else size does.
bool stands_beside(std::int64_t part, std::int64_t extra, std::int64_t other, Count total) {
  if (extra == 0) return false;
  if (total && *total == part + other) return extra > part;
  if (total && *total == part + other + extra) return true;
  return extra > part;
}

// Sound and pictures are part of `text`, and leave it where they fit into it: where they do not,
// some of them are cached, nobody says how many, and all stays text.
void take_modalities(Count audio, Count image, std::int64_t& text, Count& audio_leaf,
                     Count& image_leaf) {
  const auto other = audio.value_or(0) + image.value_or(0);
  if (other == 0 || other > text) return;
  text -= other;
  audio_leaf = audio;
  image_leaf = image;
}

void split_input(const Counts& counts, harness::Usage& usage) {
  usage.cache_read = counts.cached;
  usage.cache_write_5m = counts.written;
  if (!counts.prompt) return;
  const auto cache = counts.cached.value_or(0) + counts.written.value_or(0);
  const auto beside =
      stands_beside(*counts.prompt, cache, counts.completion.value_or(0), counts.total);
  usage.input = beside ? *counts.prompt : *counts.prompt - cache;
  take_modalities(counts.input_audio, counts.input_image, *usage.input, usage.input_audio,
                  usage.input_image);
}

void split_output(const Counts& counts, harness::Usage& usage) {
  usage.reasoning = counts.reasoning;
  if (!counts.completion) return;
  const auto reasoning = counts.reasoning.value_or(0);
  const auto beside =
      stands_beside(*counts.completion, reasoning, counts.prompt.value_or(0), counts.total);
  usage.output = beside ? *counts.completion : *counts.completion - reasoning;
  take_modalities(counts.output_audio, counts.output_image, *usage.output, usage.output_audio,
                  usage.output_image);
}

void check_total(const Counts& counts, OpenAiUsage& result) {
  const auto in = result.usage.total_input();
  const auto out = result.usage.total_output();
  const auto refuse = [&result](const std::string& why) {
    result.usage.adds_up = false;
    result.notes.push_back("usage does not add up: " + why);
  };
  if (counts.prompt && counts.cached && counts.missed &&
      *counts.cached + *counts.missed != *counts.prompt) {
    refuse(std::to_string(*counts.cached) + " hit + " + std::to_string(*counts.missed) +
           " missed is not " + std::to_string(*counts.prompt));
  }
  if (!counts.total || !in || !out || *in + *out == *counts.total) return;
  refuse(std::to_string(*in) + " + " + std::to_string(*out) + " is not " +
         std::to_string(*counts.total));
}

// What the provider says the call cost, in USD: OpenRouter's "cost", to which what the upstream
// billed comes on one's own key; Perplexity's "cost": {"total_cost"}.
std::string reported_usd(const json& usage) {
  const auto amount = [](const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    const bool number = object.is_object() && found != object.end() && found->is_number();
    // The shortest text of the number is the one it was written as.
    return number ? harness::plain_decimal(found->dump()) : std::nullopt;
  };
  const auto cost = usage.find("cost");
  if (cost == usage.end()) return "";
  const auto whole = cost->is_object() ? amount(*cost, "total_cost") : amount(usage, "cost");
  if (!whole || whole->front() == '-') return "";
  harness::Money sum = rounded_usd(*whole);
  if (const auto details = usage.find("cost_details");
      usage.value("is_byok", json()) == true && details != usage.end()) {
    if (const auto upstream = amount(*details, "upstream_inference_cost")) {
      if (upstream->front() != '-') sum += rounded_usd(*upstream);
    }
  }
  return harness::usd_text(sum);
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
    result.usage.reported_usd = reported_usd(usage);
    read_groq_times(usage, result.timings);
  }
  if (!timings_json.empty()) read_llama_timings(object_of(timings_json), result);
  return result;
}

}  // namespace pingjia::adapters
