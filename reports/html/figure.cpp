#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"

namespace pingjia::reports {

void write_figure(std::string& out, const Figure& figure) {
  out += fmt::format("<figure class=\"chart\"><figcaption><b>{}</b><span>{}</span></figcaption>",
                     escape(figure.title), escape(figure.subtitle));
  if (figure.svg.empty()) {
    out += fmt::format("<p class=\"reason\">No chart: {}</p>", escape(figure.reason));
  } else {
    out += figure.svg;
  }
  if (!figure.aside.empty()) out += fmt::format("<p class=\"aside\">{}</p>", escape(figure.aside));
  if (!figure.table.empty()) {
    out +=
        "<details><summary>The numbers as a table</summary><div class=\"scroll\" tabindex=\"0\">" +
        figure.table + "</div></details>";
  }
  out += "</figure>\n";
}

std::string value_cell(const Column& column, const harness::SummaryRow& row) {
  const harness::Metric* metric = metric_of(row, column.tag);
  std::string attributes = fmt::format(" data-tag=\"{}\"", escape(column.tag));
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
