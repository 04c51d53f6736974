#include "reports/svg/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/columns.h"

namespace pingjia::reports {

namespace {

// "0.05", "20", "1,000": a round value in as few digits as it has.
std::string round_label(double value) {
  std::string label = significant(value);
  if (label.find('.') != std::string::npos) {
    label.erase(label.find_last_not_of('0') + 1);
    if (label.back() == '.') label.pop_back();
  }
  return label;
}

bool fits(const Scale& scale, const std::vector<Tick>& list, double gap) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (std::abs(scale(list[i].value) - scale(list[i - 1].value)) < gap) return false;
  }
  return true;
}

std::vector<Tick> log_ticks(const Scale& scale, const std::vector<double>& steps, int every) {
  std::vector<Tick> list;
  const int first = static_cast<int>(std::floor(std::log10(scale.low)));
  const int last = static_cast<int>(std::ceil(std::log10(scale.high)));
  for (int decade = first; decade <= last; ++decade) {
    if (decade % every != 0) continue;
    for (const double step : steps) {
      const double value = step * std::pow(10, decade);
      if (value < scale.low * 0.999 || value > scale.high * 1.001) continue;
      list.push_back({value, round_label(value)});
    }
  }
  return list;
}

std::vector<Tick> linear_ticks(const Scale& scale, double step) {
  std::vector<Tick> list;
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  const double first = std::ceil(scale.low / step - 1e-9);
  for (double i = first; i * step <= scale.high + step * 1e-9; ++i) {
    const double value = i == 0 ? 0 : i * step;  // Never -0.
    list.push_back({value, fmt::format("{:.{}f}", value, decimals)});
  }
  return list;
}

}  // namespace

double Scale::operator()(double value) const {
  const double share =
      log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return from + share * (to - from);
}

Scale fraction_scale(double low, double high, double from, double to) {
  const double padding = std::max(0.08 * (high - low), (0.1 - (high - low)) / 2);
  return {false, std::max(0.0, low - padding), std::min(1.0, high + padding), from, to};
}

Scale log_scale(double low, double high, double from, double to) {
  constexpr double kLeastSpan = 5;
  const double padding = std::max(1.25, std::sqrt(kLeastSpan * low / high));
  return {true, low / padding, high * padding, from, to};
}

std::vector<Tick> ticks(const Scale& scale, double gap) {
  if (!scale.log) {
    // A thousandth of the axis is closer than any gap.
    const double first = std::pow(10, std::floor(std::log10((scale.high - scale.low) / 1000)));
    for (double step = first;; step *= 10) {
      for (const double round : {1.0, 2.0, 5.0}) {
        auto list = linear_ticks(scale, step * round);
        if (fits(scale, list, gap)) return list;
      }
    }
  }
  // On a short axis 1-2-5 may leave but one or two ticks: then finer steps, if they fit.
  auto usual = log_ticks(scale, {1, 2, 5}, 1);
  for (const auto& steps : {std::vector<double>{1, 1.5, 2, 3, 4, 5, 6, 8}, {1, 2, 3, 5, 7}}) {
    auto list = log_ticks(scale, steps, 1);
    if (usual.size() < 3 && fits(scale, list, gap)) return list;
  }
  if (fits(scale, usual, gap)) return usual;
  auto sparse = log_ticks(scale, {1, 3}, 1);
  if (fits(scale, sparse, gap)) return sparse;
  for (int every = 1;; ++every) {
    auto list = log_ticks(scale, {1}, every);
    if (fits(scale, list, gap)) return list;
  }
}

}  // namespace pingjia::reports
