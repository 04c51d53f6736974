// What the client costs: processor time per streamed event of the whole "openai" adapter (HTTP,
// events, JSON, one completion a stream) against a bare epoll and recv loop, on the same streams of
// a null server in a process of its own. Prints one line a case; see
// scripts/compare_with_bare_epoll.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/openai.h"
#include "harness/base/epoll_loop.h"
#include "tests/adapters/http/bare_client.h"
#include "tests/adapters/http/null_server.h"

namespace {

using pingjia::adapters::BareClient;
using pingjia::adapters::NullStream;
namespace harness = pingjia::harness;

struct Case {
  const char* name;
  int streams;
  NullStream stream;
  int rounds;
};

// One null server, ended with this process.
class ServerProcess {
 public:
  explicit ServerProcess(const NullStream& stream) {
    const int listener = pingjia::adapters::null_listener(port_);
    child_ = fork();
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      pingjia::adapters::run_null_server(listener, stream);
    }
    close(listener);
  }
  ~ServerProcess() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  int port() const { return port_; }

 private:
  int port_ = 0;
  pid_t child_ = -1;
};

double cpu_us() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(used.ru_utime) + us(used.ru_stime);
}

class Counter final : public harness::Sink {
 public:
  void complete(const std::string&, harness::Completion completion) override {
    ++answers;
    if (completion.failure) {
      std::fprintf(stderr, "failed: %s\n", completion.failure->message.c_str());
      std::exit(1);
    }
    for (const auto& arrival : completion.timeline.arrivals) events += arrival.events;
    reads += static_cast<std::int64_t>(completion.timeline.arrivals.size());
  }
  int answers = 0;
  std::int64_t events = 0;
  std::int64_t reads = 0;
};

class AdapterClient {
 public:
  AdapterClient(int port, int streams) : streams_(streams) {
    harness::AdapterContext context{
        loop_, [](const std::string&) { return std::nullopt; }, "bench", ".", ".", ".", "bench"};
    adapter_ = pingjia::adapters::make_openai(
        {{"base_url", "http://127.0.0.1:" + std::to_string(port) + "/v1"}, {"model", "null"}},
        context);
    adapter_->open(streams);
  }
  ~AdapterClient() { adapter_->close(); }

  Counter run() {
    std::vector<harness::Request> requests(static_cast<std::size_t>(streams_));
    Counter counter;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      requests[i].id = std::to_string(i);
      requests[i].messages = {{"user", "hi"}};
      adapter_->submit(requests[i], counter);
    }
    while (counter.answers < streams_) loop_.turn(loop_.now() + 100 * harness::kMillisecond);
    return counter;
  }

 private:
  harness::EpollLoop loop_;
  int streams_;
  std::unique_ptr<harness::Adapter> adapter_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const Case& at) {
  const ServerProcess server(at.stream);
  BareClient bare(server.port(), at.streams);
  AdapterClient ours(server.port(), at.streams);
  std::vector<double> bare_us;
  std::vector<double> ours_us;
  std::vector<double> ratios;
  double per_read = 0;
  const double events = static_cast<double>(at.streams) * at.stream.events;
  // Pairs, so that a neighbour on the machine disturbs both sides alike.
  for (int round = 0; round < at.rounds; ++round) {
    const double start = cpu_us();
    bare.run();
    const double middle = cpu_us();
    const Counter counter = ours.run();
    const double end = cpu_us();
    if (counter.events != static_cast<std::int64_t>(events)) {
      std::fprintf(stderr, "lost events: %ld\n", static_cast<long>(counter.events));
      std::exit(1);
    }
    per_read = events / static_cast<double>(counter.reads);
    bare_us.push_back((middle - start) / events);
    ours_us.push_back((end - middle) / events);
    ratios.push_back(ours_us.back() / bare_us.back());
  }
  std::printf(
      "%-24s bare %6.2f us/event   adapter %6.2f us/event   ratio %.2f   events/read %.1f\n",
      at.name, median(bare_us), median(ours_us), median(ratios), per_read);
  std::fflush(stdout);
}

void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** arguments) {
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 5;
  allow_descriptors();
  const std::string only = count > 2 ? arguments[2] : "";
  if (only != "paced") measure({"64 streams, unpaced", 64, {2000, 0}, rounds});
  if (only != "unpaced") measure({"1000 streams, 20 Hz", 1000, {100, 50'000'000}, rounds});
  return 0;
}
