#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/summary/kernel_samples.h"
#include "tests/kernels/instrumented.h"

namespace {

namespace harness = pingjia::harness;

struct Finished {
  int exit_code = -1;
  std::string output;
};

/// Runs the real program; standard error is not kept.
Finished run_kernels(const std::string& arguments, const std::string& program = "pingjia-kernels") {
  const std::string command =
      std::string(PINGJIA_PROGRAMS_DIR) + "/" + program + " " + arguments + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  Finished finished;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    finished.output.append(buffer, got);
  }
  const int status = pclose(pipe);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return finished;
}

std::string scratch(const std::string& name) {
  const std::string folder = testing::TempDir() + "kernels_program/" + name;
  std::filesystem::remove_all(folder);
  return folder;
}

/// Listing rows already opens the libraries that they are compared with.
class KernelsProgram : public testing::Test {
 protected:
  void SetUp() override {
    if (pingjia::kernels::kThreadsAreWatched) GTEST_SKIP() << pingjia::kernels::kWatchedReason;
  }
};

// One small row of the real table, measured for real.
TEST_F(KernelsProgram, WritesCheckedRowsWithRoofsSamplesAndContext) {
  if (pingjia::kernels::kTimesMeanNothing) GTEST_SKIP() << pingjia::kernels::kNoTimesReason;
  const std::string folder = scratch("out");
  const auto finished = run_kernels(
      "--benchmark_filter='gemm/o/bf16/.*m:1/' --model=Qwen3-30B-A3B --budget=30s --threads=1 "
      "--out=" +
      folder);
  ASSERT_LE(finished.exit_code, 1) << finished.output;
  const auto benchmark = nlohmann::json::parse(std::ifstream(folder + "/benchmark.json"));
  EXPECT_EQ(benchmark.at("context").at("pingjia_schema_version"), "1");
  const auto stored = harness::read_kernels(folder);
  for (const char* key : {"processor", "compiler", "build_type", "last_level_cache_bytes", "cuda",
                          "threads", "instruction_set", "competing_processors"}) {
    EXPECT_TRUE(stored.table.context.contains(key)) << key;
  }
  EXPECT_EQ(stored.table.roofs.size(), 4U);
  std::size_t ours = 0;
  for (std::size_t i = 0; i < stored.table.rows.size(); ++i) {
    const harness::KernelRow& row = stored.table.rows[i];
    if (!row.ours) continue;
    ++ours;
    // Rejected where somebody else ran while the roofs were measured, and not while the row was.
    EXPECT_TRUE(row.status == harness::KernelRow::kOk ||
                row.reason.find("of the measured roof") != std::string::npos)
        << row.reason;
    EXPECT_EQ(row.flops, 2.0 * 2048 * 4096);
    EXPECT_TRUE(row.roof_fraction);
    EXPECT_EQ(static_cast<std::int64_t>(stored.samples[i].seconds.size()), row.seconds->samples);
  }
  EXPECT_EQ(ours, 1U);
}

TEST_F(KernelsProgram, ChecksRowsWithoutTimingThem) {
  const auto finished = run_kernels(
      "--check=only --benchmark_filter='gemm/o/bf16/.*m:1/' --model=Qwen3-30B-A3B --threads=1");
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_NE(finished.output.find("ok     gemm/o/bf16/Qwen3-30B-A3B/"), std::string::npos)
      << finished.output;
}

TEST_F(KernelsProgram, SaysWhyADeviceCannotBeMeasured) {
  EXPECT_EQ(run_kernels("--device=abacus --benchmark_list_tests").exit_code, 2);
}

TEST_F(KernelsProgram, ListsEveryOp) {
  const auto finished = run_kernels("--benchmark_list_tests");
  EXPECT_EQ(finished.exit_code, 0);
  for (const char* row : {"attention/prefill/bf16/Llama-3.1-8B/", "attention/decode/bf16/",
                          "attention/mla_decode/bf16/DeepSeek-V3/", "gemm/gate_up/bf16/",
                          "gemm/o/fp32/", "moe/layer/bf16/Qwen3-30B-A3B/", "memory/triad/fp64/"}) {
    EXPECT_NE(finished.output.find(row), std::string::npos) << row;
  }
}

TEST_F(KernelsProgram, TakesAnyConfig) {
  const std::string file = testing::TempDir() + "kernels_program_config.json";
  std::ofstream(file) << R"({"model_type": "llama", "hidden_size": 64,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 96, "vocab_size": 100})";
  const auto finished =
      run_kernels("--benchmark_list_tests --benchmark_filter=gemm/qkv --model=" + file);
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_NE(finished.output.find("k:64/m:512/n:128/"), std::string::npos) << finished.output;
}

TEST_F(KernelsProgram, ExitsWithOneWhenAKernelFailsItsCheck) {
  if (pingjia::kernels::kTimesMeanNothing) GTEST_SKIP() << pingjia::kernels::kNoTimesReason;
  const std::string folder = scratch("failing");
  EXPECT_EQ(run_kernels("--out=" + folder, "failing_kernels").exit_code, 1);
  const auto table = harness::read_kernel_table(folder);
  ASSERT_EQ(table.rows.size(), 3U);
  for (const harness::KernelRow& row : table.rows) {
    const bool absent = row.op == "test/absent", failed = row.op == "test/fails";
    EXPECT_EQ(row.status, absent   ? harness::KernelRow::kAbsent
                          : failed ? harness::KernelRow::kFailed
                                   : harness::KernelRow::kOk);
    EXPECT_EQ(row.reason, absent   ? "libnothing.so is not installed"
                          : failed ? "differs from the reference"
                                   : "");
  }
  EXPECT_EQ(run_kernels("--benchmark_filter=passes", "failing_kernels").exit_code, 0);
}

TEST_F(KernelsProgram, RefusesBadInput) {
  EXPECT_EQ(run_kernels("--nonsense").exit_code, 2);
  EXPECT_EQ(run_kernels("--budget=soon").exit_code, 2);
  EXPECT_EQ(run_kernels("--model=Lama-3").exit_code, 2);
  EXPECT_EQ(run_kernels("--benchmark_filter=no/such/row").exit_code, 2);
  EXPECT_EQ(run_kernels("--benchmark_filter='['").exit_code, 2);
  EXPECT_EQ(run_kernels("--out=/dev/null/here --benchmark_filter=memory").exit_code, 2);
}

}  // namespace
