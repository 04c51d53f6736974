#include "harness/commands/help.h"

#include <fmt/format.h>

#include <array>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/version.h"
#include "harness/commands/command.h"
#include "harness/commands/compare_runs.h"
#include "harness/commands/cost.h"
#include "harness/commands/decode.h"
#include "harness/commands/doctor.h"
#include "harness/commands/fetch.h"
#include "harness/commands/grade.h"
#include "harness/commands/hardware.h"
#include "harness/commands/later_stages.h"
#include "harness/commands/list.h"
#include "harness/commands/parity.h"
#include "harness/commands/price_again.h"
#include "harness/commands/prices.h"
#include "harness/commands/run.h"
#include "harness/commands/show.h"
#include "harness/summary/summary.h"

namespace pingjia::harness {

// The READMEs, embedded by CMake (harness/CMakeLists.txt).
extern const std::string_view kRunFilePage;
extern const std::string_view kRecordsPage;
extern const std::string_view kSuitesPage;

namespace {

struct Page {
  std::string_view name;
  std::string_view help;
  std::string_view text;
};

std::array<Page, 4> pages(const World& world) {
  return {{{"run-file", "every key of a run file", kRunFilePage},
           {"records", "the files of a run directory, failure classes, outcomes", kRecordsPage},
           {"suites", "the suites, every key of a suite file, scorers", kSuitesPage},
           {"adapters", "options of each adapter, the process protocol", world.adapters_page}}};
}

constexpr std::array<const CommandUsage*, 13> kUsages{
    &kRunUsage,    &kScoreUsage,    &kPriceUsage, &kReportUsage, &kCompareUsage,
    &kListUsage,   &kShowUsage,     &kFetchUsage, &kGradeUsage,  &kDoctorUsage,
    &kDecodeUsage, &kHardwareUsage, &kParityUsage};

std::string metrics_page() {
  std::string text = "Metrics of summary.json: tag, unit, meaning.\n\n";
  auto metrics = list_metrics();
  for (const auto& metric : list_repeat_metrics()) metrics.push_back(metric);
  for (const auto& metric : metrics) {
    text +=
        fmt::format("  {:<36}{:<10}{}: {}\n", metric.tag, metric.unit, metric.name, metric.help);
  }
  return text;
}

std::string overview(const World& world) {
  std::string text = fmt::format(
      "pingjia {}: what does a correct answer cost, how fast does it come, on which hardware?\n\n"
      "commands\n",
      kVersion);
  for (const auto& row : commands()) text += fmt::format("  {:<12}{}\n", row.name, row.help);
  text += "\npages\n";
  for (const auto& page : pages(world)) text += fmt::format("  {:<12}{}\n", page.name, page.help);
  text += "  metrics     every metric of a summary\n";
  text +=
      "\n'pingjia help X' shows one of them. Exit codes: 0 done, 1 a check failed, 2 bad input,\n"
      "3 stopped by its budget, 130 interrupted and resumable.\n";
  return text;
}

std::string find_page(const World& world, const std::string& name) {
  if (name == "metrics") return metrics_page();
  if (name == "prices") return prices_page();
  std::vector<std::string_view> known{"metrics"};
  for (const auto& page : pages(world)) {
    if (page.name == name) return std::string(page.text);
    known.push_back(page.name);
  }
  if (name == "cost") return cost_help();
  for (const CommandUsage* usage : kUsages) {
    if (usage->command == name) return usage_text(*usage);
  }
  for (const auto& row : commands()) {
    if (row.name == name) return fmt::format("pingjia {}: {}\n", row.name, row.help);
    known.push_back(row.name);
  }
  throw Error("pingjia help", "no page '" + name + "'", suggest(name, known));
}

}  // namespace

int help(World& world, std::span<const std::string> arguments) {
  world.out << (arguments.empty() ? overview(world) : find_page(world, arguments[0]));
  return kDone;
}

}  // namespace pingjia::harness
