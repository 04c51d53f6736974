#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using nlohmann::json;

namespace {

// A file that does not parse is shown as it is.
std::string pretty(const std::string& text) {
  const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  const std::string plain = value.is_discarded() ? text
                                                 : value.dump(2, ' ', /*ensure_ascii=*/false,
                                                              json::error_handler_t::replace);
  return escape(visible(plain, Breaks::kKeep));
}

// What fits a line; the rest stands in the pretty-printed whole.
void write_facts(std::string& out, const std::string& text, const std::string& prefix = "") {
  const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object()) return;
  for (const auto& [key, item] : value.items()) {
    if (item.is_object() && prefix.empty()) {
      write_facts(out, item.dump(-1, ' ', false, json::error_handler_t::replace), key + " ");
    }
    if (item.is_structured()) continue;
    const std::string plain = item.is_string() ? item.get<std::string>() : item.dump();
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", shown(prefix + key), shown(plain));
  }
}

void write_run(std::string& out, const harness::RunView& run, bool name_it) {
  if (name_it) out += fmt::format("<h3>{}</h3>", shown(run.name));
  out += fmt::format("<dl><dt>directory</dt><dd>{}</dd><dt>answers</dt><dd>{}</dd>",
                     shown(run.directory), run.samples.size());
  write_facts(out, run.environment);
  out += "</dl>\n";
  out += fmt::format(
      "<details class=\"paper\"><summary>{}</summary><pre class=\"box\">{}</pre></details>\n"
      "<details><summary>{}</summary><pre class=\"box\">{}</pre></details>\n",
      tr("The run file as resolved (run.json)"), pretty(run.manifest),
      tr("The environment as recorded"), pretty(run.environment));
}

}  // namespace

void write_manifest_section(std::string& out, const Page& page) {
  for (const auto& run : page.runs) {
    if (!run.kernels_only) write_run(out, run, page.runs.size() > 1);
  }
}

}  // namespace pingjia::reports
