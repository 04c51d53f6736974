#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace {

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

TEST(KernelsProgram, WritesCheckedRowsWithCountersAndContext) {
  const auto finished = run_kernels(
      "--benchmark_filter=attention/prefill_reference/.*/d64/s64/ --benchmark_min_time=0.001 "
      "--benchmark_format=json");
  ASSERT_EQ(finished.exit_code, 0);
  const auto document = nlohmann::json::parse(finished.output);
  const auto& context = document.at("context");
  EXPECT_EQ(context.at("pingjia_schema_version"), "1");
  for (const char* key :
       {"processor", "compiler", "build_type", "last_level_cache_bytes", "cuda"}) {
    EXPECT_FALSE(context.at(key).get<std::string>().empty()) << key;
  }
  const auto& rows = document.at("benchmarks");
  ASSERT_EQ(rows.size(), 2U);
  for (const auto& row : rows) {
    EXPECT_FALSE(row.contains("error_occurred")) << row;
    EXPECT_GT(row.at("FLOPS").get<double>(), 0);
    EXPECT_GE(row.at("largest_difference").get<double>(), 0);
    EXPECT_LE(row.at("largest_difference").get<double>(), 1e-4);
  }
  // 2 x 8 heads x 64 queries x 64 keys x 128, and half of it under a causal mask.
  EXPECT_EQ(rows[0].at("flops"), 8'388'608.0);
  EXPECT_EQ(rows[1].at("flops"), 4'194'304.0);
}

TEST(KernelsProgram, ListsAttentionAndMemory) {
  const auto finished = run_kernels("--benchmark_list_tests");
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_NE(finished.output.find("attention/prefill_reference/fp32/h4/kv1/d128/s512/causal"),
            std::string::npos);
  EXPECT_NE(finished.output.find("memory/triad/float64/iterations:8/real_time/threads:1\n"),
            std::string::npos);
  EXPECT_NE(finished.output.find("memory/copy/float64/iterations:8/real_time/threads:1\n"),
            std::string::npos);
}

TEST(KernelsProgram, ExitsWithOneWhenAKernelFailsItsCheck) {
  const auto failed = run_kernels("--benchmark_format=json", "failing_kernels");
  EXPECT_EQ(failed.exit_code, 1);
  const auto rows = nlohmann::json::parse(failed.output).at("benchmarks");
  EXPECT_EQ(rows.at(0).at("error_message"), "differs from the reference");
  EXPECT_EQ(run_kernels("--benchmark_filter=passes", "failing_kernels").exit_code, 0);
}

TEST(KernelsProgram, RefusesAnUnknownFlag) {
  EXPECT_EQ(run_kernels("--nonsense").exit_code, 2);
}

}  // namespace
