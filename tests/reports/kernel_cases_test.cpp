#include "reports/kernel_cases.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

using harness::KernelRow;
using harness::KernelTable;

KernelRow row(const std::string& implementation, bool ours, std::int64_t length, double seconds,
              double share) {
  KernelRow made;
  made.op = "attention/decode";
  made.type = "bf16";
  made.model = "random";
  made.shape = {{"batch", 2}, {"length", length}};
  made.implementation = implementation;
  made.ours = ours;
  made.cache = "cold";
  made.flops = 4e9;
  made.bytes = 2e6;
  made.seconds = harness::KernelTimes{9, seconds, seconds, seconds, seconds, seconds};
  made.roof_fraction = share;
  return made;
}

KernelTable table() {
  KernelTable made;
  made.rows = {row("onednn", false, 64, 2e-3, 0.3),  row("ours avx2", true, 64, 3e-3, 0.2),
               row("ours amx", true, 64, 1e-3, 0.6), row("ggml", false, 64, 8e-3, 0.1),
               row("onednn", false, 128, 2e-3, 0.3), row("ours amx", true, 128, 4e-3, 0.2),
               row("ours amx", true, 256, 4e-3, 0.4)};
  made.rows[3].status = KernelRow::kRejected;
  return made;
}

TEST(KernelGroups, PutTheSameWorkIntoOneCase) {
  const KernelTable made = table();
  const auto groups = kernel_groups(made);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].varying, "length");
  EXPECT_EQ(groups[0].fixed, "random, batch 2, cold");
  ASSERT_EQ(groups[0].cases.size(), 3u);
  const KernelCase& first = groups[0].cases[0];
  EXPECT_EQ(first.label, "64");
  EXPECT_EQ(first.rows.size(), 4u);
  EXPECT_EQ(first.best_ours->implementation, "ours amx");
  EXPECT_EQ(first.best_other->implementation, "onednn");
  EXPECT_DOUBLE_EQ(*first.lead(*first.best_ours), 2);
  EXPECT_DOUBLE_EQ(*first.lead(*first.best_other), 1);
  EXPECT_FALSE(first.lead(made.rows[3])) << "a rejected time is no time";
  EXPECT_EQ(groups[0].cases[2].best_other, nullptr);
}

TEST(KernelGroups, LabelsSayWhatDiffers) {
  KernelTable made = table();
  made.rows[4].model = made.rows[5].model = "Qwen3-32B";
  made.rows[6].cache = "hot";
  made.rows[6].shape["batch"] = 3;
  const auto groups = kernel_groups(made);
  EXPECT_EQ(groups[0].varying, "batch × length");
  EXPECT_EQ(groups[0].fixed, "");
  EXPECT_EQ(groups[0].cases[1].label, "2 × 128, Qwen3-32B, cold");
  EXPECT_EQ(groups[0].cases[2].label, "3 × 256, random, hot");
}

TEST(KernelGroups, WhatTheModelSaysIsNotSaidAgain) {
  KernelTable made = table();
  for (auto& row : made.rows) row.shape["heads"] = 32;
  made.rows[6].model = "Qwen3-32B";
  made.rows[6].shape["heads"] = 64;
  const auto groups = kernel_groups(made);
  EXPECT_EQ(groups[0].varying, "length");
  EXPECT_EQ(groups[0].fixed, "batch 2, cold");
  EXPECT_EQ(groups[0].cases[2].label, "256, Qwen3-32B");
}

TEST(KernelGroups, EqualDimensionsAreSaidOnce) {
  KernelTable made = table();
  for (auto& row : made.rows) row.shape["query"] = row.shape["length"];
  EXPECT_EQ(kernel_groups(made)[0].varying, "length = query");
  EXPECT_EQ(kernel_groups(made)[0].cases[0].label, "64");
  made.rows[6].shape["query"] = 1;
  EXPECT_EQ(kernel_groups(made)[0].varying, "length × query");
  EXPECT_EQ(kernel_groups(made)[0].cases[2].label, "256 × 1");
}

TEST(Implementations, OursComeFirst) {
  const auto list = implementations(table());
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[0].name, "ours avx2");
  EXPECT_EQ(list[1].name, "ours amx");
  EXPECT_EQ(list[2].name, "onednn");
  EXPECT_FALSE(list[3].ours);
}

TEST(StandingOf, CountsCasesByOurBest) {
  const KernelTable made = table();
  const auto groups = kernel_groups(made);
  const auto standing = standing_of(all_cases(groups));
  EXPECT_EQ(standing.cases, 3u);
  EXPECT_EQ(standing.compared, 2u);
  EXPECT_EQ(standing.ahead, 1u);
  EXPECT_DOUBLE_EQ(*standing.median_roof, 0.4);
  EXPECT_DOUBLE_EQ(*standing.median_lead, 1.25);
  EXPECT_DOUBLE_EQ(*standing.least_lead, 0.5);
  EXPECT_DOUBLE_EQ(*standing.most_lead, 2);
  EXPECT_FALSE(standing_of({}).median_roof);
}

TEST(KernelNumbers, AreForPeople) {
  EXPECT_EQ(time_text(1.5), "1.50 s");
  EXPECT_EQ(time_text(1.5e-3), "1.50 ms");
  EXPECT_EQ(time_text(15e-6), "15.0 µs");
  EXPECT_EQ(time_text(1.5e-7), "150 ns");
  EXPECT_EQ(per_second_text(2.4e10, "B/s"), "24.0 GB/s");
  EXPECT_EQ(flops_text(table().rows[2]), "4.00 TFLOP/s");
  EXPECT_EQ(bytes_text(table().rows[2]), "2.00 GB/s");
  KernelRow none = table().rows[2];
  none.status = KernelRow::kFailed;
  EXPECT_EQ(flops_text(none), "");
  EXPECT_EQ(percent_text(0.714), "71 %");
  EXPECT_EQ(percent_text(0.034), "3.4 %");
  EXPECT_EQ(percent_text(std::nullopt), "—");
  EXPECT_EQ(times_text(1.5), "1.50×");
}

}  // namespace
}  // namespace pingjia::reports
