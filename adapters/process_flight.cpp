#include "adapters/process_flight.h"

#include <fmt/format.h>

#include "harness/base/utf8.h"

namespace pingjia::adapters {

using harness::FailureClass;
using harness::Finish;
using harness::Nanos;

namespace {

constexpr std::size_t kLongestMessage = 2000;

}  // namespace

void ProcessFlight::add(const DeltaLine& delta, Nanos at) {
  auto& timeline = completion.timeline;
  if (!timeline.first_byte) timeline.first_byte = at;
  if (!timeline.first_event) timeline.first_event = at;
  if (!delta.tokens) counts_tokens = false;
  (delta.reasoning ? reasoning_tokens : tokens) += delta.tokens.value_or(0);
  if (delta.text.empty()) return;
  (delta.reasoning ? completion.reasoning : completion.text) += delta.text;
  if (!timeline.first_token) timeline.first_token = at;
  if (!delta.reasoning && !timeline.first_visible) timeline.first_visible = at;
  timeline.last_token = at;
  if (timeline.arrivals.empty() || timeline.arrivals.back().at != at) {
    timeline.arrivals.push_back({at, 0});
  }
  ++timeline.arrivals.back().events;
}

void ProcessFlight::finish(const DoneLine& done, Nanos at) {
  completion.finish_raw = done.finish;
  completion.server = done.timings;
  completion.usage = done.usage;
  if (completion.usage.maker.empty() && counts_tokens && completion.timeline.first_event) {
    completion.usage.output = tokens;
    if (reasoning_tokens > 0) completion.usage.reasoning = reasoning_tokens;
    completion.usage.maker = "events";
  }
  if (done.finish == "cancelled") {
    // Cancelled unasked is the engine's doing, and sending it again is not promised to help.
    fail(cancelled ? FailureClass::kCancelled : FailureClass::kServer,
         cancelled ? "cancelled" : "the program cancelled it by itself", at);
    return;
  }
  completion.finish = harness::finish_of(done.finish);
  if (!completion.timeline.first_byte) completion.timeline.first_byte = at;
  completion.timeline.done = at;
}

void ProcessFlight::finish(const ScoresLine& scores, Nanos at) {
  completion.usage = scores.usage;
  completion.server = scores.timings;
  if (scores.scores.size() != continuations.size()) {
    fail(FailureClass::kProtocol,
         fmt::format("{} scores for {} continuations", scores.scores.size(), continuations.size()),
         at);
    return;
  }
  completion.scores = scores.scores;
  // What we asked for we can count ourselves; the child may leave it out.
  for (std::size_t i = 0; i < continuations.size(); ++i) {
    completion.scores[i].bytes = continuations[i];
  }
  completion.finish = Finish::kStop;
  completion.timeline.first_byte = at;
  completion.timeline.first_event = at;
  completion.timeline.done = at;
}

void ProcessFlight::fail(FailureClass kind, const std::string& message, Nanos at) {
  harness::Failure failure;
  failure.kind = kind;
  failure.message = message.substr(0, kLongestMessage);
  failure.message.resize(harness::whole_code_points(failure.message));
  completion.failure = failure;
  completion.timeline.done = at;
}

}  // namespace pingjia::adapters
