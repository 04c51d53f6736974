#include "kernels/gemm/linear_layers.h"

#include <gtest/gtest.h>

#include "kernels/catalog/model_catalog.h"

namespace pingjia::kernels {
namespace {

/// "name columns x k", one for each.
std::vector<std::string> layers_of(const std::string& model) {
  std::vector<std::string> texts;
  for (const LinearLayer& layer : linear_layers(find_model(model))) {
    texts.push_back(layer.name + " " + std::to_string(layer.columns) + "x" +
                    std::to_string(layer.k));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(LinearLayers, OfADenseModel) {
  EXPECT_EQ(layers_of("Llama-3.1-8B"),
            (Texts{"qkv 6144x4096", "o 4096x4096", "gate_up 28672x4096", "down 4096x14336"}));
}

TEST(LinearLayers, LeaveOutRoutedExperts) {
  EXPECT_EQ(layers_of("Qwen3-30B-A3B"), (Texts{"qkv 5120x2048", "o 2048x4096"}));
}

// DeepGEMM's list of DeepSeek-V3: (2112, 7168) is q_a and kv_a side by side, (24576, 1536) q_b,
// (7168, 16384) o, (4096, 7168) and (7168, 2048) the shared expert.
TEST(LinearLayers, OfLatentAttentionWithASharedExpert) {
  EXPECT_EQ(layers_of("DeepSeek-V3"),
            (Texts{"q_a 1536x7168", "q_b 24576x1536", "kv_a 576x7168", "o 7168x16384",
                   "gate_up 4096x7168", "down 7168x2048"}));
}

}  // namespace
}  // namespace pingjia::kernels
