// Recorded public traffic of providers that speak the OpenAI chat dialect, where it is present.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/wire/openai_chat.h"
#include "harness/base/rng.h"

namespace pingjia::adapters {
namespace {

namespace fs = std::filesystem;
using harness::Completion;
using harness::Finish;

// Beside the checkout, or where PINGJIA_TEST_DATA says.
fs::path corpus() {
  const char* const elsewhere = std::getenv("PINGJIA_TEST_DATA");
  const auto data =
      elsewhere != nullptr ? fs::path(elsewhere) : fs::path(PINGJIA_SOURCE_DIR) / "../shared/data";
  return data / "provider_streams";
}

constexpr const char* kFolders[] = {"openai/chat", "azure",   "deepseek/chat",
                                    "groq",        "mistral", "xai",
                                    "moonshotai",  "alibaba", "perplexity"};

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// Chat recordings only: these folders also hold the Responses dialect, and transcriptions.
bool is_chat(const std::string& text) {
  return text.find("\"choices\"") != std::string::npos ||
         text.find("\"error\"") != std::string::npos;
}

std::vector<fs::path> recordings() {
  std::vector<fs::path> files;
  for (const char* folder : kFolders) {
    if (!fs::is_directory(corpus() / folder)) continue;
    for (const auto& entry : fs::directory_iterator(corpus() / folder)) {
      if (entry.is_regular_file() && is_chat(text_of(entry.path()))) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_stream(const fs::path& file) {
  return file.string().ends_with(".chunks.txt");
}

bool has_total(const Completion& completion) {
  return completion.usage.raw.find("total_tokens") != std::string::npos;
}

class OpenAiCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(corpus())) {
      GTEST_SKIP() << "SKIPPED: recorded provider streams are not at " << corpus();
    }
  }
};

TEST_F(OpenAiCorpus, EveryReplyDecodesWithTextOrAToolCallAndUsageThatAddsUp) {
  int decoded = 0;
  for (const auto& file : recordings()) {
    SCOPED_TRACE(file);
    const std::string text = text_of(file);
    const Completion completion = decode_openai(text);
    if (text.find("\"choices\"") == std::string::npos) {
      EXPECT_TRUE(completion.failure.has_value());
      continue;
    }
    ++decoded;
    EXPECT_FALSE(completion.failure.has_value()) << completion.failure->message;
    EXPECT_NE(completion.finish, Finish::kUnknown) << completion.finish_raw;
    EXPECT_FALSE(completion.model.empty());
    if (completion.finish == Finish::kToolCalls ||
        file.string().find("tool") != std::string::npos) {
      continue;
    }
    EXPECT_FALSE(completion.text.empty() && completion.reasoning.empty());
    for (const auto& note : completion.notes) EXPECT_EQ(note.find("add up"), note.npos) << note;
    if (has_total(completion)) {
      const auto usage = nlohmann::json::parse(completion.usage.raw);
      EXPECT_EQ(*completion.usage.total_input() + *completion.usage.total_output(),
                usage["total_tokens"].get<std::int64_t>());
    }
  }
  EXPECT_GE(decoded, 30);
  RecordProperty("decoded", decoded);
}

// The recordings with their framing put back, cut anywhere, decode to the same completion.
TEST_F(OpenAiCorpus, AnyCutOfAStreamGivesTheSameCompletion) {
  harness::Rng rng(4, "corpus cuts");
  ChunkReader reader;
  for (const auto& file : recordings()) {
    if (!is_stream(file)) continue;
    SCOPED_TRACE(file);
    std::istringstream lines(text_of(file));
    std::string stream;
    for (std::string line; std::getline(lines, line);) stream += "data: " + line + "\r\n\r\n";
    stream += "data: [DONE]\r\n\r\n";
    const Completion whole = decode_openai(stream);
    for (const std::size_t longest : {1UL, 7UL, 5000UL}) {
      OpenAiChatDecoder decoder(reader);
      for (std::size_t at = 0; at < stream.size();) {
        std::string piece = stream.substr(at, 1 + rng.below(longest));
        at += piece.size();
        const Read read{static_cast<harness::Nanos>(at), piece.size()};
        const auto size = piece.size();
        piece.append(kReadPadding, '\0');
        decoder.feed({piece.data(), size}, {&read, 1});
      }
      const Completion cut = decoder.finish({}, false);
      EXPECT_FALSE(cut.failure.has_value());
      EXPECT_EQ(cut.text, whole.text);
      EXPECT_EQ(cut.reasoning, whole.reasoning);
      EXPECT_EQ(cut.usage.raw, whole.usage.raw);
      EXPECT_EQ(cut.finish, whole.finish);
    }
  }
}

}  // namespace
}  // namespace pingjia::adapters
