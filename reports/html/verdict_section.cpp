#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

// An interval is one thing: no line breaks inside its brackets.
std::string unbroken(const std::string& text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    if (c == '[') inside = true;
    if (c == ']') inside = false;
    if (inside && c == ' ') {
      out += "\u00A0";
    } else {
      out += c;
    }
  }
  return out;
}

std::string sentence(const Sentence& said) {
  std::vector<std::string> fill;
  for (const auto& value : said.fill) fill.push_back(unbroken(value));
  return tr(said.pattern, fill);
}

}  // namespace

void write_verdict_section(std::string& out, const Page& page) {
  out += fmt::format("<p class=\"lead-text\">{}</p>\n", sentence(page.verdict.headline));
  for (const auto& line : page.verdict.findings) out += fmt::format("<p>{}</p>\n", sentence(line));
  if (page.verdict.undecided.empty()) return;
  out += fmt::format("<div class=\"open\">{}<ul>", tr("Not decided by these answers:"));
  for (const auto& line : page.verdict.undecided) out += fmt::format("<li>{}</li>", sentence(line));
  out += "</ul></div>\n";
}

}  // namespace pingjia::reports
