#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/notes.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

void write_list(std::string& out, const char* title, const std::vector<Note>& notes) {
  if (notes.empty()) return;
  out += fmt::format("<h3>{}</h3><ul class=\"notes\">", tr(title));
  for (const auto& note : notes) {
    out += "<li>";
    if (!note.about.empty()) out += fmt::format("<b>{}</b>: ", escape(note.about));
    out += escape(note.text) + "</li>";
  }
  out += "</ul>\n";
}

}  // namespace

void write_notes_section(std::string& out, const Page& page) {
  const auto prices = price_notes(page.contestants);
  const auto others = caveats(page.contestants, page.runs);
  if (prices.empty() && others.empty()) out += paragraph("soft", "Nothing to note.");
  write_list(out, "Where the prices come from", prices);
  write_list(out, "What to know before trusting a number", others);
}

}  // namespace pingjia::reports
