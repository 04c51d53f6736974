#include "tests/oracle_gguf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "tests/gguf_file.h"

namespace pingjia::tests {
namespace {

/// Reads back what GgufFile writes: enough of GGUF to look at keys and F32 matrices.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(bytes_.substr(0, 4), "GGUF");
    at_ = 4;
    EXPECT_EQ(next<std::uint32_t>(), 3u);
    const auto tensors = next<std::uint64_t>();
    const auto keys = next<std::uint64_t>();
    for (std::uint64_t i = 0; i < keys; ++i) read_key();
    for (std::uint64_t i = 0; i < tensors; ++i) read_tensor();
    data_ = (at_ + 31) / 32 * 32;
  }

  std::map<std::string, std::string> texts;
  std::map<std::string, double> numbers;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, std::size_t> offsets;
  std::map<std::string, std::size_t> columns;

  std::size_t size() const { return bytes_.size(); }
  std::size_t data() const { return data_; }

  float at(const std::string& tensor, std::size_t row, std::size_t column) const {
    float value = 0;
    const std::size_t index = row * columns.at(tensor) + column;
    std::memcpy(&value, bytes_.data() + data_ + offsets.at(tensor) + 4 * index, 4);
    return value;
  }

 private:
  template <typename T>
  T next() {
    T value{};
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  std::string text() {
    const auto size = next<std::uint64_t>();
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }

  void read_key() {
    const std::string key = text();
    const auto type = next<std::uint32_t>();
    if (type == 4) numbers[key] = next<std::uint32_t>();
    if (type == 6) numbers[key] = next<float>();
    if (type == 7) numbers[key] = next<std::uint8_t>();
    if (type == 8) texts[key] = text();
    if (type != 9) return;
    const auto element = next<std::uint32_t>();
    const auto count = next<std::uint64_t>();
    for (std::uint64_t i = 0; i < count; ++i) {
      if (element == 8) lists[key].push_back(text());
      if (element == 5) lists[key].push_back(std::to_string(next<std::int32_t>()));
      if (element == 6) lists[key].push_back(std::to_string(next<float>()));
    }
  }

  void read_tensor() {
    const std::string name = text();
    const auto dims = next<std::uint32_t>();
    columns[name] = next<std::uint64_t>();
    for (std::uint32_t i = 1; i < dims; ++i) next<std::uint64_t>();
    next<std::uint32_t>();
    offsets[name] = next<std::uint64_t>();
  }

  std::string bytes_;
  std::size_t at_ = 0;
  std::size_t data_ = 0;
};

std::filesystem::path temporary(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / name;
}

TEST(OracleTable, AnswersCharacterByCharacterAndStops) {
  OracleTable table;
  table.answer(kAssistantToken, "42");
  const int four = tokens_of("4")[0], two = tokens_of("2")[0];
  EXPECT_NEAR(table.log_probability(kAssistantToken, four), 0, 1e-9);
  EXPECT_NEAR(table.log_probability(four, two), 0, 1e-9);
  EXPECT_NEAR(table.log_probability(two, kEosToken), 0, 1e-9);
  EXPECT_LT(table.log_probability(kAssistantToken, two), -29);
}

TEST(OracleTable, GivesLettersTheirProbabilities) {
  OracleTable table;
  table.follow(kAssistantToken, {{"A", 0.5}, {"B", 0.3}, {"C", 0.1}});
  EXPECT_NEAR(table.log_likelihood(kAssistantToken, "A"), std::log(0.5), 1e-9);
  EXPECT_NEAR(table.log_likelihood(kAssistantToken, "B"), std::log(0.3), 1e-9);
  EXPECT_NEAR(table.log_probability(kAssistantToken, kEosToken), std::log(0.1), 1e-9);
}

TEST(OracleTable, RefusesWhatABigramCannotSay) {
  OracleTable table;
  EXPECT_THROW(table.answer(kAssistantToken, "abab!"), std::invalid_argument);
  EXPECT_THROW(table.follow(kAssistantToken, {{"AB", 1}}), std::invalid_argument);
  EXPECT_THROW(table.follow(kAssistantToken, {{"A", 0.7}, {"B", 0.7}}), std::invalid_argument);
}

TEST(OracleTable, AnswersByTheLastCharacterOfThePrompt) {
  OracleTable table;
  table.answer('1', "x");
  table.answer('2', "y");
  EXPECT_NEAR(table.log_likelihood(tokens_of("1")[0], "x"), 0, 1e-9);
  EXPECT_NEAR(table.log_likelihood(tokens_of("2")[0], "y"), 0, 1e-9);
}

TEST(OracleGguf, HoldsTheTokenizerAndTheTable) {
  OracleTable table;
  table.follow(kAssistantToken, {{"A", 0.5}, {"B", 0.3}, {"C", 0.2}});
  const std::filesystem::path path = temporary("oracle.gguf");
  write_oracle_gguf(path, table, kBareTemplate);
  const Reader file(path);
  EXPECT_EQ(file.texts.at("general.architecture"), "llama");
  EXPECT_EQ(file.texts.at("tokenizer.chat_template"), kBareTemplate);
  EXPECT_EQ(file.numbers.at("llama.block_count"), 1);
  EXPECT_EQ(file.numbers.at("tokenizer.ggml.eos_token_id"), kEosToken);
  EXPECT_EQ(file.numbers.at("tokenizer.ggml.add_space_prefix"), 0);
  const auto& tokens = file.lists.at("tokenizer.ggml.tokens");
  ASSERT_EQ(tokens.size(), std::size_t{kVocabulary});
  EXPECT_EQ(tokens[kAssistantToken], "<|assistant|>");
  EXPECT_EQ(tokens[static_cast<std::size_t>(tokens_of("\n")[0])], "<0x0A>");
  EXPECT_EQ(tokens[static_cast<std::size_t>(tokens_of("~")[0])], "~");
  EXPECT_EQ(file.lists.at("tokenizer.ggml.token_type")[kAssistantToken], "3");
  const auto b = static_cast<std::size_t>(tokens_of("B")[0]);
  EXPECT_FLOAT_EQ(file.at("output.weight", b, kAssistantToken), std::log(0.3f));
  EXPECT_FLOAT_EQ(file.at("token_embd.weight", b, b), std::sqrt(384.0f));
  EXPECT_EQ(file.at("token_embd.weight", b, b + 1), 0.0f);
}

TEST(DemoModels, HaveTheSameTokenizerAndAreSmall) {
  const std::filesystem::path folder =
      std::filesystem::path(PINGJIA_SOURCE_DIR) / "adapters/models";
  write_oracle_gguf(temporary("tokenizer.gguf"), OracleTable());
  const Reader oracle(temporary("tokenizer.gguf"));
  for (const std::string name : {"dense", "moe"}) {
    const std::filesystem::path path = folder / ("pingjia-tiny-" + name + ".gguf");
    const Reader model(path);
    for (const char* list : {"tokenizer.ggml.tokens", "tokenizer.ggml.token_type"}) {
      EXPECT_EQ(model.lists.at(list), oracle.lists.at(list)) << name;
    }
    EXPECT_EQ(model.texts.at("tokenizer.chat_template"), kRoleTemplate);
    EXPECT_EQ(model.texts.at("general.architecture"), name == "moe" ? "qwen2moe" : "llama");
    EXPECT_LE(std::filesystem::file_size(path), 3'000'000u);
  }
}

TEST(RandomGguf, HasTheParametersAskedForAndIsReproducible) {
  EXPECT_EQ(shape_with(50'000'000).layers, 7u);
  const RandomShape small = {2, 64, 128};
  const std::size_t parameters = write_random_gguf(temporary("a.gguf"), small, 1);
  EXPECT_EQ(parameters, 2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 64 + 2 * 64 * kVocabulary);
  write_random_gguf(temporary("b.gguf"), small, 1);
  write_random_gguf(temporary("c.gguf"), small, 2);
  const Reader a(temporary("a.gguf")), b(temporary("b.gguf")), c(temporary("c.gguf"));
  EXPECT_GE(a.size() - a.data(), 2 * parameters);
  const auto bits = [](const Reader& file) { return file.at("blk.1.ffn_up.weight", 3, 4); };
  EXPECT_EQ(bits(a), bits(b));
  EXPECT_NE(bits(a), bits(c));
}

TEST(HalfOf, RoundsToNearestEven) {
  EXPECT_EQ(half_of(1.0f), 0x3c00);
  EXPECT_EQ(half_of(-2.5f), 0xc100);
  EXPECT_EQ(half_of(1.0f + 1.0f / 2048), 0x3c00);
  EXPECT_EQ(half_of(1.0f + 3.0f / 2048), 0x3c02);
  EXPECT_EQ(half_of(65504.0f), 0x7bff);
  EXPECT_EQ(half_of(1e6f), 0x7c00);
  EXPECT_EQ(half_of(std::ldexp(1.0f, -24)), 0x0001);
  EXPECT_EQ(half_of(0.0f), 0x0000);
}

}  // namespace
}  // namespace pingjia::tests
