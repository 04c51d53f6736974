#include "harness/drive/plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {

namespace {

// A sample without a date is in no window: nobody can say that it is new enough.
bool is_wanted(const Sample& sample, const PlanOptions& options) {
  if (std::find(options.exclude.begin(), options.exclude.end(), sample.id) !=
      options.exclude.end()) {
    return false;
  }
  if (options.since.empty() && options.until.empty()) return true;
  return !sample.date.empty() && sample.date >= options.since &&
         (options.until.empty() || sample.date <= options.until);
}

// Positions of the samples to ask, in the suite's order.
std::vector<std::size_t> choose_samples(const Suite& suite, const PlanOptions& options) {
  std::vector<std::size_t> chosen(suite.samples.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  const auto left_out = [&](std::size_t index) {
    return !is_wanted(suite.samples[index], options);
  };
  std::erase_if(chosen, left_out);
  if (options.limit && *options.limit < chosen.size()) {
    Rng(options.seed, "subset/" + suite.name).shuffle(chosen);
    chosen.resize(*options.limit);
    std::sort(chosen.begin(), chosen.end());
  }
  return chosen;
}

// Offsets from the start; empty in a closed loop.
std::vector<Nanos> arrival_times(const Load& load, std::size_t count, Rng& rng) {
  std::vector<Nanos> times;
  if (load.mode == LoadMode::kClosed) return times;
  double at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (load.mode == LoadMode::kConstant) {
      at = static_cast<double>(i) / load.rate;
    } else {
      at += rng.exponential(load.rate);
    }
    times.push_back(static_cast<Nanos>(std::llround(at * 1e9)));
  }
  return times;
}

// Servers take 31 bits without complaint; more is refused by some.
std::uint64_t sampling_seed(std::uint64_t seed, const std::string& name) {
  return Rng(seed, "sampling/" + name).next() & 0x7fffffffULL;
}

}  // namespace

std::string suite_key(const Suite& suite, const Protocol& protocol) {
  return suite.name + "/" + protocol.name;
}

Plan make_plan(const std::string& system, const Suite& suite, const Protocol& protocol,
               const PlanOptions& options) {
  Plan plan{system, suite_key(suite, protocol), options.load, {}};
  const auto chosen = choose_samples(suite, options);
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    for (const std::size_t index : chosen) {
      const Sample& sample = suite.samples[index];
      PlannedRequest planned;
      planned.key = {system, plan.suite, sample.id, repeat, 0};
      planned.request = make_request(suite, protocol, as_asked(protocol, sample, repeat));
      planned.request.sampling.seed =
          sampling_seed(options.seed, plan.suite + "/" + sample.id + "/" + std::to_string(repeat));
      planned.request.timeout = static_cast<Nanos>(options.timeout_s * 1e9);
      plan.requests.push_back(std::move(planned));
    }
  }
  Rng rng(options.seed, "arrivals/" + plan.suite);
  const auto times = arrival_times(options.load, plan.requests.size(), rng);
  for (std::size_t i = 0; i < times.size(); ++i) plan.requests[i].due = times[i];
  return plan;
}

}  // namespace pingjia::harness
