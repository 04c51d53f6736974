// Stands in for llama-server where a test needs an engine to misbehave. Takes its arguments; what
// it does is written in the model file: serve, exit, hang, crash, stubborn, slow_metrics.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "tests/adapters/scripted_server.h"

extern char** environ;

namespace {

using pingjia::adapters::http_head;
using pingjia::adapters::Script;
using pingjia::adapters::SeenRequest;
using pingjia::adapters::stream_reply;
using pingjia::adapters::whole_reply;

std::string value_of(int count, char** arguments, const std::string& name) {
  for (int i = 1; i + 1 < count; ++i) {
    if (arguments[i] == name) return arguments[i + 1];
  }
  return "";
}

std::string environment_names() {
  std::string names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    names += text.substr(0, text.find('=')) + " ";
  }
  return names;
}

Script say(const std::string& text) {
  return stream_reply(R"(data: {"model":"fake","choices":[{"index":0,"delta":{"content":")" + text +
                      R"("},"finish_reason":"stop"}],"timings":{"cache_n":3,"prompt_n":2,)" +
                      R"("prompt_ms":4.0,"predicted_n":1,"predicted_ms":8.0}})" +
                      "\n\ndata: [DONE]\n\n");
}

Script get(const SeenRequest& request, const std::string& mode, std::atomic<int>& polls) {
  if (request.path == "/health" && polls++ < 2) {
    return whole_reply(503, "application/json", R"({"error":{"message":"Loading model"}})");
  }
  if (request.path == "/props") {
    return whole_reply(200, "application/json",
                       R"({"build_info":"b1-fake","total_slots":2,"chat_template":"long"})");
  }
  if (request.path == "/metrics") {
    // Whoever waits for these numbers meanwhile gets the answers to everything asked before.
    if (mode == "slow_metrics") {
      auto late = whole_reply(200, "text/plain", "late 1\n");
      late.insert(late.begin(), {"", std::chrono::milliseconds(300)});
      return late;
    }
    return whole_reply(200, "text/plain",
                       "# HELP x\nllamacpp:prompt_tokens_total 7\nlabelled{a=\"b\"} 1\n");
  }
  return whole_reply(200, "application/json", R"({"status":"ok"})");
}

Script post(const SeenRequest& request, const std::string& mode) {
  if (mode == "crash") {
    std::fprintf(stderr, "fake engine: out of memory\n");
    raise(SIGKILL);
  }
  if (request.body.find("environment") != std::string::npos) return say(environment_names());
  return say("forty");
}

}  // namespace

int main(int count, char** arguments) {
  std::string mode;
  std::ifstream(value_of(count, arguments, "-m")) >> mode;
  if (mode == "exit") {
    std::fprintf(stderr, "starting\nfake engine: cannot load the model\n");
    return 3;
  }
  if (mode == "stubborn") signal(SIGTERM, SIG_IGN);
  // A grandchild in the same group: what an engine may leave behind.
  const pid_t grandchild = fork();
  if (grandchild == 0) {
    for (;;) pause();
  }
  std::printf("grandchild %d\n", static_cast<int>(grandchild));
  std::fflush(stdout);
  std::atomic<int> polls = mode == "hang" ? -1'000'000 : 0;
  const pingjia::adapters::ScriptedServer server(
      [mode](const SeenRequest& request) { return post(request, mode); },
      [mode, &polls](const SeenRequest& request) { return get(request, mode, polls); },
      std::stoi(value_of(count, arguments, "--port")));
  for (;;) pause();
}
