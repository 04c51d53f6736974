#include "reports/parity_verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/summary/parity.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Metric;
using harness::ParityMark;
using harness::ParityMarks;

const ParityMarks* parity_of(const std::vector<Contestant>& contestants) {
  const harness::RunView* run = contestants.empty() ? nullptr : contestants.front().run;
  for (const auto& one : contestants) {
    if (one.run != run) return nullptr;
  }
  return run == nullptr || run->summary.parity.reference.empty() ? nullptr : &run->summary.parity;
}

namespace {

const Metric* known_ratio(const ParityMark& mark) {
  const Metric* ratio = harness::find_metric(mark.metrics, "cost_ratio");
  return ratio != nullptr && ratio->value && ratio->low && ratio->high ? ratio : nullptr;
}

bool says(const ParityMark& mark, harness::ParityVerdict verdict) {
  return mark.verdict == harness::verdict_name(verdict);
}

std::string margin_text(const ParityMarks& parity) {
  return fmt::format("{:g}", 100 * parity.margin);
}

std::string count_text(const ParityMark& mark, std::string_view tag) {
  const Metric* count = harness::find_metric(mark.metrics, tag);
  return count != nullptr && count->value ? fmt::format("{:.0f}", *count->value) : "";
}

// "Whether X is at parity with Y: these 700 questions do not say; some 3000 would."
Sentence open_question(const ParityMarks& parity, const ParityMark& mark) {
  Sentence open{
      "Whether {} is at parity with {} (margin {} points): these {} questions do not say.",
      {visible(mark.system), visible(parity.reference), margin_text(parity),
       count_text(mark, "paired")}};
  const std::string deciding = count_text(mark, "deciding");
  if (deciding.empty()) return open;
  open.pattern =
      "Whether {} is at parity with {} (margin {} points): these {} questions do not say; some "
      "{} would.";
  open.fill.push_back(deciding);
  return open;
}

}  // namespace

const ParityMark* bargain(const ParityMarks& parity) {
  const ParityMark* best = nullptr;
  for (const auto& mark : parity.marks) {
    const Metric* ratio = known_ratio(mark);
    if (!says(mark, harness::ParityVerdict::kNotWorse) || ratio == nullptr) continue;
    if (*ratio->high >= 1) continue;
    if (best == nullptr || *ratio->value < *known_ratio(*best)->value) best = &mark;
  }
  return best;
}

Sentence at_parity(const ParityMarks& parity, const ParityMark& mark) {
  const Metric* ratio = known_ratio(mark);
  const harness::CostRatio cost{ratio->value, harness::Interval{*ratio->low, *ratio->high}, ""};
  return {"{} is at parity with {} (margin {} points) at {} of the cost per correct answer.",
          {visible(mark.system), visible(parity.reference), margin_text(parity),
           harness::ratio_text(cost)}};
}

void say_parity(const ParityMarks& parity, const ParityMark* in_headline, Verdict& verdict) {
  std::vector<std::string> worse;
  for (const auto& mark : parity.marks) {
    if (says(mark, harness::ParityVerdict::kWorse)) worse.push_back(visible(mark.system));
    if (says(mark, harness::ParityVerdict::kNotWorse) && &mark != in_headline) {
      verdict.findings.push_back(
          {"{} is at parity with {} (margin {} points).",
           {visible(mark.system), visible(parity.reference), margin_text(parity)}});
    }
    if (says(mark, harness::ParityVerdict::kRefused)) {
      verdict.undecided.push_back(
          {"Whether {} is at parity with {}: {}.",
           {visible(mark.system), visible(parity.reference), visible(mark.why)}});
    }
    if (says(mark, harness::ParityVerdict::kUndecided)) {
      verdict.undecided.push_back(open_question(parity, mark));
    }
  }
  if (!worse.empty()) {
    verdict.findings.push_back({"Worse than {} by more than {} points: {}.",
                                {visible(parity.reference), margin_text(parity),
                                 fmt::format("{}", fmt::join(worse, ", "))}});
  }
}

}  // namespace pingjia::reports
