#include "adapters/process.h"

#include "harness/base/error.h"
#include "tests/adapters/process_fixture.h"

namespace pingjia::adapters {
namespace {

using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

class ProcessTest : public ProcessFixture {};

// What `call` throws, as its one line.
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(ProcessTest, ExampleAdapterAnswersManyAtOnce) {
  const auto example = adapter(
      {{"command",
        {"python3", std::string(PINGJIA_SOURCE_DIR) + "/tests/adapters/example_adapter.py"}},
       {"options", {{"delay_ms", 1}}}});
  const harness::Facts facts = example->open(8);
  EXPECT_EQ(facts.engine, "example");
  EXPECT_EQ(facts.model, "toy");
  EXPECT_EQ(facts.device, "CPU");
  EXPECT_TRUE(facts.test_double);
  EXPECT_TRUE(facts.scores_continuations);
  for (int i = 0; i < 8; ++i) {
    example->submit(question(std::to_string(i), "one two  three"), answers_);
  }
  auto choice = question("scores", "which?");
  choice.mode = harness::Mode::kLoglikelihood;
  choice.continuations = {"long one", "short"};
  example->submit(choice, answers_);
  run(9);
  for (int i = 0; i < 8; ++i) {
    const auto& completion = answer(std::to_string(i));
    EXPECT_EQ(completion.text, "one two three");
    EXPECT_EQ(completion.finish, Finish::kStop);
    EXPECT_EQ(completion.usage.output, 3);
    EXPECT_EQ(completion.usage.maker, "worker");
    EXPECT_EQ(json::parse(completion.usage.raw)["output"], 3);
    EXPECT_GE(completion.server.decode_s.value(), 0.003);
    const auto& timeline = completion.timeline;
    EXPECT_GT(timeline.sent, 0);
    EXPECT_GE(timeline.first_token.value(), timeline.sent + harness::kMillisecond);
    EXPECT_EQ(timeline.first_token, timeline.first_visible);
    EXPECT_LE(timeline.last_token.value(), timeline.done);
    int events = 0;
    for (const auto& arrival : timeline.arrivals) events += arrival.events;
    EXPECT_EQ(events, 3);
  }
  const auto& scored = answer("scores");
  ASSERT_EQ(scored.scores.size(), 2u);
  EXPECT_DOUBLE_EQ(scored.scores[0].loglikelihood, -4);
  EXPECT_TRUE(scored.scores[1].greedy);
  EXPECT_EQ(scored.scores[1].bytes, 5);
  const harness::Closing closing = example->close();
  EXPECT_GT(closing.cpu_seconds.value(), 0);
  const json details = json::parse(closing.details);
  EXPECT_EQ(details["exit"], "exited with status 0");
  EXPECT_EQ(details["stats"], json({{"requests", 8}, {"tokens", 24}}));
  EXPECT_EQ(details["stray_lines"], 0);
}

TEST_F(ProcessTest, BytesOfContinuationsAreCountedHereWhateverTheChildSays) {
  const auto child = adapter(script(R"(
start()
for m in messages():
    if m["type"] != "loglikelihood": continue
    write(type="scores", id=m["id"], scores=[
        {"loglikelihood": -1, "tokens": 1, "greedy": False},
        {"loglikelihood": -2, "tokens": 1, "bytes": 99, "greedy": True}])
)"));
  child->open(1);
  auto choice = question("scores", "which?");
  choice.mode = harness::Mode::kLoglikelihood;
  choice.continuations = {"ten bytes.", "two é"};
  child->submit(choice, answers_);
  run(1);
  ASSERT_EQ(answer("scores").scores.size(), 2u);
  EXPECT_EQ(answer("scores").scores[0].bytes, 10);
  EXPECT_EQ(answer("scores").scores[1].bytes, 6);
  child->close();
}

TEST_F(ProcessTest, OptionsAndParallelReachTheChild) {
  auto options = script("start()\nfor m in messages(): pass\n");
  options["options"] = {{"model", "x"}};
  const auto child = adapter(options);
  const auto details = json::parse(child->open(5).details);
  EXPECT_EQ(details["engine"]["got"], json({{"model", "x"}, {"parallel", 5}}));
  child->close();
}

TEST_F(ProcessTest, CommandMayBeOneText) {
  auto options = script("start()\nfor m in messages(): pass\n");
  options["command"] = "python3 'child.py'";
  const auto child = adapter(options);
  EXPECT_EQ(child->open(1).engine, "child");
  child->close();
}

TEST_F(ProcessTest, EnvironmentIsScrubbed) {
  setenv("PINGJIA_TEST_API_KEY", "planted", 1);
  setenv("PINGJIA_TEST_PLAIN", "wanted", 1);
  auto options = script(R"(
start()
for m in messages():
    if m["type"] != "generate": continue
    write(type="delta", id=m["id"], text=" ".join(os.environ.values()), tokens=1)
    write(type="done", id=m["id"], finish="stop")
)");
  options["env"] = {"PINGJIA_TEST_PLAIN"};
  const auto child = adapter(options);
  child->open(1);
  child->submit(question("1", "?"), answers_);
  run(1);
  child->close();
  unsetenv("PINGJIA_TEST_API_KEY");
  unsetenv("PINGJIA_TEST_PLAIN");
  EXPECT_EQ(answer("1").text.find("planted"), std::string::npos);
  EXPECT_NE(answer("1").text.find("wanted"), std::string::npos);
}

TEST_F(ProcessTest, BadOptionsAreErrors) {
  EXPECT_NE(error_of([&] {
              adapter({{"command", "x"}, {"comand", "y"}});
            }).find("comand"),
            std::string::npos);
  EXPECT_NE(error_of([&] { adapter(json::object()); }).find("command"), std::string::npos);
  EXPECT_NE(error_of([&] {
              adapter({{"command", "x"}, {"options", 3}});
            }).find("options"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              adapter({{"command", "x"}, {"env", {"MY_API_KEY"}}});
            }).find("secret"),
            std::string::npos);
  const auto missing = adapter({{"command", "no-such-program"}});
  EXPECT_NE(error_of([&] { missing->open(1); }).find("no-such-program"), std::string::npos);
}

TEST_F(ProcessTest, NoHelloIsAnErrorWithinItsTime) {
  auto options = script("sys.stderr.write('sleeping\\n')\nsys.stderr.flush()\ntime.sleep(1000)\n");
  options["hello_timeout_s"] = 0.5;
  const auto child = adapter(options);
  const std::string error = error_of([&] { child->open(1); });
  EXPECT_NE(error.find("said no hello within 0.5 s"), std::string::npos) << error;
  EXPECT_NE(error.find("child.log"), std::string::npos) << error;
}

TEST_F(ProcessTest, ChildThatEndsWhileLoadingIsAnErrorWithItsLastWords) {
  const auto child = adapter(script("hello()\nsys.exit('cannot find the weights')\n"));
  const std::string error = error_of([&] { child->open(1); });
  EXPECT_NE(error.find("exited with status 1 while loading"), std::string::npos) << error;
  EXPECT_NE(error.find("cannot find the weights"), std::string::npos) << error;
}

TEST_F(ProcessTest, ChildThatRefusesToLoadIsAnErrorWithItsMessage) {
  const auto child = adapter(script(
      "hello('generate')\nread()\nwrite(type='error', message='too big', **{'class':'server'})\n"));
  const std::string error = error_of([&] { child->open(1); });
  EXPECT_NE(error.find("could not load: too big"), std::string::npos) << error;
}

TEST_F(ProcessTest, OtherProtocolVersionIsAnError) {
  const auto child = adapter(
      script("write(type='hello', protocol=2, name='n', capabilities=[])\nread()\nread()\n"));
  const std::string error = error_of([&] { child->open(1); });
  EXPECT_NE(error.find("version 2"), std::string::npos) << error;
}

TEST_F(ProcessTest, UndeclaredCapabilitiesAreUnsupported) {
  const auto child = adapter(script("hello('generate')\nload()\nfor m in messages(): pass\n"));
  EXPECT_FALSE(child->open(1).scores_continuations);
  auto choice = question("1", "?");
  choice.mode = harness::Mode::kLoglikelihood;
  child->submit(choice, answers_);
  EXPECT_TRUE(answers_.by_id.empty());  // Answered in a later turn.
  run(1);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kUnsupported);
  child->close();
}

TEST_F(ProcessTest, ErrorLineFailsItsRequestWithItsClass) {
  const auto child = adapter(script(R"(
start()
for m in messages():
    if m["type"] == "generate":
        kind = "context_overflow" if m["id"] == "1" else "no such class"
        write(type="error", id=m["id"], message="too long", **{"class": kind})
)"));
  child->open(2);
  child->submit(question("1", "?"), answers_);
  child->submit(question("2", "?"), answers_);
  run(2);
  EXPECT_EQ(answer("1").failure->kind, FailureClass::kContextOverflow);
  EXPECT_EQ(answer("1").failure->message, "too long");
  EXPECT_EQ(answer("2").failure->kind, FailureClass::kServer);
  child->close();
}

TEST_F(ProcessTest, UsageMissingIsCountedFromEvents) {
  const auto child = adapter(script(R"(
start()
for m in messages():
    if m["type"] != "generate": continue
    write(type="delta", id=m["id"], text="hm", tokens=2, reasoning=True)
    write(type="delta", id=m["id"], text="yes", **({"tokens": 1} if m["id"] == "1" else {}))
    write(type="done", id=m["id"], finish="length")
)"));
  child->open(1);
  child->submit(question("1", "?"), answers_);
  child->submit(question("2", "?"), answers_);
  run(2);
  const auto& counted = answer("1");
  EXPECT_EQ(counted.reasoning, "hm");
  EXPECT_EQ(counted.text, "yes");
  EXPECT_EQ(counted.finish, Finish::kLength);
  EXPECT_EQ(counted.usage.maker, "events");
  EXPECT_EQ(counted.usage.output, 1);
  EXPECT_EQ(counted.usage.reasoning, 2);
  EXPECT_FALSE(counted.usage.input.has_value());
  EXPECT_LE(counted.timeline.first_token.value(), counted.timeline.first_visible.value());
  EXPECT_FALSE(answer("2").usage.output.has_value());
  child->close();
}

TEST_F(ProcessTest, MegabytePromptsGoThroughAFullPipe) {
  const auto child = adapter(script(R"(
start()
for m in messages():
    if m["type"] != "generate": continue
    write(type="delta", id=m["id"], text=str(len(m["messages"][0]["content"])), tokens=1)
    write(type="done", id=m["id"], finish="stop")
)"));
  child->open(4);
  for (int i = 0; i < 4; ++i) {
    child->submit(question(std::to_string(i), std::string(1 << 20, 'x')), answers_);
  }
  run(4);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(answer(std::to_string(i)).text, "1048576");
  child->close();
}

TEST_F(ProcessTest, CloseWithRequestsInFlightCallsNoSink) {
  const auto child = adapter(script("start()\nfor m in messages(): pass\n"));
  child->open(1);
  child->submit(question("1", "?"), answers_);
  child->close();
  EXPECT_TRUE(answers_.by_id.empty());
}

}  // namespace
}  // namespace pingjia::adapters
