#include "adapters/catalog/litellm_keys.h"

#include <array>
#include <charconv>

#include "adapters/catalog/price_keys.h"

namespace pingjia::adapters {

namespace {

using harness::Leaf;

constexpr std::array kLeafKeys{
    LeafKey{"input_cost_per_token", Leaf::kInput},
    LeafKey{"output_cost_per_token", Leaf::kOutput},
    LeafKey{"cache_read_input_token_cost", Leaf::kCacheRead},
    LeafKey{"input_cost_per_token_cache_hit", Leaf::kCacheRead},
    LeafKey{"cache_creation_input_token_cost", Leaf::kCacheWrite5m},
    LeafKey{"cache_creation_input_token_cost_above_1hr", Leaf::kCacheWrite1h},
    LeafKey{"output_cost_per_reasoning_token", Leaf::kReasoning},
    LeafKey{"input_cost_per_audio_token", Leaf::kInputAudio},
    LeafKey{"output_cost_per_audio_token", Leaf::kOutputAudio},
    LeafKey{"input_cost_per_image_token", Leaf::kInputImage},
    LeafKey{"output_cost_per_image_token", Leaf::kOutputImage},
};

struct OtherKey {
  std::string_view part;
  std::string_view why;
};

// By the first part that the key contains.
constexpr std::array kOtherKeys{
    OtherKey{"dbu_cost", "price in Databricks units"},
    OtherKey{"search_context_cost", "price of a web search"},
    OtherKey{"per_second", "price by the second"},
    OtherKey{"per_1k_calls", "price of a tool call"},
    OtherKey{"per_gb_per_day", "price of storage"},
    OtherKey{"per_session", "price of a code session"},
    OtherKey{"per_character", "price by the character"},
    OtherKey{"per_pixel", "price by the pixel"},
    OtherKey{"per_page", "price by the page"},
    OtherKey{"per_credit", "price by the credit"},
    OtherKey{"per_query", "price by the query"},
    OtherKey{"per_request", "price by the request"},
    OtherKey{"per_video_token", "price of video tokens"},
    OtherKey{"citation_cost", "price of citations"},
    OtherKey{"computer_use_", "price of computer use"},
    OtherKey{"audio_token_cost", "price of cached audio tokens"},
    OtherKey{"per_image", "price by the image"},
    OtherKey{"per_video", "price of video"},
    OtherKey{"per_audio", "price of audio by time"},
};

bool take_suffix(std::string_view& key, std::string_view suffix) {
  if (!key.ends_with(suffix)) return false;
  key.remove_suffix(suffix.size());
  return true;
}

// "…_above_200k_tokens" as 200,000.
std::optional<std::int64_t> take_above(std::string_view& key) {
  constexpr std::string_view kAbove = "_above_";
  const auto at = key.rfind(kAbove);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view count = key.substr(at + kAbove.size());
  std::int64_t scale = 1000;
  if (!take_suffix(count, "k_tokens")) {
    if (!take_suffix(count, "m_tokens")) return std::nullopt;
    scale = 1'000'000;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), number);
  constexpr std::int64_t kMost = 1'000'000;
  if (error != std::errc() || end != count.data() + count.size()) return std::nullopt;
  if (number <= 0 || number > kMost) return std::nullopt;
  key = key.substr(0, at);
  return number * scale;
}

}  // namespace

std::optional<LitellmKey> litellm_key(std::string_view key) {
  LitellmKey read;
  if (take_suffix(key, "_batches")) {
    read.batch = true;
  } else if (take_suffix(key, "_priority")) {
    read.service_tier = "priority";
  } else if (take_suffix(key, "_flex")) {
    read.service_tier = "flex";
  }
  read.above = take_above(key);
  const auto leaf = leaf_of_key(key, kLeafKeys);
  if (!leaf) return std::nullopt;
  read.leaf = *leaf;
  return read;
}

std::string litellm_unexpressed(const std::string& key, const std::string& where) {
  if (key.find("cost") == std::string::npos && key.find("price") == std::string::npos) return "";
  for (const auto& other : kOtherKeys) {
    if (key.find(other.part) != std::string::npos) return std::string(other.why);
  }
  refuse_misspelt(key, kLeafKeys, where);
  return "unknown price key " + key;
}

}  // namespace pingjia::adapters
