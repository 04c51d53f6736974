#include "adapters/child_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "harness/base/epoll_loop.h"
#include "harness/base/error.h"

namespace pingjia::adapters {
namespace {

constexpr harness::Nanos kForever = std::numeric_limits<harness::Nanos>::max();

struct Seen {
  std::string output;
  int ends = 0;
  int exits = 0;
};

class ChildProcessTest : public testing::Test {
 protected:
  ChildCommand shell(const std::string& script) {
    ChildCommand command;
    command.where = "test";
    command.arguments = {"sh", "-c", script};
    command.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
    return command;
  }

  std::unique_ptr<ChildProcess> start(const ChildCommand& command) {
    return std::make_unique<ChildProcess>(
        loop_, command,
        [this](std::string_view bytes, harness::Nanos at) {
          EXPECT_LE(at, loop_.now());
          seen_.output += bytes;
          if (bytes.empty()) ++seen_.ends;
        },
        [this](const ChildExit&) { ++seen_.exits; });
  }

  // Turns until the child has written `text`, or is gone.
  void read_until(const ChildProcess& child, const std::string& text) {
    while (child.running() && seen_.output.find(text) == std::string::npos) loop_.turn(kForever);
  }

  harness::EpollLoop loop_;
  Seen seen_;
};

TEST_F(ChildProcessTest, OutputAndStatusComeBack) {
  const auto child = start(shell("echo one; echo two; exit 3"));
  const auto exit = child->wait_until(kForever);
  EXPECT_EQ(seen_.output, "one\ntwo\n");
  EXPECT_EQ(seen_.exits, 1);
  EXPECT_EQ(exit->status, 3);
  EXPECT_EQ(exit->text(), "exited with status 3");
}

TEST_F(ChildProcessTest, InputLargerThanThePipeIsQueuedAndArrivesWhole) {
  // Reads only once the gate is opened: until then a pipe's capacity fits and the rest is queued.
  const auto gate = std::filesystem::path(testing::TempDir()) /
                    ("child_process_test.gate." + std::to_string(getpid()));
  ASSERT_EQ(mkfifo(gate.c_str(), 0600), 0);
  const auto child = start(shell("read word < " + gate.string() + "; wc -c"));
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 3; ++i) child->write(block);
  std::ofstream(gate) << "open\n";
  std::filesystem::remove(gate);
  child->close_input();
  child->wait_until(kForever);
  EXPECT_EQ(std::stoi(seen_.output), 3 << 20);
}

TEST_F(ChildProcessTest, WritingToADeadChildIsHarmless) {
  const auto child = start(shell("exit 0"));
  while (child->running()) {
    child->write(std::string(100'000, 'x'));
    loop_.turn(kForever);
  }
  child->write("more");
  EXPECT_EQ(child->exit()->status, 0);
}

TEST_F(ChildProcessTest, OnlyTheGivenEnvironmentReachesTheChild) {
  setenv("PINGJIA_TEST_SECRET", "planted", 1);
  auto command = shell("env");
  command.environment.push_back("ONLY=this");
  start(command)->wait_until(kForever);
  unsetenv("PINGJIA_TEST_SECRET");
  EXPECT_EQ(seen_.output.find("planted"), std::string::npos);
  EXPECT_NE(seen_.output.find("ONLY=this\n"), std::string::npos);
}

TEST_F(ChildProcessTest, EnvironmentIsAnAllowListWithoutSecrets) {
  const std::map<std::string, std::string> ours = {{"PATH", "/bin"},
                                                   {"LLAMA_ARG_CTX_SIZE", "7"},
                                                   {"OPENAI_API_KEY", "planted"},
                                                   {"HF_HOME", "/models"}};
  const auto lookup = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = ours.find(name);
    if (found == ours.end()) return {};
    return found->second;
  };
  const std::vector<std::string> wanted = {"HF_HOME", "NOT_SET"};
  EXPECT_EQ(child_environment(lookup, wanted, "test"),
            (std::vector<std::string>{"PATH=/bin", "HF_HOME=/models"}));
  const std::vector<std::string> secret = {"OPENAI_API_KEY"};
  EXPECT_THROW(child_environment(lookup, secret, "test"), harness::Error);
  const std::vector<std::string> value = {"A=b"};
  EXPECT_THROW(child_environment(lookup, value, "test"), harness::Error);
}

TEST_F(ChildProcessTest, MissingProgramAndFolderAreErrors) {
  auto command = shell("");
  command.arguments = {"no-such-program-anywhere"};
  EXPECT_THROW(start(command), harness::Error);
  command.arguments = {"/no/such/program"};
  EXPECT_THROW(start(command), harness::Error);
  command = shell("true");
  command.directory = "/no/such/folder";
  EXPECT_THROW(start(command), harness::Error);
  EXPECT_EQ(seen_.exits, 0);
}

TEST_F(ChildProcessTest, StopEndsAWillingChildWithSigterm) {
  const auto child = start(shell("trap 'echo bye; exit 0' TERM; echo up; sleep 1000 & wait"));
  read_until(*child, "up");
  const ChildExit exit = child->stop_and_wait();
  EXPECT_EQ(exit.signal, 0);
  EXPECT_EQ(seen_.output, "up\nbye\n");
}

TEST_F(ChildProcessTest, StopKillsAnUnwillingChildAfterTheGrace) {
  const auto child = start(shell("trap '' TERM; echo up; while :; do sleep 1; done"));
  read_until(*child, "up");
  EXPECT_EQ(child->stop_and_wait(50 * harness::kMillisecond).signal, SIGKILL);
}

// Grandchildren of the same group go with it, even when the leader is gone first.
TEST_F(ChildProcessTest, NoOrphanIsLeft) {
  const auto child = start(shell("sleep 1000 & echo $!; exit 0"));
  child->wait_until(kForever);
  const pid_t grandchild = std::stoi(seen_.output);
  // Killed already, but dying takes a moment; a pidfd tells when it is over.
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, grandchild, 0));
  if (pidfd < 0) return;  // Reaped by init already.
  pollfd ended{pidfd, POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 10'000), 1);
  ::close(pidfd);
}

// Even `kill -9` of pingjia itself leaves nothing behind: the kernel ends the child.
TEST_F(ChildProcessTest, ChildEndsWithAParentThatIsKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const auto child = start(shell("exec sleep 1000"));
    const pid_t pid = child->pid();
    [[maybe_unused]] const auto told = ::write(ends[1], &pid, sizeof pid);
    while (true) pause();
  }
  pid_t pid = 0;
  ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  ASSERT_GE(pidfd, 0);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  pollfd ended{pidfd, POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 10'000), 1);
  for (const int descriptor : {pidfd, ends[0], ends[1]}) ::close(descriptor);
}

TEST_F(ChildProcessTest, DestructionKillsTheChild) {
  pid_t pid = 0;
  {
    const auto child = start(shell("echo up; exec sleep 1000"));
    read_until(*child, "up");
    pid = child->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
  EXPECT_EQ(seen_.exits, 0);
}

TEST_F(ChildProcessTest, LastLineOfTheLogIsItsOwn) {
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      ("child_process_test." + std::to_string(getpid()));
  auto command = shell("echo first >&2; echo 'cannot load' >&2; echo >&2");
  command.log = folder / "made" / "engine.log";
  const auto child = start(command);
  child->wait_until(kForever);
  EXPECT_EQ(child->last_log_line(), "cannot load");
  command.arguments = {"true"};
  const auto quiet = start(command);
  quiet->wait_until(kForever);
  EXPECT_EQ(quiet->last_log_line(), "");
  std::ostringstream log;
  log << std::ifstream(command.log).rdbuf();
  EXPECT_EQ(log.str(), "first\ncannot load\n\n");
  std::filesystem::remove_all(folder);
}

TEST_F(ChildProcessTest, WithoutPipesOutputGoesToTheLog) {
  auto command = shell("cat; echo to the log");
  command.talks = false;
  const auto child = start(command);
  child->wait_until(kForever);
  EXPECT_EQ(seen_.output, "");
  EXPECT_EQ(child->last_log_line(), "to the log");
}

TEST_F(ChildProcessTest, CpuTimeIsTheChildsOwn) {
  const auto busy = start(shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"));
  const auto exit = busy->wait_until(kForever);
  EXPECT_GT(exit->cpu_seconds, 0.001);
  EXPECT_LT(exit->cpu_seconds, 60);
}

TEST_F(ChildProcessTest, ClosedOutputIsTold) {
  const auto child = start(shell("echo up; exec >&-; read line"));
  while (seen_.ends == 0) loop_.turn(kForever);
  EXPECT_TRUE(child->running());
  child->write("\n");
  EXPECT_EQ(child->wait_until(kForever)->status, 0);
}

TEST_F(ChildProcessTest, DescriptorsDoNotLeakIntoTheChild) {
  const int leaky = ::dup(2);  // Without O_CLOEXEC, as a careless library would.
  start(shell("ls /proc/self/fd | wc -l"))->wait_until(kForever);
  ::close(leaky);
  EXPECT_EQ(std::stoi(seen_.output), 4);  // Three, and the folder that ls reads.
}

}  // namespace
}  // namespace pingjia::adapters
