#include "reports/html/page.h"

#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/html/style.h"
#include "reports/markup.h"

namespace pingjia::reports {

namespace {

std::string title(const std::vector<harness::RunView>& runs) {
  std::string names;
  for (const auto& run : runs) names += (names.empty() ? "" : ", ") + shown(run.name);
  return names.empty() ? "no run" : names;
}

// Nothing is fetched and nothing runs, whatever a model wrote into the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string head(const std::string& names) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>pingjia: {}</title>\n<style>{}</style>\n</head>\n",
      kPolicy, names, page_style());
}

}  // namespace

Page make_page(const std::vector<harness::RunView>& runs) {
  Page page{runs, contestants(runs), {}, rows_of(runs), {}, {}};
  page.suites = suites_of(page.contestants);
  page.columns = columns_for(page.rows);
  page.verdict = verdict_of(page.contestants);
  return page;
}

std::string write_html(const std::vector<harness::RunView>& runs) {
  const Page page = make_page(runs);
  const std::string names = title(runs);
  std::string out = head(names);
  out += fmt::format("<body>\n<header><h1>{}</h1></header>\n<main>\n", names);
  write_verdict_section(out, page);
  write_summary_section(out, page);
  write_price_section(out, page);
  write_latency_section(out, page);
  write_notes_section(out, page);
  write_manifest_section(out, page);
  write_samples_section(out, page);
  out +=
      "</main>\n<footer>Made by pingjia from the files of the run directory. Intervals are 95 %. "
      "Unknown is —, never zero.</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace pingjia::reports
