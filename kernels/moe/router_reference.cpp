#include "kernels/moe/router_reference.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace pingjia::kernels {
namespace {

std::vector<double> scores_of(const RoutingRule& shape, std::span<const float> logits) {
  std::vector<double> scores(logits.begin(), logits.end());
  const double highest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) {
    score = shape.sigmoid ? 1 / (1 + std::exp(-score)) : std::exp(score - highest);
    sum += score;
  }
  if (!shape.sigmoid) {
    for (double& score : scores) score /= sum;
  }
  return scores;
}

/// The best groups by the sum of their two best experts.
std::vector<std::int64_t> groups_of(const RoutingRule& shape, const std::vector<double>& choice) {
  const std::int64_t size = shape.experts / shape.groups;
  std::vector<std::pair<double, std::int64_t>> groups;
  for (std::int64_t group = 0; group < shape.groups; ++group) {
    const auto first = choice.begin() + group * size;
    std::vector<double> members(first, first + size);
    std::sort(members.rbegin(), members.rend());
    groups.emplace_back(-(members[0] + (size > 1 ? members[1] : 0)), group);
  }
  std::sort(groups.begin(), groups.end());
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < shape.kept_groups; ++i) {
    kept.push_back(groups[static_cast<std::size_t>(i)].second);
  }
  return kept;
}

}  // namespace

void router_reference(const RoutingRule& shape, std::span<const float> logits,
                      std::span<const float> bias, std::span<std::int32_t> chosen,
                      std::span<double> weights) {
  const std::vector<double> scores = scores_of(shape, logits);
  std::vector<double> choice = scores;
  for (std::size_t i = 0; i < bias.size(); ++i) choice[i] += static_cast<double>(bias[i]);
  const std::int64_t size = shape.experts / shape.groups;
  std::vector<std::pair<double, std::int64_t>> open;
  for (const std::int64_t group : groups_of(shape, choice)) {
    for (std::int64_t expert = group * size; expert < (group + 1) * size; ++expert) {
      open.emplace_back(-choice[static_cast<std::size_t>(expert)], expert);
    }
  }
  std::sort(open.begin(), open.end());
  double sum = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    chosen[i] = static_cast<std::int32_t>(open[i].second);
    weights[i] = scores[static_cast<std::size_t>(open[i].second)];
    sum += weights[i];
  }
  for (double& weight : weights) weight *= shape.scale / (shape.normalised ? sum : 1);
}

}  // namespace pingjia::kernels
