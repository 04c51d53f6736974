#include "adapters/engines/generation_task.h"

#include <algorithm>

namespace pingjia::adapters::engines {

GenerationTask::GenerationTask(const LlamaEngine& engine, const harness::Request& request,
                               std::vector<int> prompt, std::vector<std::string> stops,
                               std::int64_t received_ns)
    : WorkerTask(request.id, received_ns),
      engine_(engine),
      sampler_(request.sampling),
      text_(std::move(stops)),
      most_(std::min<std::int64_t>(request.sampling.max_tokens,
                                   engine.context() - static_cast<std::int64_t>(prompt.size()))) {
  wanted_ = std::move(prompt);
  logits_from_ = wanted_.size() - 1;
  restarted_ = true;
}

int GenerationTask::take(std::size_t, std::span<const float> logits) {
  const int token = sampler_.draw(logits);
  usage_.output += 1;
  unreported_ += 1;
  if (engine_.ends_answer(token)) {
    shown_ += text_.finish();
    finish_ = "stop";
    return 1;
  }
  shown_ += text_.add(engine_.piece(token));
  if (text_.stopped()) {
    finish_ = "stop";
  } else if (usage_.output >= most_) {
    shown_ += text_.finish();
    finish_ = "length";
  } else {
    wanted_.push_back(token);
    logits_from_ = wanted_.size() - 1;
  }
  return 1;
}

void GenerationTask::report(std::int64_t t_ns, const SendLine& send) {
  if (!shown_.empty()) {
    send(delta_line(id(), shown_, unreported_, t_ns));
    shown_.clear();
    unreported_ = 0;
  }
  if (finished()) {
    send(done_line(id(), finish_, usage_, timings_));
  }
}

void GenerationTask::cancel() {
  shown_ += text_.finish();
  finish_ = "cancelled";
}

}  // namespace pingjia::adapters::engines
