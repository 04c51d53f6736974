#include "adapters/process.h"
#include "tests/adapters/process_fixture.h"

namespace pingjia::adapters {
namespace {

using harness::FailureClass;
using nlohmann::json;

/// Children that misbehave after they were ready.
class ProcessFaultsTest : public ProcessFixture {
 protected:
  // One generate at a time, answered by `body`, which sees `m`.
  std::unique_ptr<harness::Adapter> serving(const std::string& body) {
    return adapter(
        script("start()\nfor m in messages():\n    if m['type'] == 'stats': continue\n" + body));
  }
};

TEST_F(ProcessFaultsTest, DyingMidAnswerFailsWhatIsInFlightAndIsStartedAgain) {
  const auto child = serving(R"(
    write(type="delta", id=m["id"], text="half", tokens=1)
    if m["messages"][0]["content"] == "die":
        sys.stderr.write("out of memory\n"); sys.stderr.flush(); os.kill(os.getpid(), 11)
    write(type="done", id=m["id"], finish="stop")
)");
  child->open(2);
  child->submit(question("1", "die"), answers_);
  child->submit(question("2", "never read"), answers_);
  run(2);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kEngineDied);
  EXPECT_EQ(answer("1").text, "half");
  EXPECT_NE(answer("1").failure->message.find("signal 11"), std::string::npos);
  EXPECT_NE(answer("1").failure->message.find("out of memory"), std::string::npos);
  EXPECT_EQ(answer("2").failure->kind, FailureClass::kEngineDied);
  // This one waits for the second life.
  child->submit(question("3", "live"), answers_);
  run(3);
  EXPECT_FALSE(answer("3").failure.has_value());
  EXPECT_EQ(answer("3").text, "half");
  EXPECT_EQ(json::parse(child->close().details)["restarts"], 1);
}

TEST_F(ProcessFaultsTest, AfterThreeRestartsEveryRequestFails) {
  const auto child = serving("    os._exit(9)\n");
  child->open(1);
  for (int i = 0; i < 6; ++i) {
    child->submit(question(std::to_string(i), "?"), answers_);
    run(static_cast<std::size_t>(i) + 1);
    EXPECT_EQ(answer(std::to_string(i)).failure->kind, FailureClass::kEngineDied);
  }
  EXPECT_NE(answer("5").failure->message.find("not started again"), std::string::npos);
  EXPECT_GT(child->close().cpu_seconds.value(), 0);
}

TEST_F(ProcessFaultsTest, SomeGarbageIsPassedOver) {
  const auto child = serving(R"(
    print("Loading weights: 100%", flush=True); print("[1, 2]", flush=True)
    write(type="new in version 7"); write(nothing=1); print(flush=True)
    write(type="delta", id=m["id"], text="ok", tokens=1, colour="blue")
    write(type="done", id=m["id"], finish="stop")
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").text, "ok");
  EXPECT_EQ(json::parse(child->close().details)["garbage_lines"], 3);
}

TEST_F(ProcessFaultsTest, TooMuchGarbageIsAProtocolFailure) {
  const auto child = serving("    for i in range(100): print('noise', i, flush=True)\n");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kProtocol);
  EXPECT_NE(answer("1").failure->message.find("'noise 9'"), std::string::npos);
  child->close();
}

TEST_F(ProcessFaultsTest, BrokenLineWithAnIdFailsThatRequestAtOnce) {
  const auto child = serving(R"(
    write(type="done", id=m["id"], finish=7)
    write(type="done", id=m["id"], finish="stop")
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kProtocol);
  child->close();
}

TEST_F(ProcessFaultsTest, LineBeyondTheLimitIsAProtocolFailure) {
  const auto child = serving(R"(
    for i in range(17): sys.stdout.write("x" * (1 << 20))
    sys.stdout.flush(); time.sleep(1000)
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kProtocol);
  EXPECT_NE(answer("1").failure->message.find("16 MiB"), std::string::npos);
  child->close();
}

TEST_F(ProcessFaultsTest, LongestLineAllowedArrives) {
  const auto child = serving(R"(
    write(type="delta", id=m["id"], text="x" * (15 << 20), tokens=1)
    write(type="done", id=m["id"], finish="stop")
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").text.size(), 15u << 20);
  child->close();
}

TEST_F(ProcessFaultsTest, SilenceIsATimeoutAndTheLateAnswerIsAStray) {
  const auto child = serving(R"(
    if m["type"] == "cancel": write(type="done", id=m["id"], finish="cancelled")
    elif m["id"] == "2":
        write(type="delta", id="2", text="ok", tokens=1); write(type="done", id="2", finish="stop")
)");
  child->open(1);
  auto request = question("1", "?");
  request.timeout = 50 * harness::kMillisecond;
  child->submit(request, answers_);
  run(1);
  // The request's own limit, though nothing had come: the same class in every adapter.
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kTimeoutTotal);
  EXPECT_GE(answer("1").timeline.done - answer("1").timeline.sent, 50 * harness::kMillisecond);
  child->submit(question("2", "?"), answers_);
  run(2);
  EXPECT_EQ(answer("2").text, "ok");
  EXPECT_EQ(json::parse(child->close().details)["stray_lines"], 1);
}

TEST_F(ProcessFaultsTest, HalfAnAnswerInTimeIsATotalTimeout) {
  const auto child = serving(
      "    if m['type'] == 'generate': write(type='delta', id=m['id'], text='half', tokens=1)\n");
  child->open(1);
  auto request = question("1", "?");
  request.timeout = harness::kSecond;
  child->submit(request, answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kTimeoutTotal);
  EXPECT_EQ(answer("1").text, "half");
  child->close();
}

TEST_F(ProcessFaultsTest, CancelIsAnsweredByTheChildOrForIt) {
  const auto child = serving(R"(
    if m["type"] == "cancel": write(type="done", id=m["id"], finish="cancelled", usage={"output": 0})
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  child->cancel("1");
  child->cancel("1");
  child->cancel("unknown");
  EXPECT_TRUE(answers_.by_id.empty());
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kCancelled);
  EXPECT_EQ(answer("1").usage.output, 0);  // The child's own words, not ours.
  child->close();

  const auto deaf = adapter(script("hello('generate')\nload()\nfor m in messages(): pass\n"));
  deaf->open(1);
  deaf->submit(question("2", "?"), answers_);
  deaf->cancel("2");
  EXPECT_EQ(answers_.by_id.size(), 1u);
  run(2);
  EXPECT_EQ(answer("2").failure->kind, FailureClass::kCancelled);
  deaf->close();
}

TEST_F(ProcessFaultsTest, CancelledUnaskedIsTheEnginesFault) {
  const auto child = serving("    write(type='done', id=m['id'], finish='cancelled')\n");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kServer);
  child->close();
}

TEST_F(ProcessFaultsTest, SecondAnswersAndUnknownIdsAreIgnoredAndCounted) {
  const auto child = serving(R"(
    for i in range(2): write(type="done", id=m["id"], finish="stop")
    write(type="delta", id="mine", text="?", tokens=1)
    if m["id"] == "1": write(type="error", id="mine", message="?", **{"class": "server"})
)");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  child->submit(question("2", "?"), answers_);
  run(2);
  EXPECT_FALSE(answer("2").failure.has_value());
  EXPECT_GE(json::parse(child->close().details)["stray_lines"].get<int>(), 3);
}

TEST_F(ProcessFaultsTest, WrongNumberOfScoresIsAProtocolFailure) {
  const auto child = serving(R"(
    write(type="scores", id=m["id"], scores=[{"loglikelihood": -1.0, "greedy": True}])
)");
  child->open(1);
  auto choice = question("1", "?");
  choice.mode = harness::Mode::kLoglikelihood;
  choice.continuations = {"a", "b"};
  child->submit(choice, answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kProtocol);
  child->close();
}

TEST_F(ProcessFaultsTest, ClosedOutputIsADeath) {
  const auto child = serving("    os.close(1); time.sleep(1000)\n");
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kEngineDied);
  EXPECT_NE(answer("1").failure->message.find("closed its standard output"), std::string::npos);
  child->close();
}

}  // namespace
}  // namespace pingjia::adapters
