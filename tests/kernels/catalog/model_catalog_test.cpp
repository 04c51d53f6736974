#include "kernels/catalog/model_catalog.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "harness/base/error.h"
#include "kernels/table.h"

namespace pingjia::kernels {
namespace {

std::string error_of(const std::string& catalog) {
  try {
    parse_model_catalog(catalog, "mine.json");
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

// In billions. `all`: model cards and arXiv 2412.19437. `active`: arXiv 2508.10925 for gpt-oss;
// what others publish counts embeddings too, so their matrices are added up by hand here.
struct Published {
  double all;
  double active;
};

TEST(ShippedModels, HaveThePublishedNumbersOfParameters) {
  const std::map<std::string, Published> published{
      {"Llama-3.1-8B", {8.030, 7.505}},  {"Llama-3.1-70B", {70.554, 69.503}},
      {"Qwen3-32B", {32.762, 31.984}},   {"Mixtral-8x7B", {46.703, 12.749}},
      {"Qwen3-30B-A3B", {30.532, 3.04}}, {"Qwen3-235B-A22B", {235.094, 21.57}},
      {"gpt-oss-20b", {20.915, 3.61}},   {"gpt-oss-120b", {116.829, 5.13}},
      {"DeepSeek-V3", {671.026, 36.6}},
  };
  std::set<std::string> seen;
  for (const auto& model : shipped_models()) {
    ASSERT_TRUE(published.contains(model.name)) << model.name;
    const auto& [all, active] = published.at(model.name);
    EXPECT_NEAR(static_cast<double>(model.parameters()) / 1e9, all, 1e-3 * all) << model.name;
    EXPECT_NEAR(static_cast<double>(model.active_parameters()) / 1e9, active, 5e-3 * active)
        << model.name;
    EXPECT_FALSE(model.source.empty());
    seen.insert(model.name);
  }
  EXPECT_EQ(seen.size(), published.size());
}

TEST(ShippedModels, KeepTheKnownBytesPerToken) {
  const std::map<std::string, std::int64_t> bytes{{"Llama-3.1-8B", 131'072},
                                                  {"Llama-3.1-70B", 327'680},
                                                  {"Qwen3-235B-A22B", 192'512},
                                                  {"DeepSeek-V3", 70'272}};
  for (const auto& [name, expected] : bytes) {
    EXPECT_EQ(2 * find_model(name).kv_elements_per_token(), expected) << name;
  }
}

TEST(ShippedModels, WindowsKeepNoMoreThanTheirWidth) {
  const ModelShape model = find_model("gpt-oss-120b");
  const std::int64_t per_layer = std::int64_t{2} * 8 * 64;
  EXPECT_EQ(model.kv_elements(128), 36 * per_layer * 128);
  EXPECT_EQ(model.kv_elements(1000), 18 * per_layer * 1000 + 18 * per_layer * 128);
}

TEST(FindModel, KnowsAliasesAndNamesTheNearest) {
  EXPECT_EQ(find_model("deepseek-r1").name, "DeepSeek-V3");
  EXPECT_EQ(find_model("DeepSeek-V3").moe->scoring, Moe::Scoring::kSigmoid);
  try {
    find_model("Llama-3.1-8");
    FAIL();
  } catch (const harness::Error& error) {
    EXPECT_NE(std::string(error.what()).find("Llama-3.1-8B"), std::string::npos) << error.what();
  }
}

TEST(ParseModelCatalog, RefusesWhatCannotBe) {
  const std::string good(model_catalog());
  const auto with = [&](const std::string& from, const std::string& to) {
    EXPECT_NE(good.find(from), std::string::npos) << from;
    return error_of(
        std::regex_replace(good, std::regex(from), to, std::regex_constants::format_first_only));
  };
  EXPECT_EQ(error_of(good), "nothing was thrown");
  EXPECT_NE(with("\"kv_heads\": 8", "\"kv_heads\": 7").find("models[0].kv_heads: does not divide"),
            std::string::npos);
  EXPECT_NE(with("\"top_k\": 2", "\"top_k\": 9").find("models[3].moe.top_k: expected at most 8"),
            std::string::npos);
  EXPECT_NE(with("\"source\": \"meta\"", "\"source\": \"hearsay\"").find("models[0].source"),
            std::string::npos);
  EXPECT_NE(with("\"hidden\": 4096", "\"hiden\": 4096").find("missing key 'hidden'"),
            std::string::npos);
  EXPECT_NE(with("\"schema_version\": 1", "\"schema_version\": 2").find("newer"),
            std::string::npos);
}

}  // namespace
}  // namespace pingjia::kernels
