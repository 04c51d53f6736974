// pingjia-llama-worker: llama.cpp behind the process protocol (adapters/README.md).

#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "adapters/engines/llama_worker.h"

int main() {
  signal(SIGPIPE, SIG_IGN);
  // The protocol gets descriptors of its own: whatever a library prints goes to the log.
  const int out = dup(STDOUT_FILENO);
  if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    std::perror("pingjia-llama-worker");
    return 1;
  }
  pingjia::adapters::engines::LineChannel channel(STDIN_FILENO, out);
  try {
    return pingjia::adapters::engines::LlamaWorker(channel).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pingjia-llama-worker: %s\n", error.what());
    return 1;
  }
}
