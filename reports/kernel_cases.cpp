#include "reports/kernel_cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "harness/stats/quantile.h"
#include "reports/columns.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::KernelRow;
using harness::KernelTable;

namespace {

bool has_result(const KernelRow& row) {
  return row.status == KernelRow::kOk && row.seconds.has_value();
}

bool is_faster(const KernelRow& row, const KernelRow* than) {
  return than == nullptr || row.seconds->median < than->seconds->median;
}

void add(KernelCase& one, const KernelRow& row) {
  one.rows.push_back(&row);
  if (!has_result(row)) return;
  auto& best = row.ours ? one.best_ours : one.best_other;
  if (is_faster(row, best)) best = &row;
}

// Which parts of a case's name differ inside the group.
struct Differing {
  bool model = false;
  bool cache = false;
  std::vector<std::string> dimensions;  // Those whose numbers tell the cases of a model apart.
  std::vector<std::string> names;       // Of them; "key_length = query_length" of equal ones.
};

std::optional<std::int64_t> number_of(const KernelCase& one, const std::string& key) {
  const auto& shape = one.rows[0]->shape;
  const auto found = shape.find(key);
  return found == shape.end() ? std::nullopt : std::optional(found->second);
}

std::set<std::string> all_dimensions(const KernelGroup& group) {
  std::set<std::string> keys;
  for (const auto& one : group.cases) {
    for (const auto& [key, ignored] : one.rows[0]->shape) keys.insert(key);
  }
  return keys;
}

// Within a model: what its name says need not be said again.
bool varies(const KernelGroup& group, const std::string& key) {
  std::map<std::string, std::optional<std::int64_t>> first;
  for (const auto& one : group.cases) {
    const auto [seen, is_new] = first.try_emplace(one.rows[0]->model, number_of(one, key));
    if (!is_new && seen->second != number_of(one, key)) return true;
  }
  return false;
}

bool always_equal(const KernelGroup& group, const std::string& a, const std::string& b) {
  return std::all_of(group.cases.begin(), group.cases.end(),
                     [&](const KernelCase& one) { return number_of(one, a) == number_of(one, b); });
}

Differing differing(const KernelGroup& group) {
  std::set<std::string> models;
  std::set<std::string> caches;
  for (const auto& one : group.cases) {
    models.insert(one.rows[0]->model);
    caches.insert(one.rows[0]->cache);
  }
  Differing found{models.size() > 1, caches.size() > 1, {}, {}};
  for (const auto& key : all_dimensions(group)) {
    if (!varies(group, key)) continue;
    const auto twin = std::find_if(found.dimensions.begin(), found.dimensions.end(),
                                   [&](const auto& one) { return always_equal(group, one, key); });
    if (twin == found.dimensions.end()) {
      found.dimensions.push_back(key);
      found.names.push_back(visible(key));
    } else {
      found.names[static_cast<std::size_t>(twin - found.dimensions.begin())] +=
          " = " + visible(key);
    }
  }
  return found;
}

std::string label_of(const KernelCase& one, const Differing& differ) {
  std::vector<std::string> numbers;
  for (const auto& key : differ.dimensions) {
    const auto number = number_of(one, key);
    numbers.push_back(number ? fmt::format("{}", *number) : "·");
  }
  std::vector<std::string> parts;
  // Numbers first: a narrow chart cuts the end off.
  if (!numbers.empty()) parts.push_back(fmt::format("{}", fmt::join(numbers, " × ")));
  if (differ.model) parts.push_back(visible(one.rows[0]->model));
  if (differ.cache || parts.empty()) parts.push_back(one.rows[0]->cache);
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Of what all cases share.
std::string fixed_text(const KernelGroup& group, const Differing& differ) {
  const KernelRow& row = *group.cases[0].rows[0];
  std::vector<std::string> parts;
  if (!differ.model) parts.push_back(visible(row.model));
  for (const auto& dimension : row.shape) {
    const auto same = [&](const KernelCase& one) {
      return number_of(one, dimension.first) == dimension.second;
    };
    if (!std::all_of(group.cases.begin(), group.cases.end(), same)) continue;
    parts.push_back(fmt::format("{} {}", visible(dimension.first), dimension.second));
  }
  if (!differ.cache) parts.push_back(row.cache);
  return fmt::format("{}", fmt::join(parts, ", "));
}

void name_cases(KernelGroup& group) {
  const Differing differ = differing(group);
  group.varying = fmt::format("{}", fmt::join(differ.names, " × "));
  group.fixed = fixed_text(group, differ);
  for (auto& one : group.cases) one.label = label_of(one, differ);
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  return harness::quantile(values, 0.5);
}

}  // namespace

std::optional<double> KernelCase::lead(const KernelRow& row) const {
  if (best_other == nullptr || !has_result(row)) return std::nullopt;
  return best_other->seconds->median / row.seconds->median;
}

std::vector<KernelGroup> kernel_groups(const KernelTable& table) {
  std::vector<KernelGroup> groups;
  std::map<std::tuple<std::string, std::string>, std::size_t> group_at;
  std::map<std::string, std::size_t> case_at;  // In its group.
  for (const auto& row : table.rows) {
    const auto [group, is_new] = group_at.try_emplace({row.op, row.type}, groups.size());
    if (is_new) groups.push_back({row.op, row.type, {}, "", ""});
    auto& cases = groups[group->second].cases;
    KernelRow alone = row;  // Its name without who did it.
    alone.implementation.clear();
    const auto [place, first] = case_at.try_emplace(kernel_row_name(alone), cases.size());
    if (first) cases.emplace_back();
    add(cases[place->second], row);
  }
  for (auto& group : groups) name_cases(group);
  return groups;
}

bool all_kernels_only(const std::vector<harness::RunView>& runs) {
  return !runs.empty() &&
         std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run.kernels_only; });
}

std::vector<Implementation> implementations(const KernelTable& table) {
  std::vector<Implementation> list;
  for (const bool ours : {true, false}) {
    for (const auto& row : table.rows) {
      const auto known = [&](const auto& one) { return one.name == row.implementation; };
      if (row.ours == ours && std::none_of(list.begin(), list.end(), known)) {
        list.push_back({row.implementation, ours});
      }
    }
  }
  return list;
}

KernelStanding standing_of(const std::vector<const KernelCase*>& cases) {
  KernelStanding standing;
  std::vector<double> roofs;
  std::vector<double> leads;
  for (const auto* one : cases) {
    if (one->best_ours == nullptr) continue;
    ++standing.cases;
    if (one->best_ours->roof_fraction) roofs.push_back(*one->best_ours->roof_fraction);
    if (const auto lead = one->lead(*one->best_ours)) leads.push_back(*lead);
  }
  standing.compared = leads.size();
  standing.ahead = static_cast<std::size_t>(
      std::count_if(leads.begin(), leads.end(), [](double lead) { return lead > 1; }));
  if (!leads.empty()) {
    standing.least_lead = *std::min_element(leads.begin(), leads.end());
    standing.most_lead = *std::max_element(leads.begin(), leads.end());
  }
  standing.median_roof = median(std::move(roofs));
  standing.median_lead = median(std::move(leads));
  return standing;
}

std::vector<const KernelCase*> all_cases(std::span<const KernelGroup> groups) {
  std::vector<const KernelCase*> cases;
  for (const auto& group : groups) {
    for (const auto& one : group.cases) cases.push_back(&one);
  }
  return cases;
}

std::string time_text(double seconds) {
  constexpr std::array<std::pair<double, const char*>, 3> kUnits{
      {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}};
  for (const auto& [unit, name] : kUnits) {
    if (seconds >= unit) return significant(seconds / unit) + " " + name;
  }
  return significant(seconds / 1e-9) + " ns";
}

std::string per_second_text(double value, const std::string& unit) {
  constexpr std::array<std::pair<double, const char*>, 3> kPrefixes{
      {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}}};
  for (const auto& [size, prefix] : kPrefixes) {
    if (value >= size) return significant(value / size) + " " + prefix + unit;
  }
  return significant(value) + " " + unit;
}

std::string flops_text(const KernelRow& row) {
  if (!has_result(row) || row.flops <= 0) return "";
  return per_second_text(row.flops / row.seconds->median, "FLOP/s");
}

std::string bytes_text(const KernelRow& row) {
  if (!has_result(row) || row.bytes <= 0) return "";
  return per_second_text(row.bytes / row.seconds->median, "B/s");
}

std::string percent_text(const std::optional<double>& share) {
  return share ? fmt::format("{:.{}f} %", 100 * *share, *share < 0.0995 ? 1 : 0)
               : std::string(kUnknown);
}

std::string times_text(const std::optional<double>& ratio) {
  return ratio ? significant(*ratio) + "×" : std::string(kUnknown);
}

}  // namespace pingjia::reports
