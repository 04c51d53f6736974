#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/conformance/checks.h"

namespace pingjia::adapters {

namespace {

constexpr int kSome = 16;

const Told& answered(Probe& probe, const std::string& prompt = kPrompt) {
  return probe.ask(generate_request(probe, prompt, kSome));
}

Verdict usage_is_there(Probe& probe) {
  const Told& told = answered(probe);
  if (!told.done) return fails("a request " + told.outcome());
  const auto& usage = told.done->usage;
  if (!usage.input || !usage.output) return fails("done has no usage with input and output");
  if (usage.total_input() == 0) return fails("a prompt of words counts no input token");
  return passes(usage.raw);
}

Verdict output_is_the_deltas(Probe& probe) {
  const Told& told = answered(probe);
  if (!told.done || !told.done->usage.output) return cannot_tell("no usage came");
  for (const auto& [delta, at] : told.deltas) {
    if (!delta.tokens) return fails("a delta does not say how many tokens it holds");
  }
  const std::int64_t counted = *told.done->usage.total_output();
  // The token that ends an answer has no text, and may or may not be counted.
  if (counted != told.tokens() && counted != told.tokens() + 1) {
    return fails(fmt::format("usage says {}, the deltas {}", counted, told.tokens()));
  }
  return passes(fmt::format("{} tokens", counted));
}

Verdict input_repeats(Probe& probe) {
  const Told& first = answered(probe);
  const Told& second = answered(probe);
  if (!first.done || !second.done) return fails("a request " + second.outcome());
  const auto before = first.done->usage.total_input();
  const auto after = second.done->usage.total_input();
  if (!before || !after) return cannot_tell("no usage came");
  return before == after
             ? passes()
             : fails(fmt::format("{} tokens, then {} with what was cached", *before, *after));
}

Verdict input_grows(Probe& probe) {
  const Told& brief = answered(probe, "one two");
  const Told& longer = answered(probe, std::string(kPrompt) + ", and again, " + kPrompt);
  if (!brief.done || !longer.done) return fails("a request " + longer.outcome());
  const auto before = brief.done->usage.total_input();
  const auto after = longer.done->usage.total_input();
  if (!before || !after) return cannot_tell("no usage came");
  return *before < *after ? passes(fmt::format("{} and {}", *before, *after))
                          : fails(fmt::format("two words count {}, two lines {}", *before, *after));
}

Verdict stamps_are_in_order(Probe& probe) {
  const Told& told = answered(probe);
  harness::Nanos last = told.sent;
  for (const auto& [delta, at] : told.deltas) {
    if (!delta.t_ns) return cannot_tell("deltas carry no t_ns");
    if (*delta.t_ns < last) {
      return fails(
          fmt::format("t_ns {} is before {}: sent, or the delta before it", *delta.t_ns, last));
    }
    if (*delta.t_ns > at)
      return fails(fmt::format("t_ns {} is after it came, {}", *delta.t_ns, at));
    last = *delta.t_ns;
  }
  return told.deltas.empty() ? cannot_tell("no delta came") : passes();
}

Verdict timings_fit(Probe& probe) {
  const Told& told = answered(probe);
  if (!told.done) return fails("a request " + told.outcome());
  const auto& timings = told.done->timings;
  if (timings.maker.empty()) return cannot_tell("done carries no timings");
  const double sum =
      timings.queue_s.value_or(0) + timings.prefill_s.value_or(0) + timings.decode_s.value_or(0);
  const double seen = harness::seconds(told.ended - told.sent);
  return sum <= seen
             ? passes(fmt::format("{:.6f} of {:.6f} s", sum, seen))
             : fails(fmt::format("they sum to {:.6f} s, the answer took {:.6f} s", sum, seen));
}

constexpr std::array kChecks = {
    Check{"usage is there", "generate", usage_is_there},
    Check{"usage.output is the tokens of the deltas", "generate", output_is_the_deltas},
    Check{"input and cache_read of one prompt have one sum", "generate", input_repeats},
    Check{"a longer prompt has more input", "generate", input_grows},
    Check{"t_ns rises between sent and received", "generate", stamps_are_in_order},
    Check{"timings fit into the time the answer took", "generate", timings_fit},
};

}  // namespace

std::span<const Check> account_checks() {
  return kChecks;
}

}  // namespace pingjia::adapters
