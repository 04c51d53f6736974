#include "kernels/comparison/command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/error.h"
#include "tests/kernels/comparison/made_table.h"

namespace pingjia::kernels {
namespace {

std::string folder(const std::string& name) {
  const auto made = std::filesystem::path(testing::TempDir()) / ("kernels_compare_" + name);
  std::filesystem::remove_all(made);
  return made.string();
}

harness::StoredKernels quiet(double factor) {
  harness::Rng rng(1, "quiet");
  return made_table(rng, 3, 30, {0.002, 0, 0, 0, 0, 0}, factor, true);
}

TEST(RunCompare, ExitsWithOneOnASlowRowAlone) {
  const auto a = folder("a");
  const auto b = folder("b");
  auto before = quiet(1);
  auto after = quiet(1.15);
  harness::write_kernels(a, before);
  harness::write_kernels(b, after);
  std::ostringstream slower;
  EXPECT_EQ(run_compare(std::vector<std::string>{a, b + "/kernels.json"}, slower), 1);
  EXPECT_NE(slower.str().find("3 SLOW"), std::string::npos) << slower.str();
  std::ostringstream faster;
  EXPECT_EQ(run_compare(std::vector<std::string>{b, a, "--json"}, faster), 0);
  EXPECT_EQ(nlohmann::json::parse(faster.str()).at("rows").at(0).at("verdict"), "FAST");
}

TEST(RunCompare, TakesSeveralRunsOfASide) {
  std::vector<std::string> names;
  for (const double factor : {1.0, 1.01, 1.2, 1.3}) {
    names.push_back(folder("run" + std::to_string(names.size())));
    auto kernels = quiet(factor);
    harness::write_kernels(names.back(), kernels);
  }
  std::ostringstream apart, mixed;
  EXPECT_EQ(
      run_compare(std::vector<std::string>{names[0] + "," + names[1], names[2] + "," + names[3]},
                  apart),
      1);
  EXPECT_EQ(
      run_compare(std::vector<std::string>{names[0] + "," + names[2], names[1] + "," + names[3]},
                  mixed),
      0);
  EXPECT_NE(mixed.str().find("runs of A and B overlap"), std::string::npos) << mixed.str();
  std::ostringstream none;
  EXPECT_THROW(run_compare(std::vector<std::string>{names[0], ","}, none), harness::Error);
}

TEST(RunCompare, ProgramExitsWithTwoOnBadInput) {
  const auto run = [](const std::string& arguments) {
    const auto command = std::string(PINGJIA_PROGRAMS_DIR) + "/pingjia-kernels " + arguments;
    return WEXITSTATUS(std::system((command + " >/dev/null 2>&1").c_str()));
  };
  const auto a = folder("c");
  auto kernels = quiet(1);
  harness::write_kernels(a, kernels);
  EXPECT_EQ(run("compare " + a + " " + a), 0);
  EXPECT_EQ(run("compare " + a + " /nowhere"), 2);
  EXPECT_EQ(run("compare " + a), 2);
  EXPECT_EQ(run("compair " + a + " " + a), 2);
}

TEST(RunCompare, TablesWithoutACommonRowAreBadInput) {
  const auto a = folder("d");
  const auto b = folder("e");
  auto before = quiet(1);
  auto after = quiet(1);
  for (auto& row : after.table.rows) row.type = "fp32";
  harness::write_kernels(a, before);
  harness::write_kernels(b, after);
  std::ostringstream out;
  EXPECT_THROW(run_compare(std::vector<std::string>{a, b}, out), harness::Error);
}

}  // namespace
}  // namespace pingjia::kernels
