#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "adapters/conformance/checks.h"

namespace pingjia::adapters {

using nlohmann::json;

namespace {

// Nats by which two runs of one computation may differ: batches change the order of sums.
constexpr double kTolerance = 1e-3;

const std::vector<std::string> kContinuations = {"yes", "no", "perhaps so", "\u8bc4\u4ef7"};

Verdict one_score_each(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, kContinuations));
  if (!told.scores) return fails("a request " + told.outcome());
  probe.settle();
  if (told.ends != 1 || !told.deltas.empty()) return fails("it got more than one scores line");
  const std::size_t count = told.scores->scores.size();
  return count == kContinuations.size()
             ? passes()
             : fails(fmt::format("{} scores for {} continuations", count, kContinuations.size()));
}

Verdict scores_are_logarithms(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, kContinuations));
  if (!told.scores) return fails("a request " + told.outcome());
  for (const auto& score : told.scores->scores) {
    if (score.loglikelihood > 0 || !std::isfinite(score.loglikelihood)) {
      return fails(fmt::format("{} is no logarithm of a probability", score.loglikelihood));
    }
  }
  return passes();
}

Verdict lengths_are_right(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, kContinuations));
  if (!told.scores) return fails("a request " + told.outcome());
  for (std::size_t i = 0; i < std::min(told.scores->scores.size(), kContinuations.size()); ++i) {
    const auto& score = told.scores->scores[i];
    const auto bytes = static_cast<int>(kContinuations[i].size());
    if (score.bytes != bytes || score.tokens < 1 || score.tokens > bytes) {
      return fails(fmt::format("{} has {} bytes, not {} in {} tokens",
                               json(kContinuations[i]).dump(), bytes, score.bytes, score.tokens));
    }
  }
  return passes();
}

// The same continuations in another order have the same scores in that order.
Verdict order_is_kept(Probe& probe) {
  auto reversed = kContinuations;
  std::reverse(reversed.begin(), reversed.end());
  const Told& first = probe.ask(score_request(probe, kContinuations));
  const Told& second = probe.ask(score_request(probe, reversed));
  if (!first.scores || !second.scores) return fails("a request " + second.outcome());
  const auto& forward = first.scores->scores;
  const auto& backward = second.scores->scores;
  if (forward.size() != backward.size()) return fails("the number of scores changed");
  for (std::size_t i = 0; i < forward.size(); ++i) {
    const double other = backward[backward.size() - 1 - i].loglikelihood;
    if (std::abs(forward[i].loglikelihood - other) > kTolerance) {
      return fails(fmt::format("{} scores {} and, asked in another order, {}",
                               json(kContinuations[i]).dump(), forward[i].loglikelihood, other));
    }
  }
  return passes();
}

// At most one continuation of one token can be the most likely token.
Verdict greedy_is_best(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, kContinuations));
  if (!told.scores) return fails("a request " + told.outcome());
  for (const auto& score : told.scores->scores) {
    if (!score.greedy || score.tokens != 1) continue;
    for (const auto& other : told.scores->scores) {
      if (other.tokens == 1 && (other.loglikelihood > score.loglikelihood + kTolerance ||
                                (other.greedy && &other != &score))) {
        return fails("a continuation is greedy, and another single token is as likely");
      }
    }
  }
  return passes();
}

Verdict probabilities_sum(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, kContinuations));
  if (!told.scores) return fails("a request " + told.outcome());
  double sum = 0;
  // None of them begins another, so that they exclude one another.
  for (const auto& score : told.scores->scores) sum += std::exp(score.loglikelihood);
  return sum <= 1 + kTolerance ? passes(fmt::format("{:.4f}", sum))
                               : fails(fmt::format("they sum to {:.4f}", sum));
}

Verdict no_continuations(Probe& probe) {
  const Told& told = probe.ask(score_request(probe, {}));
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  if (told.scores && !told.scores->scores.empty()) return fails("scores for nothing");
  return told.ends == 1 ? passes(told.outcome()) : fails("it " + told.outcome());
}

constexpr std::array kChecks = {
    Check{"each continuation has one score", "loglikelihood", one_score_each},
    Check{"log-likelihoods are finite and at most 0", "loglikelihood", scores_are_logarithms},
    Check{"bytes and tokens of continuations are right", "loglikelihood", lengths_are_right},
    Check{"scores come in the order of the continuations", "loglikelihood", order_is_kept},
    Check{"greedy marks the most likely token only", "loglikelihood", greedy_is_best},
    Check{"probabilities sum to at most 1", "loglikelihood", probabilities_sum},
    Check{"no continuations are answered", "loglikelihood", no_continuations},
};

}  // namespace

std::span<const Check> score_checks() {
  return kChecks;
}

}  // namespace pingjia::adapters
