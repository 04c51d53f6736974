// Recorded public traffic of providers that speak the OpenAI chat dialect: six recordings that lie
// here, and the whole corpus where it is present.

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

std::vector<fs::path> recordings(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* folder : kFolders) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::directory_iterator(root / folder)) {
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

struct Recordings {
  const char* name;
  bool ours;
  int least;  // How many of them are replies with a choice.
};

class OpenAiCorpus : public ::testing::TestWithParam<Recordings> {
 protected:
  void SetUp() override {
    root = GetParam().ours ? fs::path(PINGJIA_SOURCE_DIR) / "tests/adapters/wire/recordings"
                           : corpus();
    if (!GetParam().ours && !fs::is_directory(root)) {
      GTEST_SKIP() << "SKIPPED: recorded provider streams are not at " << root;
    }
  }

  fs::path root;
};

INSTANTIATE_TEST_SUITE_P(All, OpenAiCorpus,
                         ::testing::Values(Recordings{"ours", true, 5},
                                           Recordings{"corpus", false, 30}),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(OpenAiCorpus, EveryReplyDecodesWithTextOrAToolCallAndUsageThatAddsUp) {
  int decoded = 0;
  for (const auto& file : recordings(root)) {
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
  EXPECT_GE(decoded, GetParam().least);
  RecordProperty("decoded", decoded);
}

// The recordings with their framing put back, cut anywhere, decode to the same completion.
TEST_P(OpenAiCorpus, AnyCutOfAStreamGivesTheSameCompletion) {
  harness::Rng rng(4, "corpus cuts");
  ChunkReader reader;
  for (const auto& file : recordings(root)) {
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
