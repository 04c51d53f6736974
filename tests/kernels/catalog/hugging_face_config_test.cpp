#include "kernels/catalog/hugging_face_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "kernels/catalog/model_catalog.h"

namespace pingjia::kernels {
namespace {

ModelShape shape_of(const std::string& config) {
  return hugging_face_shape(nlohmann::json::parse(config), "model", "config.json");
}

std::string error_of(const std::string& config) {
  try {
    shape_of(config);
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

double billions(const ModelShape& model) {
  return static_cast<double>(model.parameters()) / 1e9;
}

// Written by hand: the widths and counts of each family, as its makers name them.
constexpr auto kLlama = R"({"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32,
  "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
  "vocab_size": 128256, "rope_theta": 500000.0})";

TEST(HuggingFaceConfig, LlamaEqualsTheCatalogue) {
  const ModelShape read = shape_of(kLlama);
  const ModelShape known = find_model("Llama-3.1-8B");
  EXPECT_EQ(read.head_width, 128);
  EXPECT_EQ(read.parameters(), known.parameters());
  EXPECT_EQ(read.kv_elements_per_token(), known.kv_elements_per_token());
  EXPECT_FALSE(read.window);
}

TEST(HuggingFaceConfig, MistralSeesAWindowInEveryLayer) {
  const ModelShape model = shape_of(R"({"model_type": "mistral", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 14336, "vocab_size": 32000, "sliding_window": 4096})");
  EXPECT_NEAR(billions(model), 7.2417, 0.007);
  ASSERT_TRUE(model.window);
  EXPECT_EQ(model.window->layers, 32);
}

TEST(HuggingFaceConfig, Qwen2AndItsUnusedWindow) {
  const std::string config = R"({"model_type": "qwen2", "hidden_size": 3584,
    "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
    "intermediate_size": 18944, "vocab_size": 152064, "sliding_window": 131072,
    "max_window_layers": 21, "use_sliding_window": false})";
  EXPECT_NEAR(billions(shape_of(config)), 7.6156, 0.0076);
  EXPECT_FALSE(shape_of(config).window);
  auto used = nlohmann::json::parse(config);
  used["use_sliding_window"] = true;
  EXPECT_EQ(shape_of(used.dump()).window->layers, 7);
}

TEST(HuggingFaceConfig, Qwen3AndItsExperts) {
  const ModelShape model = shape_of(R"({"model_type": "qwen3_moe", "hidden_size": 2048,
    "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
    "intermediate_size": 6144, "moe_intermediate_size": 768, "num_experts": 128,
    "num_experts_per_tok": 8, "decoder_sparse_step": 1, "mlp_only_layers": [],
    "vocab_size": 151936, "sliding_window": null, "tie_word_embeddings": false})");
  EXPECT_EQ(model.parameters(), find_model("Qwen3-30B-A3B").parameters());
}

TEST(HuggingFaceConfig, Qwen2ExpertsBesideASharedOne) {
  const ModelShape model = shape_of(R"({"model_type": "qwen2_moe", "hidden_size": 2048,
    "num_hidden_layers": 24, "num_attention_heads": 16, "num_key_value_heads": 16,
    "intermediate_size": 5632, "moe_intermediate_size": 1408, "num_experts": 60,
    "shared_expert_intermediate_size": 5632, "num_experts_per_tok": 4, "vocab_size": 151936})");
  EXPECT_NEAR(billions(model), 14.316, 0.0143);  // Qwen1.5-MoE-A2.7B
}

TEST(HuggingFaceConfig, SomeLayersWithoutExperts) {
  const std::string config = R"({"model_type": "qwen3_moe", "hidden_size": 64,
    "num_hidden_layers": 8, "num_attention_heads": 4, "intermediate_size": 96,
    "moe_intermediate_size": 16, "num_experts": 4, "num_experts_per_tok": 2,
    "decoder_sparse_step": 2, "mlp_only_layers": [3], "vocab_size": 100})";
  // Layers 1, 5 and 7 have experts.
  EXPECT_EQ(shape_of(config).moe->dense_layers, 5);
}

TEST(HuggingFaceConfig, MixtralAndPhiMoe) {
  const ModelShape mixtral = shape_of(R"({"model_type": "mixtral", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 14336, "num_local_experts": 8, "num_experts_per_tok": 2,
    "vocab_size": 32000, "sliding_window": null})");
  EXPECT_EQ(mixtral.parameters(), find_model("Mixtral-8x7B").parameters());
  const ModelShape phi = shape_of(R"({"model_type": "phimoe", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 6400, "num_local_experts": 16, "num_experts_per_tok": 2,
    "vocab_size": 32064, "sliding_window": 131072})");
  EXPECT_NEAR(billions(phi), 41.873, 0.042);  // Phi-3.5-MoE
}

TEST(HuggingFaceConfig, GptOssWindowsEverySecondLayerAndHasSinks) {
  nlohmann::json config = nlohmann::json::parse(R"({"model_type": "gpt_oss", "hidden_size": 2880,
    "num_hidden_layers": 24, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64,
    "intermediate_size": 2880, "num_local_experts": 32, "num_experts_per_tok": 4,
    "vocab_size": 201088, "sliding_window": 128})");
  const ModelShape model = shape_of(config.dump());
  const ModelShape known = find_model("gpt-oss-20b");
  EXPECT_EQ(model.parameters(), known.parameters());
  EXPECT_EQ(model.kv_elements(100'000), known.kv_elements(100'000));
  EXPECT_TRUE(model.sinks);
  config["layer_types"] = std::vector<std::string>(24, "full_attention");
  config["layer_types"][5] = "sliding_attention";
  EXPECT_EQ(shape_of(config.dump()).window->layers, 1);
  config["layer_types"].erase(0);
  EXPECT_NE(error_of(config.dump()).find("layer_types: names 23 layers of 24"), std::string::npos);
}

constexpr auto kDeepSeek3 = R"({"model_type": "deepseek_v3", "hidden_size": 7168,
  "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
  "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256,
  "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 3,
  "moe_layer_freq": 1, "n_group": 8, "topk_group": 4, "routed_scaling_factor": 2.5,
  "scoring_func": "sigmoid", "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
  "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 129280})";

TEST(HuggingFaceConfig, DeepSeekCompressesKeysAndValues) {
  const ModelShape read = shape_of(kDeepSeek3);
  const ModelShape known = find_model("DeepSeek-V3");
  EXPECT_EQ(read.parameters(), known.parameters());
  EXPECT_EQ(read.kv_elements_per_token(), known.kv_elements_per_token());
  EXPECT_EQ(read.head_width, known.head_width);
  EXPECT_EQ(read.moe->top_groups, known.moe->top_groups);
  EXPECT_EQ(read.moe->scoring, known.moe->scoring);
  EXPECT_EQ(read.moe->scale, known.moe->scale);
  EXPECT_EQ(read.moe->dense_layers, 3);
  const ModelShape lite = shape_of(R"({"model_type": "deepseek_v2", "hidden_size": 2048,
    "num_hidden_layers": 27, "num_attention_heads": 16, "num_key_value_heads": 16,
    "intermediate_size": 10944, "moe_intermediate_size": 1408, "n_routed_experts": 64,
    "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1,
    "q_lora_rank": null, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
    "v_head_dim": 128, "vocab_size": 102400})");
  EXPECT_NEAR(billions(lite), 15.706, 0.0157);
}

TEST(HuggingFaceConfig, GemmaTiesItsEmbeddings) {
  const ModelShape second = shape_of(R"({"model_type": "gemma2", "hidden_size": 2304,
    "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
    "intermediate_size": 9216, "vocab_size": 256000, "sliding_window": 4096})");
  EXPECT_NEAR(billions(second), 2.6143, 0.0026);
  EXPECT_EQ(second.window->layers, 13);
  // Gemma 3 of several modes: a nested part with little in it.
  const ModelShape third = shape_of(R"({"model_type": "gemma3", "text_config": {
    "model_type": "gemma3_text", "hidden_size": 2560, "num_hidden_layers": 34,
    "intermediate_size": 10240, "sliding_window": 1024}, "vision_config": {}})");
  EXPECT_NEAR(billions(third), 3.880, 0.0039);
  EXPECT_EQ(third.window->layers, 29);
  EXPECT_EQ(third.window->width, 1024);
}

TEST(HuggingFaceConfig, PhiHasTwoMatricesInItsMlp) {
  const ModelShape second = shape_of(R"({"model_type": "phi", "hidden_size": 2560,
    "num_hidden_layers": 32, "num_attention_heads": 32, "intermediate_size": 10240,
    "vocab_size": 51200})");
  EXPECT_NEAR(billions(second), 2.7797, 0.0028);
  EXPECT_EQ(second.kv_heads, 32);
  const ModelShape fourth = shape_of(R"({"model_type": "phi3", "hidden_size": 5120,
    "num_hidden_layers": 40, "num_attention_heads": 40, "num_key_value_heads": 10,
    "intermediate_size": 17920, "vocab_size": 100352, "sliding_window": null})");
  EXPECT_NEAR(billions(fourth), 14.66, 0.0147);
}

TEST(HuggingFaceConfig, WhatCannotBeReadIsSaidInOneLine) {
  const auto spoiled = [](const char* config, const std::string& key, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(config);
    json[key] = value;
    return error_of(json.dump());
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {spoiled(kLlama, "model_type", "mamba"), "config.json: model_type: unknown architecture"},
      {spoiled(kLlama, "hidden_size", nullptr), "missing key 'hidden_size'"},
      {spoiled(kLlama, "num_hidden_layers", 0), "num_hidden_layers: expected at least 1"},
      {spoiled(kLlama, "num_key_value_heads", 7), "num_key_value_heads: does not divide"},
      {spoiled(kLlama, "hidden_size", 4097), "head_dim: is missing"},
      {spoiled(kDeepSeek3, "kv_lora_rank", nullptr), "missing key 'kv_lora_rank'"},
      {spoiled(kDeepSeek3, "scoring_func", "tanh"), "unknown value 'tanh'"},
      {spoiled(kDeepSeek3, "num_experts_per_tok", 500), "expected at most 256"},
      {error_of("[]"), "expected an object"},
      {error_of(R"({"text_config": {}})"), "text_config: missing key 'model_type'"},
  };
  for (const auto& [message, expected] : cases) {
    EXPECT_NE(message.find(expected), std::string::npos) << message << "\nwanted: " << expected;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(HuggingFaceConfig, FileIsNamedByItsFolderAndFoundByTheCatalogue) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "My-Model-8B";
  harness::make_folder(folder);
  harness::write_file(folder / "config.json", kLlama);
  EXPECT_EQ(read_hugging_face_config(folder).name, "My-Model-8B");
  EXPECT_EQ(find_model((folder / "config.json").string()).layers, 32);
  std::filesystem::remove_all(folder);
  EXPECT_THROW(find_model((folder / "config.json").string()), harness::Error);
}

}  // namespace
}  // namespace pingjia::kernels
