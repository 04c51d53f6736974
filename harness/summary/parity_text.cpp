#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <string>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"
#include "harness/summary/parity.h"

namespace pingjia::harness {

namespace {

constexpr std::string_view kMinus = "\u2212";

std::string points(double share, int decimals) {
  std::string text = fmt::format("{:.{}f}", 100 * std::abs(share), decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return (share < 0 && !zero ? std::string(kMinus) : "") + text;
}

// Enough decimals that no end looks like the margin that it is not.
int decimals_for(const std::optional<Interval>& interval, double margin) {
  if (!interval || margin <= 0) return 1;
  for (int decimals = 1; decimals < 4; ++decimals) {
    const std::string edge = points(-margin, decimals);
    if (points(interval->low, decimals) != edge && points(interval->high, decimals) != edge) {
      return decimals;
    }
  }
  return 4;
}

std::string fraction(double value) {
  const double inverse = 1 / value;
  return inverse >= 9.95 ? fmt::format("1/{:.0f}", inverse) : fmt::format("1/{:.1f}", inverse);
}

std::string multiple(double value) {
  if (value >= 9.95) return fmt::format("{:.0f}", value);
  return value >= 0.0995 ? fmt::format("{:.2f}", value) : fmt::format("{:.2g}", value);
}

bool below_one(const CostRatio& ratio) {
  const double least = ratio.interval ? ratio.interval->low : *ratio.value;
  const double most = ratio.interval ? ratio.interval->high : *ratio.value;
  return least > 0 && *ratio.value < 0.8 && most < 1;
}

// "2 points", "1 point", "0.5 points".
std::string margin_text(double margin) {
  return fmt::format("{:.4g} point{}", 100 * margin, 100 * margin == 1 ? "" : "s");
}

// `joint` stands before the amount.
std::string cost_clause(const CostRatio& ratio, const char* joint) {
  if (!ratio.value) return "; what a correct answer costs beside it is unknown: " + ratio.why;
  const std::string amount =
      ratio_text(ratio) + (below_one(ratio) ? " of the cost" : " times the cost");
  return fmt::format("{}at {} per correct answer", joint, amount);
}

// 9,437 as "9,400": two figures of what rests on an estimate.
std::string about(std::int64_t count) {
  const auto scale = static_cast<std::int64_t>(
      std::pow(10, std::max(0.0, std::floor(std::log10(static_cast<double>(count))) - 1)));
  std::string digits = std::to_string((count + scale - 1) / scale * scale);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return digits;
}

std::string deciding_clause(const ParityRow& row) {
  constexpr std::int64_t kAskable = 10'000'000;
  if (!row.deciding || *row.deciding > kAskable) {
    return "no number of questions that can be asked would decide it, because the difference seen "
           "stands on the margin";
  }
  return fmt::format("about {} questions would decide it if the difference stays",
                     about(*row.deciding));
}

// Where the interval alone would decide: it is of one system, the verdict of all of them.
std::string correction_clause(const Parity& parity, const ParityRow& row) {
  const bool clear =
      row.interval && (row.interval->low > -parity.margin || row.interval->high < -parity.margin);
  return clear ? fmt::format(" after Holm's correction over {} systems", parity.rows.size()) : "";
}

}  // namespace

double parse_margin(std::string_view text) {
  const auto refuse = [&](const std::string& problem) {
    throw Error("--margin", "'" + std::string(text) + "' " + problem,
                "give points of accuracy, such as 2pt");
  };
  std::size_t end = 0;
  while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 ||
                               text[end] == '.' || text[end] == '-')) {
    ++end;
  }
  std::string_view unit = text.substr(end);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const auto number = plain_decimal(text.substr(0, end));
  if (!number) refuse("is no number with a unit");
  if (unit.empty()) refuse("has no unit");
  if (unit == "%") refuse("may mean points or a share of the accuracy");
  if (unit != "pt" && unit != "pts" && unit != "pp" && unit != "point" && unit != "points") {
    refuse("has an unknown unit");
  }
  const double margin = std::stod(*number) / 100;
  if (!(margin > 0 && margin < 1)) refuse("is not between 0 and 100 points");
  return margin;
}

std::string ratio_text(const CostRatio& ratio) {
  if (!ratio.value) return "unknown";
  const auto form = below_one(ratio) ? fraction : multiple;
  std::string text = form(*ratio.value);
  if (ratio.interval) {
    text += fmt::format(" [{}, {}]", form(ratio.interval->low), form(ratio.interval->high));
  }
  return text;
}

std::string points_text(double share, const std::optional<Interval>& interval, double margin) {
  const int decimals = decimals_for(interval, margin);
  std::string text = points(share, decimals);
  if (interval) {
    text +=
        fmt::format(" [{}, {}]", points(interval->low, decimals), points(interval->high, decimals));
  }
  return text;
}

std::string parity_sentence(const Parity& parity, const ParityRow& row) {
  const std::string seen = "(difference " +
                           points_text(row.difference, row.interval, parity.margin) +
                           fmt::format(", {} questions)", row.paired);
  const std::string margin = margin_text(parity.margin);
  const bool better = row.interval && row.interval->low > 0;
  switch (row.verdict) {
    case ParityVerdict::kNotWorse:
      return fmt::format("{} is not worse than {} by more than {}{} {}{}.", row.model,
                         parity.reference, margin, better ? ", it is better" : "", seen,
                         cost_clause(row.per_correct, " "));
    case ParityVerdict::kWorse:
      return fmt::format("{} is worse than {} by more than {} {}{}.", row.model, parity.reference,
                         margin, seen, cost_clause(row.per_correct, ", "));
    case ParityVerdict::kUndecided:
      return fmt::format("Whether {} is worse than {} by more than {} is undecided{} {}: {}{}.",
                         row.model, parity.reference, margin, correction_clause(parity, row), seen,
                         deciding_clause(row), cost_clause(row.per_correct, "; it stands "));
    case ParityVerdict::kRefused:
      break;
  }
  return fmt::format("{} is not compared with {}: {}.", row.model, parity.reference, row.why);
}

}  // namespace pingjia::harness
