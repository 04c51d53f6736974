#include "adapters/engines/llama_worker.h"

#include <time.h>

#include <nlohmann/json.hpp>

#include "adapters/engines/generation_task.h"
#include "adapters/engines/scoring_task.h"
#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
// C++20 deduces this by itself; clang 14 does not yet.
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

Prompt make_prompt(const ChatTemplate& chat, const RequestLine& line) {
  if (!line.request.messages.empty()) {
    return chat.render(line.request.messages);
  }
  return {{{line.prompt, true}}, {}};  // Whoever writes a raw prompt writes its control tokens too.
}

}  // namespace

int LlamaWorker::run() {
  while (!channel_.output_broken()) {
    const bool done = ending_ && !working();
    if (done && channel_.drained()) {
      break;
    }
    const std::int64_t before = monotonic_ns();
    const bool waits = !working();
    for (const std::string& line : channel_.exchange(waits ? -1 : 0)) {
      answer(line);
    }
    if (waits && scheduler_) {
      idle_ns_ += monotonic_ns() - before;
    }
    ending_ = ending_ || channel_.input_ended();
    if (working()) {
      scheduler_->turn();
    }
  }
  return exit_code_;
}

void LlamaWorker::answer(const std::string& text) {
  if (ending_ || text.find_first_not_of(" \t\r") == std::string::npos) {
    return;
  }
  std::visit(Overloaded{
                 [&](const HelloLine&) { channel_.send(hello_line(llama_engine_version())); },
                 [&](const LoadLine& line) { load(line.options); },
                 [&](RequestLine& line) { begin(std::move(line)); },
                 [&](const CancelLine& line) {
                   if (scheduler_) {
                     scheduler_->cancel(line.id);
                   }
                 },
                 [&](const StatsLine&) { channel_.send(stats_line(stats())); },
                 [&](const ShutdownLine&) { ending_ = true; },
                 [&](const BadLine& line) {
                   // Before loading, an error is an error of loading; later the id, if only an
                   // empty one, tells it from that.
                   const bool loading = !scheduler_ && line.id.empty();
                   channel_.send(error_line(loading ? nullptr : &line.id, line.kind, line.message));
                   ending_ = ending_ || loading;
                   exit_code_ = loading ? 1 : exit_code_;
                 },
             },
             *std::make_unique<WorkerLine>(parse_worker_line(text)));
}

void LlamaWorker::load(const WorkerOptions& options) {
  try {
    if (scheduler_) {
      throw WorkerError("bad_request", "a model is loaded already");
    }
    options_ = options;
    channel_.flush(1000);  // The greeting must not wait for the weights.
    engine_ = std::make_unique<LlamaEngine>(options);
    template_ = std::make_unique<ChatTemplate>(*engine_, options);
    nlohmann::json details = nlohmann::json::parse(engine_->details());
    details["chat_template"] = template_->origin();
    scheduler_ =
        std::make_unique<Scheduler>(*engine_, options.reuse_prefix, monotonic_ns,
                                    [this](const std::string& line) { channel_.send(line); });
    channel_.send(ready_line(engine_->name(), engine_->device(), details.dump()));
    ready_ns_ = monotonic_ns();
  } catch (const WorkerError& error) {
    channel_.send(error_line(nullptr, error.kind(), error.what()));
    ending_ = true;
    exit_code_ = 1;
  }
}

void LlamaWorker::begin(RequestLine line) {
  const std::int64_t received = monotonic_ns();
  harness::Request& request = line.request;
  try {
    if (!scheduler_) {
      throw WorkerError("bad_request", "no model is loaded");
    }
    if (scheduler_->has(request.id)) {
      throw WorkerError("bad_request", "a request of this id is being answered");
    }
    if (!line.seeded) {
      request.sampling.seed = options_.seed;
    }
    Prompt prompt = make_prompt(*template_, line);
    if (request.mode == harness::Mode::kLoglikelihood) {
      scheduler_->submit(
          std::make_unique<ScoringTask>(*engine_, request, std::move(prompt), received));
      return;
    }
    std::vector<int> tokens = tokenize(*engine_, prompt);
    if (tokens.empty()) {
      throw WorkerError("bad_request", "the prompt is empty");
    }
    if (static_cast<int>(tokens.size()) >= engine_->context()) {
      throw WorkerError("context_overflow", "a prompt of " + std::to_string(tokens.size()) +
                                                " tokens leaves no room in a context of " +
                                                std::to_string(engine_->context()));
    }
    std::vector<std::string> stops = request.sampling.stop;
    stops.insert(stops.end(), prompt.stops.begin(), prompt.stops.end());
    scheduler_->submit(std::make_unique<GenerationTask>(*engine_, request, std::move(tokens),
                                                        std::move(stops), received));
  } catch (const WorkerError& error) {
    channel_.send(error_line(&request.id, error.kind(), error.what()));
  }
}

std::string LlamaWorker::stats() const {
  if (!scheduler_) {
    return "{}";
  }
  const auto kind = [](const StepLedger::Kind& k) {
    return nlohmann::json{
        {"steps", k.steps}, {"input", k.input}, {"output", k.output}, {"ns", k.ns}};
  };
  const StepLedger& ledger = scheduler_->ledger();
  const nlohmann::json details = {{"prefill", kind(ledger.prefill())},
                                  {"decode", kind(ledger.decode())},
                                  {"reused", ledger.reused()},
                                  {"output", ledger.output()},
                                  {"requests", scheduler_->answered()},
                                  {"since_ready_ns", monotonic_ns() - ready_ns_},
                                  {"idle_ns", idle_ns_}};
  return details.dump();
}

}  // namespace pingjia::adapters::engines
