#include "reports/table.h"

#include "reports/csv.h"
#include "reports/html/page.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/text.h"

namespace pingjia::reports {

namespace {

constexpr harness::Row<harness::WriteReport> kReports[] = {
    {"text", "tables for a terminal", write_text},
    {"html", "the price/performance page: one self-contained file", write_html},
    {"markdown", "a comment for a pull request", write_markdown},
    {"csv", "one line per run, system, suite and metric", write_csv},
    {"json", "everything, for programs", write_json},
    {"junit", "test cases for continuous integration, one a question", write_junit},
};

}  // namespace

harness::Table<harness::WriteReport> reports() {
  return kReports;
}

}  // namespace pingjia::reports
