#include <fmt/format.h>

#include <algorithm>

#include "reports/html/answers.h"
#include "reports/html/sections.h"
#include "reports/html/words.h"
#include "reports/markup.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Completion;
using harness::Message;
using harness::Request;
using harness::SampleView;

namespace {

// The page stays one that a phone opens: answers share this many bytes, and what is cut says so.
constexpr std::size_t kTextBudget = 3'000'000;
constexpr std::size_t kLongestText = 8'000;
constexpr std::size_t kShortestText = 160;
constexpr std::size_t kMostAnswers = 12'000;
constexpr std::size_t kTeaser = 110;

std::size_t text_limit(std::size_t answers) {
  return std::clamp(kTextBudget / std::max<std::size_t>(answers, 1), kShortestText, kLongestText);
}

struct Sign {
  std::string_view outcome;
  char style;
  std::string_view sign;
};

constexpr Sign kSigns[] = {
    {"right", 'r', "✓"},        {"wrong", 'w', "✗"},       {"undecided", 'u', "?"},
    {"parse_failed", 'p', "∅"}, {"truncated", 't', "…"},   {"refused", 'n', "⊘"},
    {"failed", 'f', "!"},       {"unsupported", 'x', "–"}, {"think_budget_exhausted", 't', "⧗"}};

std::string sign_of(const std::string& outcome) {
  for (const auto& known : kSigns) {
    if (known.outcome == outcome) return fmt::format("<i class={}>{}</i>", known.style, known.sign);
  }
  return "<i>?</i>";
}

std::string excerpt(std::string_view text, std::size_t limit) {
  const Excerpt kept = visible_excerpt(text, limit, Breaks::kKeep);
  std::string out = escape(kept.text);
  if (kept.cut > 0) {
    out += fmt::format("<span class=soft> … cut: {} bytes more in records.jsonl</span>", kept.cut);
  }
  return out;
}

// What the system said: its text, its log-likelihoods, or why there is nothing.
std::string answer_text(const SampleView& sample, std::size_t limit) {
  const Completion& completion = sample.record.completion;
  if (completion.failure) {
    return fmt::format("<span class=soft>{}: {}</span>", failure_name(completion.failure->kind),
                       excerpt(completion.failure->message, limit));
  }
  if (completion.scores.empty()) return excerpt(completion.text, limit);
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
void write_answer(std::string& out, const Answered& answer, std::size_t limit) {
  const SampleView& sample = *answer.sample;
  const auto& usage = sample.record.completion.usage;
  const auto& timeline = sample.record.completion.timeline;
  out += fmt::format("<tr><th class=l>{}<td class=l>{} {}<td class=l>", escape(answer.who->label),
                     sign_of(sample.outcome), shown(sample.outcome));
  out += shown(elide(visible_excerpt(sample.extracted, 200).text, 40));
  out += "<td class=a><pre dir=auto>";
  out += answer_text(sample, limit);
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

void write_question(std::string& out, const QuestionView& question, std::size_t shared,
                    std::size_t limit) {
  const SampleView& first = *question.answers.front().sample;
  const auto& messages = first.record.request.messages;
  out += fmt::format("<details class=\"{}\"><summary><code>{}</code><span>{}</span><b class=v>",
                     classes(question), shown(question.id), teaser(first.record.request));
  for (const auto& answer : question.answers) out += sign_of(answer.sample->outcome);
  out += "</b></summary>";
  write_messages(out, messages, shared, messages.size(), limit);
  out += fmt::format(
      "<p>Expected: <b>{}</b></p><div class=scroll><table><tr><th class=l>system<th "
      "class=l>verdict<th class=l>extracted<th class=l>answer<th>tokens in<th>out<th>"
      "TTFT, ms<th>total, ms<th>cost, $",
      excerpt(first.gold, 400));
  for (const auto& answer : question.answers) write_answer(out, answer, limit);
  out += "</table></div></details>\n";
}

void write_suite(std::string& out, const SuiteAnswers& suite, std::size_t limit,
                 std::size_t& room) {
  out += fmt::format(
      "<details class=\"suite-samples\"><summary>{} <span class=soft>({} questions)"
      "</span></summary>\n",
      shown(suite.suite), suite.questions.size());
  if (suite.shared > 0) {
    out += "<details><summary class=soft>What every request starts with</summary>";
    write_messages(out, suite.questions.front().answers.front().sample->record.request.messages, 0,
                   suite.shared, kLongestText);
    out += "</details>\n";
  }
  std::size_t written = 0;
  for (const auto& question : suite.questions) {
    if (room < question.answers.size()) break;
    room -= question.answers.size();
    write_question(out, question, suite.shared, limit);
    ++written;
  }
  if (written < suite.questions.size()) {
    out += fmt::format(
        "<p class=soft>{} more questions are in records.jsonl: pingjia show DIR ID"
        "</p>\n",
        suite.questions.size() - written);
  }
  out += "</details>\n";
}

constexpr std::string_view kFilter =
    "<fieldset class=filter><label><input type=radio name=show id=only-all checked> all</label>"
    "<label><input type=radio name=show id=only-split> where the systems differ</label>"
    "<label><input type=radio name=show id=only-bad> where not all are right</label></fieldset>\n";

}  // namespace

void write_samples_section(std::string& out, const Page& page) {
  const auto suites = group_answers(page.contestants);
  std::size_t answers = 0;
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) answers += question.answers.size();
  }
  if (answers == 0) {
    out += paragraph("reason", "No answers: nothing was asked.");
    return;
  }
  out +=
      "<p class=\"soft\">Signs stand in the order of the systems above: ✓ right, ✗ wrong, ∅ no "
      "answer "
      "found in the text, … cut off by the token budget, ! the request failed, ⊘ refused, ? "
      "undecided, – not supported.</p>\n";
  out += kFilter;
  // Each suite gets its share, so that a big one does not hide the others.
  const std::size_t share = kMostAnswers / suites.size();
  for (const auto& suite : suites) {
    std::size_t room = share;
    write_suite(out, suite, text_limit(std::min(answers, kMostAnswers)), room);
  }
}

}  // namespace pingjia::reports
