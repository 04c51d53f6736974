#include "kernels/measure/options.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::kernels {
namespace {

Options options_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "pingjia-kernels");
  return take_options(arguments);
}

std::string problem_of(const std::vector<std::string>& arguments) {
  try {
    options_of(arguments);
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "";
}

TEST(Options, AreTakenOutOfTheArguments) {
  std::vector<std::string> arguments = {"program",       "--budget=5m", "--benchmark_filter=moe",
                                        "--model",       "a,b.json",    "--benchmark_repetitions=3",
                                        "--cache=both",  "--threads=4", "--isa=all",
                                        "--out=runs/tab"};
  const Options options = take_options(arguments);
  EXPECT_EQ(arguments, (std::vector<std::string>{"program", "--benchmark_filter=moe",
                                                 "--benchmark_repetitions=3"}));
  EXPECT_EQ(options.budget, 300);
  EXPECT_EQ(options.models, (std::vector<std::string>{"a", "b.json"}));
  EXPECT_EQ(options.caches, (std::vector<std::string>{"hot", "cold"}));
  EXPECT_EQ(options.threads, 4);
  EXPECT_TRUE(options.every_isa);
  EXPECT_EQ(options.device, "cpu");
  EXPECT_FALSE(options.check_only);
  EXPECT_EQ(options.out, "runs/tab");
  EXPECT_EQ(options.filter, "moe");
}

TEST(Options, ReadTimes) {
  EXPECT_EQ(options_of({"--budget=300s"}).budget, 300);
  EXPECT_EQ(options_of({"--budget", "0.5m"}).budget, 30);
  EXPECT_EQ(options_of({"--budget=12"}).budget, 12);
  EXPECT_FALSE(options_of({}).budget);
}

TEST(Options, NameADeviceAndLeaveOutTheTiming) {
  EXPECT_EQ(options_of({"--device=cuda"}).device, "cuda");
  EXPECT_TRUE(options_of({"--check=only"}).check_only);
}

TEST(Options, RefuseWhatMakesNoSense) {
  EXPECT_NE(problem_of({"--budget=soon"}).find("'soon' is no time"), std::string::npos);
  EXPECT_NE(problem_of({"--budget=-1s"}).find("--budget"), std::string::npos);
  EXPECT_NE(problem_of({"--threads=0"}).find("--threads"), std::string::npos);
  EXPECT_NE(problem_of({"--cache=warm"}).find("write hot, cold or both"), std::string::npos);
  EXPECT_NE(problem_of({"--check=some"}).find("write only"), std::string::npos);
  EXPECT_NE(problem_of({"--isa=neon"}).find("write best or all"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::kernels
