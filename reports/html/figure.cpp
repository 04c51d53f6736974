#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

void write_figure(std::string& out, const Figure& figure) {
  out += fmt::format(
      "<figure class=\"chart\" id=\"{0}\" role=\"group\" aria-labelledby=\"{0}-title\">"
      "<figcaption><b id=\"{0}-title\">{1}</b><span>{2}</span></figcaption>",
      escape(figure.id), figure.title, figure.subtitle);
  if (!figure.notice.empty()) out += fmt::format("<p class=\"reason\">{}</p>", figure.notice);
  if (figure.svg.empty()) {
    out += fmt::format("<p class=\"reason\">{}</p>", tr("No chart: {}", {figure.reason}));
  } else {
    out += figure.svg;
  }
  if (!figure.aside.empty()) out += fmt::format("<p class=\"aside\">{}</p>", figure.aside);
  if (!figure.table.empty()) {
    out += fmt::format(
        "<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\">{}</div></details>",
        tr("The numbers as a table"), figure.table);
  }
  out += "</figure>\n";
}

std::string figure_id(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    id += plain ? c : '-';
  }
  return id;
}

std::string value_cell(const Column& column, const harness::SummaryRow& row) {
  const harness::Metric* metric = metric_of(row, column.tag);
  std::string attributes = fmt::format(" data-system=\"{}\" data-suite=\"{}\" data-tag=\"{}\"",
                                       shown(row.system), shown(row.suite), escape(column.tag));
  if (metric != nullptr && metric->value) {
    attributes += fmt::format(" data-value=\"{}\"", *metric->value);
    if (metric->low) attributes += fmt::format(" data-low=\"{}\"", *metric->low);
    if (metric->high) attributes += fmt::format(" data-high=\"{}\"", *metric->high);
  }
  if (metric != nullptr && !metric->maker.empty()) {
    attributes += fmt::format(" title=\"{}\"", shown(metric->maker));
  }
  const std::string text = format_metric(column, metric);
  const std::size_t interval = text.find(" [");
  if (interval == std::string::npos) return fmt::format("<td{}>{}</td>", attributes, text);
  return fmt::format("<td{}>{} <span class=\"ci\">{}</span></td>", attributes,
                     text.substr(0, interval), text.substr(interval + 1));
}

std::string name_with_mark(const Contestant& one) {
  return mark_icon(one.series) + " " + escape(one.label);
}

}  // namespace pingjia::reports
