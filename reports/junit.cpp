#include "reports/junit.h"

#include <fmt/format.h>

#include <map>

#include "harness/score/score.h"
#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::RunView;
using harness::SampleView;
using harness::SummaryRow;

namespace {

constexpr std::size_t kLongestText = 2'000;

// What a case shows beside its name.
enum class Mark { kPassed, kFailure, kError, kSkipped };

Mark mark_of(const SampleView& sample) {
  if (sample.outcome == harness::outcome::kRight) return Mark::kPassed;
  if (sample.outcome == harness::outcome::kFailed) return Mark::kError;
  const bool no_mark = sample.outcome.empty() || sample.outcome == harness::outcome::kUnsupported ||
                       sample.outcome == harness::outcome::kUndecided;
  return no_mark ? Mark::kSkipped : Mark::kFailure;
}

struct Counts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;

  void add(Mark mark) {
    ++tests;
    failures += mark == Mark::kFailure ? 1 : 0;
    errors += mark == Mark::kError ? 1 : 0;
    skipped += mark == Mark::kSkipped ? 1 : 0;
  }
  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures,
                       errors, skipped);
  }
};

std::string excerpt(const std::string& text) {
  return escape(visible_excerpt(text, kLongestText).text);
}

double seconds_of(const SampleView& sample) {
  const auto& timeline = sample.record.completion.timeline;
  return harness::seconds(timeline.done - timeline.due);
}

std::string inner(const SampleView& sample, Mark mark) {
  switch (mark) {
    case Mark::kPassed:
      return "";
    case Mark::kSkipped:
      return fmt::format("<skipped message=\"{}\"/>",
                         sample.outcome.empty() ? "not scored" : shown(sample.outcome));
    case Mark::kError: {
      const auto& failure = sample.record.completion.failure;
      return fmt::format("<error type=\"{}\" message=\"{}\"/>",
                         failure ? harness::failure_name(failure->kind) : "failed",
                         failure ? excerpt(failure->message) : "");
    }
    case Mark::kFailure:
      break;
  }
  return fmt::format("<failure type=\"{}\" message=\"expected {}, extracted {}\">{}</failure>",
                     shown(sample.outcome), excerpt(sample.gold), excerpt(sample.extracted),
                     excerpt(sample.record.completion.text));
}

std::string case_text(const SampleView& sample, Mark mark) {
  const auto& key = sample.record.key;
  const std::string id =
      key.repeat == 0 ? key.sample : fmt::format("{} #{}", key.sample, key.repeat + 1);
  return fmt::format(
      "    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{:.6f}\">{}</testcase>\n",
      shown(key.system), shown(key.suite), shown(id), seconds_of(sample), inner(sample, mark));
}

std::string properties(const SummaryRow& row) {
  std::string out = "    <properties>\n";
  for (const auto& metric : row.metrics) {
    if (!metric.value) continue;
    out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escape(metric.tag),
                       *metric.value);
  }
  return out + "    </properties>\n";
}

struct Suite {
  Counts counts;
  double seconds = 0;
  std::string cases;
};

// One case a row: what is rejected or wrong fails, what is absent is skipped.
Suite kernel_suite(const harness::KernelTable& table) {
  Suite suite;
  for (const auto& row : table.rows) {
    const bool absent = row.status == harness::KernelRow::kAbsent;
    const bool passed = row.status == harness::KernelRow::kOk;
    const double seconds = row.seconds ? row.seconds->median : 0;
    std::string why;
    if (absent) why = fmt::format("<skipped message=\"{}\"/>", shown(row.reason));
    if (!absent && !passed) {
      why = fmt::format("<failure type=\"{}\" message=\"{}\"/>",
                        harness::kernel_status_name(row.status), shown(row.reason));
    }
    suite.counts.add(passed ? Mark::kPassed : absent ? Mark::kSkipped : Mark::kFailure);
    suite.seconds += seconds;
    suite.cases +=
        fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{:.9f}\">{}</testcase>\n",
                    shown(row.op), shown(row.type), shown(kernel_row_name(row)), seconds, why);
  }
  return suite;
}

using Suites = std::map<std::pair<std::string, std::string>, Suite>;  // By system and suite.

Suites suites_of_run(const RunView& run) {
  Suites suites;
  for (const auto& sample : run.samples) {
    Suite& suite = suites[{sample.record.key.system, sample.record.key.suite}];
    const Mark mark = mark_of(sample);
    suite.counts.add(mark);
    suite.seconds += seconds_of(sample);
    suite.cases += case_text(sample, mark);
  }
  return suites;
}

}  // namespace

std::string write_junit(const std::vector<RunView>& runs) {
  Counts all;
  std::string body;
  for (const auto& run : runs) {
    const Suites suites = suites_of_run(run);
    for (const auto& row : run.summary.rows) {
      const auto found = suites.find({row.system, row.suite});
      if (found == suites.end()) continue;  // The row "*" repeats the others.
      const auto& [counts, seconds, cases] = found->second;
      body += fmt::format(
          "  <testsuite name=\"{}: {} on {}\" {} time=\"{:.6f}\">\n{}{}  </testsuite>\n",
          shown(run.name), shown(row.system), shown(row.suite), counts.attributes(), seconds,
          properties(row), cases);
      all.add(counts);
    }
    if (!run.kernels) continue;
    const Suite kernels = kernel_suite(*run.kernels);
    body +=
        fmt::format("  <testsuite name=\"{}: kernels\" {} time=\"{:.6f}\">\n{}  </testsuite>\n",
                    shown(run.name), kernels.counts.attributes(), kernels.seconds, kernels.cases);
    all.add(kernels.counts);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pingjia\" "
      "{}>\n{}</testsuites>\n",
      all.attributes(), body);
}

}  // namespace pingjia::reports
