#include "reports/html/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/html/sample_data.h"
#include "reports/html/script.h"
#include "reports/html/sections.h"
#include "reports/html/style.h"
#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

std::string title(const std::vector<harness::RunView>& runs) {
  std::string names;
  for (const auto& run : runs) names += (names.empty() ? "" : ", ") + shown(run.name);
  return names.empty() ? "no run" : names;
}

// Nothing is fetched, and no script or style runs but the page's own, whatever a model wrote into
// it.
std::string policy(const std::string& style, const std::string& script) {
  return fmt::format(
      "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
      policy_hash(script), policy_hash(style));
}

std::string head(const std::string& names, const std::string& script) {
  const std::string style = page_style();
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>pingjia: {}</title>\n<style>{}</style>\n</head>\n",
      policy(style, script), names, style);
}

// What a run must hold for a section to be written.
enum class Needs { kAnswers, kKernels };

struct Section {
  std::string_view id;
  std::string_view title;
  void (*write)(std::string&, const Page&);
  Needs needs = Needs::kAnswers;
};

// A section of the page is a row here; the first, the verdict, needs no heading.
constexpr Section kSections[] = {
    {"summary", "Summary", write_summary_section},
    {"price", "Accuracy and price", write_price_section},
    {"accuracy", "Accuracy by suite", write_accuracy_section},
    {"compare", "System against system", write_compare_section},
    {"speed", "Speed", write_speed_section},
    {"hardware", "Hardware", write_hardware_section},
    {"money", "Where the money went", write_money_section},
    {"kernels", "Kernels", write_kernels_section, Needs::kKernels},
    {"notes", "Prices and notes", write_notes_section},
    {"method", "Method", write_method_section},
    {"manifest", "Run", write_manifest_section},
    {"samples", "Answers", write_samples_section},
};

bool holds(const Page& page, Needs needs) {
  const auto has = [needs](const harness::RunView& run) {
    return needs == Needs::kKernels ? run.kernels.has_value() : !run.kernels_only;
  };
  return std::any_of(page.runs.begin(), page.runs.end(), has);
}

std::vector<Section> sections_of(const Page& page) {
  std::vector<Section> sections;
  for (const auto& section : kSections) {
    if (holds(page, section.needs)) sections.push_back(section);
  }
  return sections;
}

void write_contents(std::string& out, const std::vector<Section>& sections) {
  out += "<nav aria-label=\"Sections\">";
  for (const auto& section : sections) {
    out += fmt::format("<a href=\"#{}\">{}</a>", section.id, tr(section.title));
  }
  out += "</nav>\n";
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
  const std::string script = page_script();
  std::string out = head(names, script);
  // The script fills the tools; without it there are none.
  out += fmt::format("<body>\n<header><h1>{}</h1><div class=\"tools\"></div></header>\n<main>\n",
                     names);
  out += "<section id=\"verdict\">\n";
  const auto sections = sections_of(page);
  if (holds(page, Needs::kAnswers)) {
    write_verdict_section(out, page);
  } else {
    write_kernel_headline(out, page);
  }
  write_contents(out, sections);
  out += "</section>\n";
  for (const auto& section : sections) {
    out += fmt::format("<section id=\"{}\"><h2>{}</h2>\n", section.id, tr(section.title));
    section.write(out, page);
    out += "</section>\n";
  }
  out += fmt::format(
      "</main>\n<footer>{}</footer>\n",
      tr("Made by pingjia from the files of the run directory. Intervals are 95 %. Unknown is —, "
         "never zero."));
  out += data_block("words", words_json());
  out += fmt::format("<script>{}</script>\n", script);
  // Last, so that the page is painted before the samples have arrived.
  write_sample_data(out, page.contestants);
  out += "</body>\n</html>\n";
  return out;
}

}  // namespace pingjia::reports
