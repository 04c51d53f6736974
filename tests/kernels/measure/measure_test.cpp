#include "kernels/measure/measure.h"

#include <gtest/gtest.h>

#include <new>
#include <thread>

namespace pingjia::kernels {
namespace {

/// Sleeps a little and says what it was told to say.
class MadeTrial final : public Trial {
 public:
  explicit MadeTrial(std::optional<std::string> wrong) : wrong_(std::move(wrong)) {}
  void run() override { std::this_thread::sleep_for(std::chrono::microseconds(100)); }
  std::optional<std::string> check() override { return wrong_; }
  std::vector<std::span<const std::byte>> operands() const override { return {}; }
  std::map<std::string, double> other_clocks(bool cold) override {
    return {{cold ? "cold clock" : "hot clock", 2e-3}};
  }

 private:
  std::optional<std::string> wrong_;
};

Case made_case(std::optional<std::string> wrong = std::nullopt) {
  Case wanted;
  wanted.row.op = "test";
  wanted.row.type = "bf16";
  wanted.row.flops = 1e6;
  wanted.prepare = [wrong](Threads&) { return std::make_unique<MadeTrial>(wrong); };
  return wanted;
}

struct Measuring : testing::Test {
  Threads threads{1};
  Bench bench{.threads = threads,
              .roofs = {{"bf16", 1e12, "FLOP/s", ""}},
              .cache_bytes = 1e6,
              .second_level_bytes = 1e5,
              .memory_bytes = 1e9};
  StopRule rule{.least = 6, .most = 10, .relative_iqr = 0.01, .seconds = 0.05};
};

TEST_F(Measuring, GivesTimesAndTheShareOfTheRoof) {
  const Measured measured = measure(made_case(), "hot", bench, rule);
  const harness::KernelRow& row = measured.row;
  EXPECT_EQ(row.status, harness::KernelRow::kOk) << row.reason;
  EXPECT_EQ(row.cache, "hot");
  ASSERT_TRUE(row.seconds);
  EXPECT_GE(row.seconds->median, 100e-6);
  EXPECT_EQ(row.seconds->samples, static_cast<std::int64_t>(measured.samples.size()));
  EXPECT_EQ(row.roof, "bf16");
  EXPECT_NEAR(*row.roof_fraction, 1e-6 / row.seconds->median, 1e-9);
}

TEST_F(Measuring, KeepsWhatOtherClocksSay) {
  const auto cold = measure(made_case(), "cold", bench, rule).row.other_clocks;
  EXPECT_EQ(cold, (std::map<std::string, double>{{"cold clock", 2e-3}}));
  const harness::KernelRow hot = measure(made_case(), "hot", bench, rule).row;
  EXPECT_NE(clocks_apart(hot).find("us, but 2000.00 us by hot clock"), std::string::npos);
}

TEST(ClocksApart, NeedsAMicrosecondAndThreeHundredths) {
  harness::KernelRow row;
  row.seconds = harness::KernelTimes{.samples = 6, .median = 10e-6};
  row.other_clocks = {{"cupti", 10.9e-6}, {"events", 12e-6}};
  EXPECT_EQ(clocks_apart(row), "10.00 us, but 12.00 us by events");
  row.seconds->median = 1e-3;
  row.other_clocks = {{"cupti", 1.02e-3}};
  EXPECT_EQ(clocks_apart(row), "");
}

TEST_F(Measuring, DoesNotRepeatACallThatIsTooLong) {
  rule.longest_call = 50e-6;
  const Measured measured = measure(made_case(), "hot", bench, rule);
  ASSERT_EQ(measured.samples.size(), 1U);
  EXPECT_GE(measured.samples.front().seconds, 100e-6);
  EXPECT_EQ(measured.row.seconds->samples, 1);
  EXPECT_EQ(measured.row.seconds->low, measured.row.seconds->high);
}

TEST_F(Measuring, RejectsWhatIsFasterThanTheRoof) {
  Case impossible = made_case();
  impossible.row.flops = 1e12;
  const harness::KernelRow row = measure(impossible, "hot", bench, rule).row;
  EXPECT_EQ(row.status, harness::KernelRow::kRejected);
  EXPECT_NE(row.reason.find("of the measured roof bf16"), std::string::npos) << row.reason;
}

TEST_F(Measuring, FailsARowWhoseOutputsAreWrong) {
  const harness::KernelRow row = measure(made_case("differs"), "hot", bench, rule).row;
  EXPECT_EQ(row.status, harness::KernelRow::kFailed);
  EXPECT_EQ(row.reason, "differs");
  EXPECT_FALSE(row.seconds);
}

TEST_F(Measuring, MarksAShapeThatAnImplementationDoesNotHave) {
  Case unsupported = made_case();
  unsupported.prepare = [](Threads&) -> std::unique_ptr<Trial> {
    throw Unsupported("no engine for width 192");
  };
  const harness::KernelRow row = measure(unsupported, "hot", bench, rule).row;
  EXPECT_EQ(row.status, harness::KernelRow::kAbsent);
  EXPECT_EQ(row.reason, "no engine for width 192");
  EXPECT_EQ(fault_of(unsupported, bench), "");
}

TEST_F(Measuring, MarksWhatIsNotHereOrTooLarge) {
  Case absent = made_case();
  absent.absent = "libx.so is not installed";
  EXPECT_EQ(measure(absent, "hot", bench, rule).row.reason, "libx.so is not installed");
  Case large = made_case();
  large.memory_bytes = 2e9;
  EXPECT_EQ(measure(large, "hot", bench, rule).row.status, harness::KernelRow::kAbsent);
  Case no_memory = made_case();
  no_memory.prepare = [](Threads&) -> std::unique_ptr<Trial> { throw std::bad_alloc(); };
  EXPECT_EQ(measure(no_memory, "hot", bench, rule).row.status, harness::KernelRow::kAbsent);
}

TEST_F(Measuring, OutlivesATrialThatThrows) {
  Case throwing = made_case();
  throwing.prepare = [](Threads&) -> std::unique_ptr<Trial> {
    throw std::runtime_error("the library says no");
  };
  const harness::KernelRow row = measure(throwing, "cold", bench, rule).row;
  EXPECT_EQ(row.status, harness::KernelRow::kFailed);
  EXPECT_EQ(row.reason, "the library says no");
}

}  // namespace
}  // namespace pingjia::kernels
