#include "harness/spec/model_name.h"

#include <gtest/gtest.h>

namespace pingjia::harness {
namespace {

TEST(SameModel, PassesOverCaseFolderAndSeparators) {
  EXPECT_TRUE(same_model("deepseek-ai/DeepSeek-R1", "DeepSeek R1"));
  EXPECT_TRUE(same_model("models/qwen2.5_7b.gguf", "Qwen2.5-7B"));
}

TEST(SameModel, AVariantIsAnotherModel) {
  EXPECT_FALSE(same_model("Qwen2.5-7B", "Qwen2.5-7B-Instruct"));
  EXPECT_FALSE(same_model("Qwen2.5-7B-Q4_K_M.gguf", "Qwen2.5-7B"));
  EXPECT_FALSE(same_model("", ""));
}

}  // namespace
}  // namespace pingjia::harness
