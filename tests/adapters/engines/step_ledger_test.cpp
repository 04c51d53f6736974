#include "adapters/engines/step_ledger.h"

#include <gtest/gtest.h>

namespace pingjia::adapters::engines {
namespace {

TEST(StepLedger, KeepsTheTwoKindsApart) {
  StepLedger ledger;
  ledger.add_prefill(100, 1, 5000);
  ledger.add_decode(8, 8, 900);
  ledger.add_decode(7, 7, 800);
  ledger.add_reused(64);
  EXPECT_EQ(ledger.prefill().input, 100);
  EXPECT_EQ(ledger.decode().steps, 2);
  EXPECT_EQ(ledger.decode().ns, 1700);
  EXPECT_EQ(ledger.output(), 16);
  EXPECT_EQ(ledger.reused(), 64);
}

TEST(StepLedger, SharesOfAStepSumToTheStep) {
  for (const std::int64_t ns : {0LL, 1LL, 999'999'937LL, 3'600'000'000'000LL}) {
    for (const std::int64_t total : {1, 3, 7, 512}) {
      std::int64_t sum = 0;
      for (std::int64_t at = 0; at < total; ++at) {
        const std::int64_t part = share(ns, at, at + 1, total);
        EXPECT_GE(part, ns / total);
        EXPECT_LE(part, ns / total + 1);
        sum += part;
      }
      EXPECT_EQ(sum, ns);
    }
  }
}

}  // namespace
}  // namespace pingjia::adapters::engines
