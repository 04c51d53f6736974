#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "reports/html/answers.h"
#include "reports/html/outcome_sign.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Completion;
using harness::Message;
using harness::Request;
using harness::SampleView;

namespace {

// For readers without script, so small; the browser has them all.
constexpr std::size_t kMostQuestions = 200;
constexpr std::size_t kLongestText = 400;
constexpr std::size_t kTeaser = 110;

std::string excerpt(std::string_view text, std::size_t limit = kLongestText) {
  const Excerpt kept = visible_excerpt(text, limit, Breaks::kKeep);
  std::string out = escape(kept.text);
  if (kept.cut > 0) {
    out += fmt::format("<span class=soft> … cut: {} bytes more in records.jsonl</span>", kept.cut);
  }
  return out;
}

// What the system said: its text, its log-likelihoods, or why there is nothing.
std::string answer_text(const SampleView& sample) {
  const Completion& completion = sample.record.completion;
  if (completion.failure) {
    return fmt::format("<span class=soft>{}: {}</span>", failure_name(completion.failure->kind),
                       excerpt(completion.failure->message));
  }
  if (completion.scores.empty()) return excerpt(completion.text);
  std::string out;
  const auto& continuations = sample.record.request.continuations;
  for (std::size_t i = 0; i < completion.scores.size(); ++i) {
    if (!out.empty()) out += ", ";
    if (i < continuations.size()) out += excerpt(continuations[i], 40) + " ";
    out += fmt::format("{:.3f}", completion.scores[i].loglikelihood);
  }
  return out;
}

std::string milliseconds(harness::Nanos from, const std::optional<harness::Nanos>& to) {
  return to ? significant(1e3 * harness::seconds(*to - from)) : std::string(kUnknown);
}

template <class T>
std::string maybe(const std::optional<T>& value) {
  if (!value) return std::string(kUnknown);
  return fmt::format("{}", *value);
}

// End tags of cells are left out, as HTML allows: they would be a tenth of the page.
void write_answer(std::string& out, const Answered& answer) {
  const SampleView& sample = *answer.sample;
  const auto& usage = sample.record.completion.usage;
  const auto& timeline = sample.record.completion.timeline;
  out += fmt::format("<tr><th class=l>{}<td class=l>{} {}<td class=l>", escape(answer.who->label),
                     sign_of(sample.outcome), shown(sample.outcome));
  out += shown(elide(visible_excerpt(sample.extracted, 200).text, 40));
  out += "<td class=a><pre dir=auto>";
  out += answer_text(sample);
  out += fmt::format("</pre><td>{}<td>{}<td>{}<td>{}<td>{}", maybe(usage.total_input()),
                     maybe(usage.total_output()), milliseconds(timeline.due, timeline.first_token),
                     milliseconds(timeline.due, timeline.done),
                     sample.cost_usd ? significant(*sample.cost_usd) : std::string(kUnknown));
}

void write_messages(std::string& out, const std::vector<Message>& messages, std::size_t from,
                    std::size_t to, std::size_t limit) {
  for (std::size_t i = from; i < std::min(to, messages.size()); ++i) {
    if (to - from > 1 || messages[i].role != "user") {
      out += fmt::format("<p class=role>{}</p>", shown(messages[i].role));
    }
    out += "<pre class=box dir=auto>" + excerpt(messages[i].content, limit) + "</pre>";
  }
}

std::string teaser(const Request& request) {
  if (request.messages.empty()) return "";
  const Excerpt start = visible_excerpt(request.messages.back().content, 4 * kTeaser);
  return escape(elide(start.text, kTeaser));
}

// "ok" when all are right, "split" when some are and some are not: the filter asks for these.
std::string classes(const QuestionView& question) {
  const auto right = std::count_if(question.answers.begin(), question.answers.end(),
                                   [](const Answered& a) { return a.sample->outcome == "right"; });
  if (right == static_cast<std::ptrdiff_t>(question.answers.size())) return "q ok";
  return right > 0 ? "q split" : "q";
}

void write_question(std::string& out, const QuestionView& question, std::size_t shared) {
  const SampleView& first = *question.answers.front().sample;
  const auto& messages = first.record.request.messages;
  out += fmt::format("<details class=\"{}\"><summary><code>{}</code><span>{}</span><b class=v>",
                     classes(question), shown(question.id), teaser(first.record.request));
  for (const auto& answer : question.answers) out += sign_of(answer.sample->outcome);
  out += "</b></summary>";
  write_messages(out, messages, shared, messages.size(), kLongestText);
  out += fmt::format(
      "<p>Expected: <b>{}</b></p><div class=scroll><table><tr><th class=l>system<th "
      "class=l>verdict<th class=l>extracted<th class=l>answer<th>tokens in<th>out<th>"
      "TTFT, ms<th>total, ms<th>cost, $",
      excerpt(first.gold, 400));
  for (const auto& answer : question.answers) write_answer(out, answer);
  out += "</table></div></details>\n";
}

void write_suite(std::string& out, const SuiteAnswers& suite, std::size_t room) {
  out += fmt::format(
      "<details class=\"suite-samples\"><summary>{} <span class=soft>({})</span></summary>\n",
      shown(suite.suite), tr("{} questions", {fmt::format("{}", suite.questions.size())}));
  if (suite.shared > 0) {
    out += fmt::format("<details><summary class=soft>{}</summary>",
                       tr("What every request starts with"));
    write_messages(out, suite.questions.front().answers.front().sample->record.request.messages, 0,
                   suite.shared, kLongestText);
    out += "</details>\n";
  }
  const std::size_t written = std::min(room, suite.questions.size());
  for (std::size_t i = 0; i < written; ++i) write_question(out, suite.questions[i], suite.shared);
  if (written < suite.questions.size()) {
    out += paragraph("soft",
                     "{} more questions are shown where scripts may run, and stand in "
                     "records.jsonl: pingjia show DIR ID",
                     {fmt::format("{}", suite.questions.size() - written)});
  }
  out += "</details>\n";
}

void write_static(std::string& out, const std::vector<SuiteAnswers>& suites) {
  out += "<div id=samples-static>\n";
  out += fmt::format(
      "<fieldset class=filter><label><input type=radio name=show id=only-all checked> {}</label>"
      "<label><input type=radio name=show id=only-split> {}</label>"
      "<label><input type=radio name=show id=only-bad> {}</label></fieldset>\n",
      tr("all"), tr("where the systems differ"), tr("where not all are right"));
  // Each suite gets its share, so that a big one does not hide the others.
  const std::size_t share = std::max<std::size_t>(kMostQuestions / suites.size(), 1);
  for (const auto& suite : suites) write_suite(out, suite, share);
  out += "</div>\n";
}

struct Choice {
  std::string value;
  std::string text;  // Markup.
};

// A text of the interface inside <option>, which holds no elements.
Choice choice(std::string_view value, std::string_view english) {
  return {std::string(value), std::string(english)};
}

void write_select(std::string& out, std::string_view key, std::string_view label,
                  const std::vector<Choice>& translated, const std::vector<Choice>& names) {
  out += fmt::format("<label>{} <select data-state=\"{}\">", tr(label), key);
  for (const auto& [value, text] : translated) {
    assert(!chinese(text).empty());
    out += fmt::format("<option class=word value=\"{}\">{}</option>", value, escape(text));
  }
  for (const auto& [value, text] : names) {
    out += fmt::format("<option value=\"{}\">{}</option>", escape(value), escape(text));
  }
  out += "</select></label>\n";
}

// The outcomes that occur, in the order of their signs.
std::vector<Choice> outcome_choices(const std::vector<SuiteAnswers>& suites) {
  std::set<std::string_view> seen;
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) {
      for (const auto& answer : question.answers) seen.insert(answer.sample->outcome);
    }
  }
  std::vector<Choice> choices{choice("", "all outcomes")};
  for (const auto& known : outcome_signs()) {
    if (seen.count(known.outcome) > 0) choices.push_back(choice(known.outcome, known.outcome));
  }
  return choices;
}

void write_controls(std::string& out, const Page& page, const std::vector<SuiteAnswers>& suites) {
  std::vector<Choice> models;
  for (const auto& one : page.contestants) models.push_back({one.label, elide(one.label, 40)});
  std::vector<Choice> names;
  for (const auto& suite : suites) {
    const std::string name = visible(suite.suite);
    names.push_back({name, name});
  }
  out += "<div class=\"sample-controls\">\n";
  write_select(out, "model", "Model", {choice("", "all models")}, models);
  write_select(out, "suite", "Suite", {choice("", "all suites")}, names);
  write_select(out, "outcome", "Outcome", outcome_choices(suites), {});
  write_select(out, "only", "Questions",
               {choice("", "all"), choice("split", "where the systems differ"),
                choice("bad", "where not all are right")},
               {});
  write_select(out, "sort", "Order",
               {choice("", "by question"), choice("journal", "as they came"),
                choice("cost", "dearest first"), choice("cheap", "cheapest first"),
                choice("length", "longest answer first"), choice("short", "shortest answer first"),
                choice("time", "slowest first"), choice("fast", "fastest first")},
               {});
  out += fmt::format(
      "<label class=\"search\">{} <input type=\"search\" data-state=\"q\" maxlength=\"200\" "
      "autocomplete=\"off\" spellcheck=\"false\"></label>\n</div>\n",
      tr("Search"));
}

// The script fills it (sample_list.js); without script it stays hidden.
void write_browser(std::string& out, const Page& page, const std::vector<SuiteAnswers>& suites) {
  out += "<div id=\"samples-browser\" hidden>\n";
  write_controls(out, page, suites);
  out +=
      "<p class=\"soft sample-status\" role=\"status\"></p>\n"
      "<div class=\"sample-panes\"><div class=\"sample-list\" role=\"listbox\" tabindex=\"0\">"
      "</div><article class=\"sample-detail\" tabindex=\"-1\" hidden></article></div>\n";
  out +=
      paragraph("soft",
                "Arrow keys move, Enter opens, Escape closes, / searches. The address of an open "
                "sample can be sent to others.");
  out += "</div>\n";
}

}  // namespace

void write_samples_section(std::string& out, const Page& page) {
  const auto suites = group_answers(page.contestants);
  if (suites.empty()) {
    out += paragraph("reason", "No answers: nothing was asked.");
    return;
  }
  out +=
      paragraph("soft",
                "✓ right, ✗ wrong, ∅ no answer found in the text, … cut off by the token budget, "
                "! the request failed, ⊘ refused, ? undecided, – not supported. Signs beside a "
                "question stand in the order of the systems above.");
  write_browser(out, page, suites);
  write_static(out, suites);
}

}  // namespace pingjia::reports
