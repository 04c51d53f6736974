#include "harness/summary/kernel_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/summary/kernel_samples.h"

namespace pingjia::harness {
namespace {

KernelRow measured() {
  KernelRow row;
  row.op = "attention/prefill";
  row.type = "bf16";
  row.model = "Llama-3.1-8B";
  row.shape = {{"query_length", 512}, {"batch", 1}};
  row.implementation = "pingjia amx";
  row.ours = true;
  row.cache = "cold";
  row.flops = 4.3e9;
  row.bytes = 1e7;
  row.seconds = KernelTimes{3, 2e-3, 1.9e-3, 2.1e-3, 1.95e-3, 2.05e-3};
  row.cycles = KernelTimes{3, 4e6, 3.9e6, 4.1e6, 3.95e6, 4.05e6};
  row.clock_hz = 2e9;
  row.roof = "bf16";
  row.roof_fraction = 0.7;
  row.other_clocks = {{"cupti", 1.8e-3}};
  return row;
}

StoredKernels stored() {
  KernelRow absent = measured();
  absent.implementation = "blis";
  absent.ours = false;
  absent.status = KernelRow::kAbsent;
  absent.reason = "libblis.so.4 is not installed";
  absent.seconds = absent.cycles = std::nullopt;
  absent.clock_hz = absent.roof_fraction = std::nullopt;
  absent.roof = std::nullopt;
  KernelRow hot = measured();
  hot.cache = "hot";
  hot.cycles = std::nullopt;
  StoredKernels kernels;
  kernels.table = {{{"processor", "Xeon"}},
                   {{"dram", 5e10, "B/s", "STREAM triad, 2 threads"},
                    {"bf16", 3e12, "FLOP/s", "tdpbf16ps loop, 2 threads"}},
                   {measured(), absent, hot}};
  kernels.samples = {
      {{2e-3F, 1.9e-3F, 2.1e-3F}, {4e6F, 3.9e6F, 4.1e6F}}, {}, {{1e-3F, 1.5e-3F, 1.25e-3F}, {}}};
  return kernels;
}

std::filesystem::path folder_of_this_test() {
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::remove_all(folder);
  return folder;
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(KernelTable, RowIsNamedByWhatItIs) {
  EXPECT_EQ(kernel_row_name(measured()),
            "attention/prefill/bf16/Llama-3.1-8B/batch:1/query_length:512/cold/pingjia amx");
}

TEST(KernelTable, SurvivesJson) {
  const auto json = kernel_table_to_json(stored().table);
  EXPECT_EQ(json.at("schema_version"), 1);
  const auto again = kernel_table_from_json(nlohmann::json::parse(json.dump()), "kernels.json");
  EXPECT_EQ(kernel_table_to_json(again).dump(), json.dump());
  EXPECT_EQ(again.rows[1].status, KernelRow::kAbsent);
  EXPECT_FALSE(again.rows[1].seconds);
  EXPECT_EQ(again.rows[0].shape.at("query_length"), 512);
  EXPECT_DOUBLE_EQ(again.rows[0].cycles->high, 4.1e6);
}

TEST(KernelTable, BadInputIsOneLineThatNamesThePlace) {
  const auto good = kernel_table_to_json(stored().table);
  const auto error_after = [&](const std::function<void(nlohmann::json&)>& spoil) {
    auto json = good;
    spoil(json);
    return error_of([&] { kernel_table_from_json(json, "kernels.json"); });
  };
  using J = nlohmann::json;
  const std::vector<std::pair<std::function<void(J&)>, std::string>> cases{
      {[](J& j) { j["schema_version"] = 2; }, "newer than this program's 1"},
      {[](J& j) { j.erase("roofs"); }, "missing key 'roofs'"},
      {[](J& j) { j["context"]["processor"] = 3; }, "context.processor: expected a text"},
      {[](J& j) { j["roofs"][0]["value"] = 0; }, "roofs[0].value: is 0"},
      {[](J& j) { j["roofs"][0]["unit"] = "GB/s"; }, "unknown value 'GB/s'"},
      {[](J& j) { j["roofs"][1]["name"] = "dram"; }, "second roof of this name"},
      {[](J& j) { j["rows"][0]["status"] = "fine"; }, "rows[0].status: unknown value 'fine'"},
      {[](J& j) { j["rows"][0]["cache"] = "warm"; }, "rows[0].cache: unknown value 'warm'"},
      {[](J& j) { j["rows"][0]["seconds"] = nullptr; }, "\"ok\" without seconds"},
      {[](J& j) { j["rows"][0]["seconds"]["median"] = 0; }, "rows[0].seconds.median: is 0"},
      {[](J& j) { j["rows"][0]["cycles"]["samples"] = 4; }, "another number than that of seconds"},
      {[](J& j) { j["rows"][1]["reason"] = ""; }, "rows[1].reason: is empty"},
      {[](J& j) { j["rows"][0]["roof"] = "fp8"; }, "no roof 'fp8'"},
      {[](J& j) { j["rows"][2]["cache"] = "cold"; }, "rows[2]: a second row attention/prefill"},
      {[](J& j) { j["rows"][0]["shape"]["batch"] = 1.5; }, "rows[0].shape.batch: expected"},
  };
  for (const auto& [spoil, expected] : cases) {
    const auto message = error_after(spoil);
    EXPECT_NE(message.find(expected), std::string::npos) << message << "\nwanted: " << expected;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(KernelTable, SamplesComeBackBesideTheirRows) {
  const auto folder = folder_of_this_test();
  EXPECT_FALSE(has_kernels(folder));
  StoredKernels kernels = stored();
  write_kernels(folder, kernels);
  EXPECT_TRUE(has_kernels(folder));
  EXPECT_EQ(kernels.table.rows[2].first_sample, 6);
  for (const auto& given : {folder, folder / "kernels.json"}) {
    const auto again = read_kernels(given);
    ASSERT_EQ(again.samples.size(), 3u);
    EXPECT_EQ(again.samples[0].seconds, kernels.samples[0].seconds);
    EXPECT_EQ(again.samples[0].cycles, kernels.samples[0].cycles);
    EXPECT_TRUE(again.samples[1].seconds.empty());
    EXPECT_EQ(again.samples[2].seconds, kernels.samples[2].seconds);
  }
  // 1.0f is 00 00 80 3f in the file whatever the machine.
  kernels.samples[0].seconds[0] = 1.0F;
  write_kernels(folder, kernels);
  EXPECT_EQ(read_file(folder / "kernels.samples").substr(0, 4), std::string("\0\0\x80\x3f", 4));
}

TEST(KernelTable, SamplesThatDoNotFitTheTableAreRefused) {
  const auto folder = folder_of_this_test();
  StoredKernels kernels = stored();
  write_kernels(folder, kernels);
  const auto read = [&] { read_kernels(folder); };
  std::filesystem::resize_file(folder / "kernels.samples", 30);
  EXPECT_NE(error_of(read).find("holds 30 bytes"), std::string::npos);
  kernels.samples[0].cycles[1] = 0;
  write_kernels(folder, kernels);
  EXPECT_NE(error_of(read).find("number 4 is 0, which is no time"), std::string::npos);
  std::filesystem::remove(folder / "kernels.samples");
  EXPECT_NE(error_of(read).find("no such file"), std::string::npos);
  EXPECT_EQ(read_kernel_table(folder).rows.size(), 3u) << "the table alone needs no samples";
}

}  // namespace
}  // namespace pingjia::harness
