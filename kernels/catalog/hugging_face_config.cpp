#include "kernels/catalog/hugging_face_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"

namespace pingjia::kernels {

namespace {

using harness::Error;
using harness::Fields;
using nlohmann::json;

/// Which layers see a window where the config has no "layer_types".
enum class Windowed { kNone, kAll, kIfUsed, kEverySecond, kPattern };
enum class Experts { kNone, kLocal, kQwen, kDeepSeek };

struct Family {
  std::string_view type;  ///< "model_type" of the config.
  Experts experts = Experts::kNone;
  Windowed windowed = Windowed::kNone;
  bool tied = false;  ///< Where the config does not say.
  bool gated = true;
  bool sinks = false;
  bool latent = false;  ///< Multi-head latent attention.
};

constexpr std::array<Family, 17> kFamilies{{
    {.type = "llama"},
    {.type = "mistral", .windowed = Windowed::kAll},
    {.type = "mixtral", .experts = Experts::kLocal, .windowed = Windowed::kAll},
    {.type = "qwen2", .windowed = Windowed::kIfUsed},
    {.type = "qwen3", .windowed = Windowed::kIfUsed},
    {.type = "qwen2_moe", .experts = Experts::kQwen, .windowed = Windowed::kIfUsed},
    {.type = "qwen3_moe", .experts = Experts::kQwen, .windowed = Windowed::kIfUsed},
    {.type = "gpt_oss",
     .experts = Experts::kLocal,
     .windowed = Windowed::kEverySecond,
     .sinks = true},
    {.type = "deepseek_v2", .experts = Experts::kDeepSeek, .latent = true},
    {.type = "deepseek_v3", .experts = Experts::kDeepSeek, .latent = true},
    {.type = "gemma", .tied = true},
    {.type = "gemma2", .windowed = Windowed::kEverySecond, .tied = true},
    {.type = "gemma3_text", .windowed = Windowed::kPattern, .tied = true},
    {.type = "phi", .gated = false},
    {.type = "phi3", .windowed = Windowed::kAll},
    {.type = "phimoe", .experts = Experts::kLocal, .windowed = Windowed::kAll},
    {.type = "kimi_k2", .experts = Experts::kDeepSeek, .latent = true},
}};

const Family& family_of(Fields& config) {
  const auto type = config.text("model_type");
  std::vector<std::string_view> known;
  for (const auto& family : kFamilies) {
    if (family.type == type) return family;
    known.push_back(family.type);
  }
  throw Error(config.where("model_type"), "unknown architecture '" + type + "'",
              harness::suggest(type, known) +
                  "; another can be described as in kernels/catalog/models.json");
}

std::int64_t width_of_heads(Fields& config, const ModelShape& model) {
  if (const auto width = config.optional_integer("head_dim", 1)) return *width;
  if (model.hidden % model.query_heads == 0) return model.hidden / model.query_heads;
  throw Error(config.where("head_dim"),
              fmt::format("is missing, and {} heads do not divide a hidden_size of {}",
                          model.query_heads, model.hidden),
              "add head_dim");
}

// Layers whose kind in "layer_types" is a window.
std::int64_t listed_windows(Fields& config, std::int64_t layers) {
  const auto types = config.texts("layer_types");
  if (static_cast<std::int64_t>(types.size()) != layers) {
    throw Error(config.where("layer_types"),
                fmt::format("names {} layers of {}", types.size(), layers), "name each layer once");
  }
  return std::count(types.begin(), types.end(), "sliding_attention");
}

std::int64_t windowed_layers(Fields& config, Windowed windowed, std::int64_t layers) {
  if (config.has("layer_types")) return listed_windows(config, layers);
  switch (windowed) {
    case Windowed::kNone:
      return 0;
    case Windowed::kAll:
      return layers;
    case Windowed::kIfUsed:
      if (!config.optional_flag("use_sliding_window").value_or(false)) return 0;
      return layers - config.integer("max_window_layers", 0, layers);
    case Windowed::kEverySecond:
      return (layers + 1) / 2;
    case Windowed::kPattern:
      break;
  }
  // Every so-manieth layer sees all.
  const auto pattern = config.optional_integer("sliding_window_pattern", 1).value_or(6);
  return layers - layers / pattern;
}

std::optional<SlidingWindow> window_of(Fields& config, const Family& family, std::int64_t layers) {
  const auto width = config.optional_integer("sliding_window", 1);
  if (!width) return std::nullopt;
  const auto windowed = windowed_layers(config, family.windowed, layers);
  if (windowed == 0) return std::nullopt;
  return SlidingWindow{*width, windowed};
}

Moe local_experts(Fields& config, const ModelShape& model) {
  Moe moe;
  moe.experts = config.integer("num_local_experts", 1);
  moe.top_k = config.integer("num_experts_per_tok", 1, moe.experts);
  moe.intermediate = model.intermediate;
  return moe;
}

Moe qwen_experts(Fields& config, const ModelShape& model) {
  Moe moe;
  moe.experts = config.integer("num_experts", 1);
  moe.top_k = config.integer("num_experts_per_tok", 1, moe.experts);
  moe.intermediate = config.integer("moe_intermediate_size", 1);
  moe.shared_intermediate =
      config.optional_integer("shared_expert_intermediate_size", 0).value_or(0);
  const auto step = config.optional_integer("decoder_sparse_step", 1).value_or(1);
  std::set<std::int64_t> plain;
  if (const json* listed = config.any("mlp_only_layers"); listed != nullptr) {
    if (!listed->is_array()) {
      throw Error(config.where("mlp_only_layers"), "is no list", "list numbers of layers");
    }
    for (const auto& layer : *listed) {
      if (layer.is_number_integer()) plain.insert(layer.get<std::int64_t>());
    }
  }
  for (std::int64_t layer = 0; layer < model.layers; ++layer) {
    if (plain.contains(layer) || (layer + 1) % step != 0) ++moe.dense_layers;
  }
  return moe;
}

std::optional<Moe> deepseek_experts(Fields& config, const ModelShape& model) {
  if (!config.has("n_routed_experts")) return std::nullopt;
  Moe moe;
  moe.experts = config.integer("n_routed_experts", 1);
  moe.top_k = config.integer("num_experts_per_tok", 1, moe.experts);
  moe.intermediate = config.integer("moe_intermediate_size", 1);
  moe.shared_intermediate =
      moe.intermediate * config.optional_integer("n_shared_experts", 0).value_or(0);
  constexpr std::array<std::string_view, 2> kScorings{"softmax", "sigmoid"};
  const auto scoring = config.optional_one_of("scoring_func", kScorings).value_or("softmax");
  if (scoring == "sigmoid") moe.scoring = Moe::Scoring::kSigmoid;
  moe.groups = config.optional_integer("n_group", 1, moe.experts).value_or(1);
  moe.top_groups = config.optional_integer("topk_group", 1, moe.groups).value_or(1);
  moe.scale = config.optional_number("routed_scaling_factor").value_or(1);
  const auto first = config.optional_integer("first_k_dense_replace", 0).value_or(0);
  const auto step = config.optional_integer("moe_layer_freq", 1).value_or(1);
  for (std::int64_t layer = 0; layer < model.layers; ++layer) {
    if (layer < first || layer % step != 0) ++moe.dense_layers;
  }
  return moe;
}

std::optional<Moe> moe_of(Fields& config, Experts experts, const ModelShape& model) {
  switch (experts) {
    case Experts::kNone:
      return std::nullopt;
    case Experts::kLocal:
      return local_experts(config, model);
    case Experts::kQwen:
      return qwen_experts(config, model);
    case Experts::kDeepSeek:
      break;
  }
  return deepseek_experts(config, model);
}

Mla mla_of(Fields& config) {
  Mla mla;
  mla.q_lora = config.optional_integer("q_lora_rank", 0).value_or(0);
  mla.kv_lora = config.integer("kv_lora_rank", 1);
  mla.nope = config.integer("qk_nope_head_dim", 1);
  mla.rope = config.integer("qk_rope_head_dim", 1);
  mla.value = config.integer("v_head_dim", 1);
  return mla;
}

// Gemma 3 leaves these to transformers: Gemma3TextConfig's defaults.
json with_defaults(json config) {
  if (config.value("model_type", std::string()) != "gemma3_text") return config;
  const json defaults{{"num_attention_heads", 8},
                      {"num_key_value_heads", 4},
                      {"head_dim", 256},
                      {"vocab_size", 262208},
                      {"sliding_window", 4096}};
  for (const auto& [key, value] : defaults.items()) {
    if (!config.contains(key)) config[key] = value;
  }
  return config;
}

ModelShape text_shape(Fields& config) {
  const Family& family = family_of(config);
  ModelShape model;
  model.hidden = config.integer("hidden_size", 1);
  model.layers = config.integer("num_hidden_layers", 1);
  model.query_heads = config.integer("num_attention_heads", 1);
  model.kv_heads = config.optional_integer("num_key_value_heads", 1).value_or(model.query_heads);
  model.intermediate = config.integer("intermediate_size", 1);
  model.vocabulary = config.integer("vocab_size", 1);
  model.gated = family.gated;
  model.sinks = family.sinks;
  model.tied = config.optional_flag("tie_word_embeddings").value_or(family.tied);
  model.moe = moe_of(config, family.experts, model);
  if (family.latent) model.mla = mla_of(config);
  model.head_width = model.mla ? model.mla->nope + model.mla->rope : width_of_heads(config, model);
  model.window = window_of(config, family, model.layers);
  if (model.query_heads % model.kv_heads != 0) {
    throw Error(config.where("num_key_value_heads"), "does not divide num_attention_heads",
                "correct one of them");
  }
  return model;
}

}  // namespace

ModelShape hugging_face_shape(const json& config, const std::string& name,
                              const std::string& where) {
  Fields whole(config, where);
  const bool nested = whole.optional_object("text_config").has_value();
  const json text = with_defaults(nested ? config.at("text_config") : config);
  Fields fields(text, nested ? where + ": text_config" : where);
  ModelShape model = text_shape(fields);
  const auto path = whole.optional_text("_name_or_path").value_or("");
  model.name = path.empty() ? name : path.substr(path.find_last_of('/') + 1);
  model.source = where;
  return model;
}

ModelShape read_hugging_face_config(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    return read_hugging_face_config(file / "config.json");
  }
  const auto folder = std::filesystem::absolute(file).parent_path().filename().string();
  return hugging_face_shape(harness::read_json_file(file), folder, file.string());
}

}  // namespace pingjia::kernels
