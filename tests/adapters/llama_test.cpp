#include "adapters/llama.h"

#include <fstream>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "tests/adapters/process_fixture.h"

namespace pingjia::adapters {
namespace {

using nlohmann::json;

/// The row without its worker: what a run file may say, and what is told of a mistake.
class LlamaTest : public ProcessFixture {
 protected:
  std::string error_of(const json& options) {
    try {
      make_llama(options, context());
    } catch (const harness::Error& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_F(LlamaTest, MissingModelIsAnErrorThatNamesThePath) {
  EXPECT_NE(error_of({{"model", "no/such.gguf"}}).find((folder_ / "no/such.gguf").string()),
            std::string::npos);
  EXPECT_NE(error_of(json::object()).find("model"), std::string::npos);
  EXPECT_NE(error_of({{"model", "."}}).find("no file"), std::string::npos);
}

TEST_F(LlamaTest, UnknownKeyIsAnErrorThatNamesTheNearest) {
  std::ofstream(folder_ / "m.gguf") << "x";
  const std::string error = error_of({{"model", "m.gguf"}, {"thread", 1}});
  EXPECT_NE(error.find("threads"), std::string::npos) << error;
  // Before a worker is started, values too.
  EXPECT_NE(error_of({{"model", "m.gguf"}, {"threads", 0}}).find("from 1 to"), std::string::npos);
  EXPECT_NE(error_of({{"model", "m.gguf"}, {"checksum", true}}).find("checksum"),
            std::string::npos);
}

// A stand-in worker that says what it was given: the protocol is the same.
TEST_F(LlamaTest, WorkerGetsAbsolutePathsAndFactsHoldOurHash) {
  std::ofstream(folder_ / "m.gguf") << "weights";
  const auto worker = folder_ / "pingjia-llama-worker";
  std::ofstream(worker) << "#!/usr/bin/env python3\n"
                        << kPreamble << "start()\nfor m in messages(): pass\n";
  std::filesystem::permissions(worker, std::filesystem::perms::owner_all);
  auto here = context();
  here.programs = folder_;
  const auto adapter = make_llama({{"model", "m.gguf"}, {"threads", 2}, {"context", 4096}}, here);
  const harness::Facts facts = adapter->open(8);
  EXPECT_EQ(facts.model_sha256, harness::sha256_hex("weights"));
  EXPECT_EQ(json::parse(facts.details)["engine"]["got"],
            json({{"model", (folder_ / "m.gguf").string()},
                  {"threads", 2},
                  {"context", 4096},
                  {"parallel", 8}}));
  adapter->close();
}

}  // namespace
}  // namespace pingjia::adapters
