#include "reports/csv.h"

#include <fmt/format.h>

#include <optional>

#include "reports/columns.h"
#include "reports/kernel_lines.h"

namespace pingjia::reports {

using harness::Metric;
using harness::RunView;
using harness::SummaryRow;

namespace {

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

// Shortest text that reads back as the same double.
std::string field(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string line(const RunView& run, const SummaryRow& row, const Metric& metric) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", field(run.name),
                     field(row.system), field(row.suite), row.test_double ? "true" : "false",
                     field(row.price_basis), field(metric.tag), field(metric.name),
                     field(metric.unit), better_name(metric.better), field(metric.value),
                     field(metric.low), field(metric.high), field(metric.maker));
}

void append(std::string& out, const RunView& run, const std::vector<SummaryRow>& rows) {
  for (const auto& row : rows) {
    for (const auto& metric : row.metrics) out += line(run, row, metric);
  }
}

}  // namespace

std::string write_csv(const std::vector<RunView>& runs) {
  std::string out =
      "run,system,suite,test_double,price_basis,tag,name,unit,better,value,low,high,maker\r\n";
  for (const auto& run : runs) {
    append(out, run, run.summary.rows);
    if (run.kernels) append(out, run, kernel_summary(*run.kernels));
  }
  return out;
}

}  // namespace pingjia::reports
