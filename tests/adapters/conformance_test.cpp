#include "adapters/conformance.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "adapters/table.h"
#include "harness/base/error.h"
#include "tests/adapters/process_fixture.h"

namespace pingjia::adapters {
namespace {

using nlohmann::json;

/// The example adapter, whole, and with one thing broken at a time.
class ConformanceTest : public ProcessFixture {
 protected:
  using Changes = std::vector<std::pair<std::string, std::string>>;

  // The example with texts replaced; a change that finds nothing is a broken test.
  std::vector<ConformanceResult> check(const Changes& changes) {
    std::ostringstream source;
    source << std::ifstream(std::string(PINGJIA_SOURCE_DIR) + "/tests/adapters/example_adapter.py")
                  .rdbuf();
    std::string text = source.str();
    for (const auto& [from, to] : changes) {
      const std::size_t at = text.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      if (at != std::string::npos) text.replace(at, from.size(), to);
    }
    std::ofstream(folder_ / "adapter.py") << text;
    return check_conformance("python3 adapter.py", {{"delay_ms", 5}}, context(),
                             2 * harness::kSecond);
  }

  static std::vector<std::string> failed(const std::vector<ConformanceResult>& results) {
    std::vector<std::string> names;
    for (const auto& result : results) {
      if (result.state == ConformanceState::kFail) names.push_back(result.name);
    }
    return names;
  }
};

using Names = std::vector<std::string>;

TEST_F(ConformanceTest, ExampleAdapterPassesEverything) {
  const auto results = check({});
  int passed = 0;
  for (const auto& result : results) {
    EXPECT_NE(result.state, ConformanceState::kFail) << result.name << ": " << result.detail;
    if (result.state == ConformanceState::kPass) ++passed;
    if (result.state == ConformanceState::kNotApplicable) {
      EXPECT_NE(result.detail, "") << result.name;
    }
  }
  EXPECT_GE(passed, 45);
}

TEST_F(ConformanceTest, TwoDonesAreFound) {
  const auto names = failed(check({{"    ledger[\"tokens\"]",
                                    "    write(\"done\", id=id, finish=finish)\n"
                                    "    ledger[\"tokens\"]"}}));
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.front(), "generate is ended by exactly one done");
}

TEST_F(ConformanceTest, WrongUsageIsFound) {
  EXPECT_EQ(failed(check({{"\"output\": used}", "\"output\": used + 5}"}})),
            (Names{"usage.output is the tokens of the deltas"}));
}

TEST_F(ConformanceTest, MaxTokensPassedOverIsFound) {
  const auto names = failed(check({{"if id in cancelled or used == max_tokens:",
                                    "if id in cancelled or used == max_tokens + 1:"}}));
  EXPECT_EQ(names, (Names{"max_tokens 4 is obeyed", "max_tokens 1 is obeyed"}));
}

TEST_F(ConformanceTest, StopPassedOverIsFound) {
  EXPECT_EQ(failed(check({{"for text in stop:", "for text in []:"}})),
            (Names{"stop strings end the answer and stay out of it"}));
}

TEST_F(ConformanceTest, DeafnessToCancelIsFound) {
  EXPECT_EQ(failed(check({{"cancelled.add(fields[\"id\"])", "pass"},
                          {"time.sleep(", "time.sleep(0.3 if max_tokens > 1000 else "}})),
            (Names{"cancel ends an answer within 1 s"}));
}

TEST_F(ConformanceTest, NoiseOnStandardOutputIsFound) {
  EXPECT_EQ(failed(check({{"        options.update", "        print('loading'); options.update"}})),
            (Names{"standard output holds nothing but protocol lines"}));
}

TEST_F(ConformanceTest, DyingOfABrokenLineIsFound) {
  const auto results =
      check({{"        known = {", "        sys.exit('broken line')\n        known = {"}});
  const auto names = failed(results);
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.front(), "a line that is not JSON is survived");
  for (const auto& result : results) {
    if (result.name == names.front()) {
      EXPECT_NE(result.detail.find("broken line"), std::string::npos) << result.detail;
    }
  }
}

TEST_F(ConformanceTest, SilenceOnAnIncompleteRequestIsFound) {
  EXPECT_EQ(failed(check({{"known = {\"id\": message[\"id\"]}", "known = {}"}})),
            (Names{"an incomplete request is answered by error"}));
}

TEST_F(ConformanceTest, ScoresInTheWrongOrderAreFound) {
  EXPECT_EQ(failed(check({{"for text in continuations]", "for text in sorted(continuations)]"}})),
            (Names{"bytes and tokens of continuations are right",
                   "scores come in the order of the continuations"}));
}

TEST_F(ConformanceTest, ClockOfAnotherKindIsFound) {
  EXPECT_EQ(failed(check({{"t_ns=time.monotonic_ns()", "t_ns=time.time_ns()"}})),
            (Names{"t_ns rises between sent and received"}));
}

TEST_F(ConformanceTest, UndeclaredIsNotApplicableAndMustBeRefused) {
  const auto results =
      check({{"\"generate\", \"loglikelihood\", \"cancel\", \"seed\", \"stop\"", "\"generate\""}});
  EXPECT_EQ(failed(results), (Names{"what is not declared is refused as unsupported"}));
  int seen = 0;
  for (const auto& result : results) {
    if (result.name == "a seed repeats itself" ||
        result.name == "scores come in the order of the continuations") {
      ++seen;
      EXPECT_EQ(result.state, ConformanceState::kNotApplicable) << result.name;
    }
  }
  EXPECT_EQ(seen, 2);
}

TEST_F(ConformanceTest, NoShutdownIsFound) {
  EXPECT_EQ(failed(check({{"return type != \"shutdown\"", "return True"}})),
            (Names{"shutdown ends it with status 0 within 5 s"}));
}

TEST_F(ConformanceTest, ProgramThatIsNoAdapterFailsAtHello) {
  const auto results = check_conformance("true", json::object(), context(), harness::kSecond);
  EXPECT_EQ(results.front().name, "hello comes within 5 s");
  EXPECT_EQ(results.front().state, ConformanceState::kFail);
  for (const auto& result : results)
    EXPECT_NE(result.state, ConformanceState::kPass) << result.name;
}

TEST_F(ConformanceTest, MissingProgramIsAnError) {
  EXPECT_THROW(check_conformance("no-such-program", json::object(), context()), harness::Error);
}

TEST_F(ConformanceTest, DoctorPrintsOneLineACheckAndTheCounts) {
  std::ostringstream out;
  EXPECT_TRUE(check_adapter(
      std::string("python3 ") + PINGJIA_SOURCE_DIR + "/tests/adapters/example_adapter.py", "{}",
      context(), out));
  EXPECT_NE(out.str().find("pass  hello speaks version 1\n"), std::string::npos);
  EXPECT_NE(out.str().find(" passed, 0 failed, "), std::string::npos);
  std::ostringstream bad;
  EXPECT_FALSE(check_adapter("true", "{}", context(), bad));
  EXPECT_EQ(bad.str().find("FAIL  hello comes within 5 s"), 0u);
  EXPECT_THROW(check_adapter("true", "[]", context(), bad), harness::Error);
}

}  // namespace
}  // namespace pingjia::adapters
