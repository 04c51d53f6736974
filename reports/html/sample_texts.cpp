#include "reports/html/sample_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "harness/score/thinking.h"
#include "reports/html/json_string.h"
#include "reports/html/sample_facts.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Completion;
using harness::Message;
using harness::SampleView;

namespace {

constexpr std::size_t kLongestGold = 4'000;  // Bytes.

std::size_t append_text(std::string& out, std::string_view text, std::size_t limit, TextCut& cut) {
  const Excerpt kept = visible_excerpt(text, limit, Breaks::kKeep);
  append_json_string(out, kept.text);
  if (kept.cut > 0) {
    ++cut.texts;
    cut.bytes += kept.cut;
  }
  return kept.cut;
}

void append_cut(std::string& out, std::string_view name, std::size_t bytes) {
  if (bytes > 0) fmt::format_to(std::back_inserter(out), ",\"{}\":{}", name, bytes);
}

bool same_question(const std::vector<Message>& a, const std::vector<Message>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.role == y.role && x.content == y.content;
  });
}

void append_scores(std::string& out, const SampleView& sample) {
  const auto& continuations = sample.record.request.continuations;
  const auto& scores = sample.record.completion.scores;
  TextCut unsaid;
  out += ",\"s\":[";
  for (std::size_t i = 0; i < scores.size(); ++i) {
    out += i > 0 ? ",[" : "[";
    append_text(out, i < continuations.size() ? continuations[i] : "", 400, unsaid);
    const double likelihood = scores[i].loglikelihood;
    if (std::isfinite(likelihood)) {
      fmt::format_to(std::back_inserter(out), ",{:.4f}]", likelihood);
    } else {
      out += ",null]";
    }
  }
  out += ']';
}

void append_answer(std::string& out, const SampleView& sample, const QuestionView& question,
                   std::size_t shared, std::size_t limit, TextCut& cut) {
  const Completion& completion = sample.record.completion;
  auto [thought, text] = split_thinking(completion.text);
  if (!completion.reasoning.empty()) {
    thought = completion.reasoning;
    text = completion.text;
  }
  out += "{\"t\":";
  append_cut(out, "tc", append_text(out, text, limit, cut));
  if (!thought.empty()) {
    out += ",\"k\":";
    append_cut(out, "kc", append_text(out, thought, limit, cut));
  }
  TextCut unsaid;
  out += ",\"x\":";
  append_text(out, sample.extracted, kLongestGold, unsaid);
  if (!completion.scores.empty()) append_scores(out, sample);
  const auto& messages = sample.record.request.messages;
  const auto& first = question.answers.front().sample->record.request.messages;
  if (&messages != &first && !same_question(messages, first)) {
    out += ",\"m\":";
    append_messages(out, messages, shared, messages.size(), limit, cut);
  }
  out += ",\"f\":";
  append_sample_facts(out, sample.record);
  out += '}';
}

}  // namespace

std::vector<std::size_t> text_lengths(const std::vector<SuiteAnswers>& suites) {
  std::vector<std::size_t> lengths;
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) {
      const auto& messages = question.answers.front().sample->record.request.messages;
      for (std::size_t i = suite.shared; i < messages.size(); ++i) {
        lengths.push_back(messages[i].content.size());
      }
      for (const auto& answer : question.answers) {
        lengths.push_back(answer.sample->record.completion.text.size());
        lengths.push_back(answer.sample->record.completion.reasoning.size());
      }
    }
  }
  return lengths;
}

std::size_t text_limit(std::vector<std::size_t> lengths, std::size_t budget, std::size_t most) {
  std::sort(lengths.begin(), lengths.end());
  // Short texts leave their share to the longer ones.
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::size_t share = budget / (lengths.size() - i);
    if (lengths[i] > share) return std::min(share, most);
    budget -= lengths[i];
  }
  return most;
}

std::pair<std::string_view, std::string_view> split_thinking(std::string_view text) {
  if (text.find('<') == std::string_view::npos) return {{}, text};
  const std::string rest = harness::without_thinking(text);
  if (rest.size() == text.size() || !text.ends_with(rest)) return {{}, text};
  return {text.substr(0, text.size() - rest.size()), text.substr(text.size() - rest.size())};
}

void append_messages(std::string& out, const std::vector<Message>& messages, std::size_t from,
                     std::size_t to, std::size_t limit, TextCut& cut) {
  out += '[';
  for (std::size_t i = from; i < std::min(to, messages.size()); ++i) {
    out += i > from ? ",[" : "[";
    append_json_string(out, visible(messages[i].role));
    out += ',';
    const std::size_t bytes = append_text(out, messages[i].content, limit, cut);
    fmt::format_to(std::back_inserter(out), ",{}]", bytes);
  }
  out += ']';
}

void append_question(std::string& out, const QuestionView& question, std::size_t shared,
                     std::size_t limit, TextCut& cut) {
  const SampleView& first = *question.answers.front().sample;
  const auto& messages = first.record.request.messages;
  TextCut unsaid;
  out += "{\"m\":";
  append_messages(out, messages, shared, messages.size(), limit, cut);
  out += ",\"g\":";
  append_text(out, first.gold, kLongestGold, unsaid);
  out += ",\"a\":[";
  for (std::size_t i = 0; i < question.answers.size(); ++i) {
    if (i > 0) out += ',';
    append_answer(out, *question.answers[i].sample, question, shared, limit, cut);
  }
  out += "]}";
}

}  // namespace pingjia::reports
