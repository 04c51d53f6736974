#include "adapters/engines/scheduler.h"

#include <algorithm>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

/// A copy moves a whole sequence's cache: worth it from about this many tokens saved.
constexpr std::size_t kWorthCopying = 32;

}  // namespace

struct Scheduler::Running {
  std::unique_ptr<WorkerTask> task;
  int sequence = -1;
  bool started = false;  ///< Some of it has been decoded.
  int donor = -1;        ///< Sequence whose beginning it waits to copy; -1: none.
  const WorkerTask* donor_task = nullptr;
  std::size_t donor_tokens = 0;
  bool done = false;  ///< Answered; to be released.
};

Scheduler::Scheduler(LlamaEngine& engine, bool reuse_prefix, std::function<std::int64_t()> now,
                     SendLine send)
    : engine_(engine),
      cache_(engine, reuse_prefix),
      reuse_(reuse_prefix),
      now_(std::move(now)),
      send_(std::move(send)) {
  for (int sequence = 0; sequence < engine.sequences(); ++sequence) {
    free_.push_back(sequence);
  }
}

Scheduler::~Scheduler() = default;

void Scheduler::submit(std::unique_ptr<WorkerTask> task) {
  queue_.push_back(std::move(task));
}

bool Scheduler::has(const std::string& id) const {
  const auto same = [&](const auto& entry) { return entry->id() == id; };
  return std::any_of(queue_.begin(), queue_.end(), same) ||
         std::any_of(running_.begin(), running_.end(),
                     [&](const auto& running) { return running->task->id() == id; });
}

void Scheduler::cancel(const std::string& id) {
  for (auto queued = queue_.begin(); queued != queue_.end(); ++queued) {
    if ((*queued)->id() == id) {
      (*queued)->cancel();
      (*queued)->timings().queue = now_() - (*queued)->received_ns();
      (*queued)->report(now_(), send_);
      answered_ += 1;
      queue_.erase(queued);
      return;
    }
  }
  for (const auto& running : running_) {
    if (running->task->id() == id) {
      running->task->cancel();
      running->task->report(now_(), send_);
      running->done = true;
    }
  }
  release_finished();
}

void Scheduler::turn() {
  admit();
  for (const auto& running : running_) {
    await_donor(*running);
  }
  run(prompt_parts(), true);
  run(answer_parts(), false);
}

void Scheduler::admit() {
  while (!queue_.empty() && !free_.empty()) {
    std::unique_ptr<WorkerTask> task = std::move(queue_.front());
    queue_.pop_front();
    start(std::move(task));
  }
}

int Scheduler::best_donor(const std::vector<int>& wanted, int except, std::size_t& shared) const {
  int best = -1;
  shared = 0;
  for (const auto& running : running_) {
    const std::vector<int>& theirs = running->task->wanted();
    const auto [end, unused] =
        std::mismatch(theirs.begin(), theirs.end(), wanted.begin(), wanted.end());
    const auto common = static_cast<std::size_t>(end - theirs.begin());
    if (running->sequence != except && common > shared) {
      best = running->sequence;
      shared = common;
    }
  }
  for (const int sequence : free_) {
    const std::size_t common = cache_.common(sequence, wanted);
    if (sequence != except && common > shared) {
      best = sequence;
      shared = common;
    }
  }
  return best;
}

void Scheduler::start(std::unique_ptr<WorkerTask> task) {
  auto running = std::make_unique<Running>();
  running->task = std::move(task);
  const std::vector<int>& wanted = running->task->wanted();
  running->sequence = reuse_ ? cache_.choose(free_, wanted) : free_.front();
  std::size_t shared = 0;
  if (reuse_) {
    const int donor = best_donor(wanted, running->sequence, shared);
    shared = std::min(shared, running->task->logits_from());
    if (donor >= 0 && shared >= cache_.common(running->sequence, wanted) + kWorthCopying) {
      running->donor = donor;
      running->donor_tokens = shared;
      for (const auto& other : running_) {
        running->donor_task = other->sequence == donor ? other->task.get() : running->donor_task;
      }
    }
  }
  std::erase(free_, running->sequence);
  running_.push_back(std::move(running));
  if (running_.back()->donor < 0) {
    take_cached(*running_.back());
  }
}

bool Scheduler::donor_reads(const Running& running) const {
  return std::any_of(running_.begin(), running_.end(), [&](const auto& other) {
    return other->sequence == running.donor && other->task.get() == running.donor_task;
  });
}

void Scheduler::await_donor(Running& running) {
  if (running.donor < 0) {
    return;
  }
  const std::vector<int>& wanted = running.task->wanted();
  const std::size_t there = cache_.common(running.donor, wanted);
  if (there < running.donor_tokens && donor_reads(running)) {
    return;  // The donor is still reading the prompt's common part.
  }
  if (there >= cache_.common(running.sequence, wanted) + kWorthCopying) {
    cache_.copy(running.donor, running.sequence);
  }
  running.donor = -1;
  take_cached(running);
}

void Scheduler::take_cached(Running& running) {
  WorkerTask& task = *running.task;
  task.take_restarted();
  const std::size_t kept = cache_.prepare(running.sequence, task.wanted(), task.logits_from());
  task.usage().cache_read = static_cast<std::int64_t>(kept);
  ledger_.add_reused(static_cast<std::int64_t>(kept));
}

std::vector<Scheduler::Part> Scheduler::prompt_parts() {
  std::vector<Part> parts;
  auto room = static_cast<std::size_t>(engine_.batch());
  for (const auto& running : running_) {
    if (running->donor < 0 && !running->task->answering() && room > 0) {
      const std::size_t held = cache_.tokens(running->sequence).size();
      const std::size_t count = std::min(room, running->task->wanted().size() - held);
      parts.push_back({running.get(), count});
      room -= count;
    }
  }
  return parts;
}

std::vector<Scheduler::Part> Scheduler::answer_parts() {
  std::vector<Part> parts;
  for (const auto& running : running_) {
    if (running->task->answering()) {
      parts.push_back({running.get(), 1});
    }
  }
  return parts;
}

void Scheduler::run(const std::vector<Part>& parts, bool prefill) {
  if (parts.empty()) {
    return;
  }
  const std::int64_t start = now_();
  batch_.clear();
  for (const Part& part : parts) {
    const WorkerTask& task = *part.running->task;
    const std::size_t held = cache_.tokens(part.running->sequence).size();
    for (std::size_t at = held; at < held + part.count; ++at) {
      batch_.add(task.wanted()[at], static_cast<int>(at), part.running->sequence,
                 at >= task.logits_from());
    }
    if (!part.running->started) {
      part.running->started = true;
      part.running->task->timings().queue = start - task.received_ns();
    }
  }
  try {
    engine_.decode(batch_);
  } catch (const WorkerError& error) {
    fail(parts, error.kind(), error.what());
    return;
  }
  account(parts, prefill, hand_out(parts), start);
  release_finished();
}

int Scheduler::hand_out(const std::vector<Part>& parts) {
  int drawn = 0;
  int index = 0;
  for (const Part& part : parts) {
    WorkerTask& task = *part.running->task;
    const int sequence = part.running->sequence;
    for (std::size_t i = 0; i < part.count; ++i, ++index) {
      const auto at = static_cast<std::size_t>(batch_.positions[static_cast<std::size_t>(index)]);
      cache_.append(sequence, batch_.tokens[static_cast<std::size_t>(index)]);
      if (batch_.wanted[static_cast<std::size_t>(index)] != 0) {
        drawn += task.take(at, engine_.logits(index));
      }
    }
    if (!task.finished() && task.take_restarted()) {
      cache_.prepare(sequence, task.wanted(), task.logits_from());
    }
  }
  return drawn;
}

void Scheduler::account(const std::vector<Part>& parts, bool prefill, int drawn,
                        std::int64_t start) {
  const std::int64_t end = now_();
  const std::int64_t total = batch_.size();
  std::int64_t before = 0;
  for (const Part& part : parts) {
    WorkerTask& task = *part.running->task;
    const std::int64_t after = before + static_cast<std::int64_t>(part.count);
    const std::int64_t ns = share(end - start, before, after, total);
    if (prefill) {
      task.usage().input += static_cast<std::int64_t>(part.count);
      task.timings().prefill += ns;
    } else {
      task.timings().decode += ns;
    }
    before = after;
    part.running->done = task.finished();
    task.report(end, send_);
  }
  if (prefill) {
    ledger_.add_prefill(total, drawn, end - start);
  } else {
    ledger_.add_decode(total, drawn, end - start);
  }
}

void Scheduler::fail(const std::vector<Part>& parts, const std::string& kind,
                     const std::string& message) {
  for (const Part& part : parts) {
    send_(error_line(&part.running->task->id(), kind, message));
    cache_.forget(part.running->sequence);
    part.running->done = true;
  }
  release_finished();
}

void Scheduler::release_finished() {
  for (const auto& running : running_) {
    if (running->done) {
      cache_.touch(running->sequence);
      free_.push_back(running->sequence);
      answered_ += 1;
    }
  }
  std::erase_if(running_, [](const auto& running) { return running->done; });
}

}  // namespace pingjia::adapters::engines
