#include "reports/html/sample_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <unordered_map>

#include "harness/summary/pairing.h"
#include "reports/html/json_string.h"
#include "reports/html/outcome_sign.h"
#include "reports/html/sample_texts.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::SampleView;

namespace {

static_assert(std::endian::native == std::endian::little, "typed arrays of browsers are");

constexpr std::size_t kTeaser = 90;  // Columns of a question's first words.
constexpr std::size_t kLongestRule = 200;
constexpr std::size_t kLongestPrefix = 20'000;

// Numbers for names, in order of arrival.
class Names {
 public:
  std::uint32_t number(const std::string& name) {
    const auto [found, is_new] = known_.try_emplace(name, static_cast<std::uint32_t>(list_.size()));
    if (is_new) list_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::unordered_map<std::string, std::uint32_t> known_;
  std::vector<std::string> list_;
};

struct Columns {
  std::vector<double> cost;           // USD; NaN where unknown, as in all floating columns.
  std::vector<float> ttft;            // Seconds since the request was due.
  std::vector<float> total;           // Seconds.
  std::vector<std::int32_t> input;    // Tokens; -1 where unknown.
  std::vector<std::int32_t> output;   // Tokens.
  std::vector<std::uint32_t> length;  // Bytes of the answer and the thought before it.
  std::vector<std::uint32_t> question;
  std::vector<std::uint32_t> journal;  // Place in the order of the journals.
  std::vector<std::uint32_t> rule;
  std::vector<std::uint16_t> system;
  std::vector<std::uint8_t> outcome;
  std::vector<std::uint8_t> failure;
  std::vector<std::uint8_t> prompt;  // Which of the question's wordings; answers to one compare.
  std::vector<std::uint8_t> marked;  // Whether it counts in an accuracy.
};

struct Lists {
  Names outcomes;
  Names failures;
  Names rules;
};

std::int32_t tokens(const std::optional<std::int64_t>& count) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  return count ? static_cast<std::int32_t>(std::min(*count, kMost)) : -1;
}

float seconds_since(harness::Nanos due, const std::optional<harness::Nanos>& at) {
  return at ? static_cast<float>(harness::seconds(*at - due)) : std::nanf("");
}

void add(Columns& columns, Lists& lists, const SampleView& sample, std::size_t series,
         std::size_t question, std::size_t journal) {
  const auto& completion = sample.record.completion;
  columns.cost.push_back(sample.cost_usd.value_or(std::nan("")));
  columns.ttft.push_back(seconds_since(completion.timeline.due, completion.timeline.first_token));
  columns.total.push_back(seconds_since(completion.timeline.due, completion.timeline.done));
  columns.input.push_back(tokens(completion.usage.total_input()));
  columns.output.push_back(tokens(completion.usage.total_output()));
  columns.length.push_back(
      static_cast<std::uint32_t>(completion.text.size() + completion.reasoning.size()));
  columns.question.push_back(static_cast<std::uint32_t>(question));
  columns.journal.push_back(static_cast<std::uint32_t>(journal));
  columns.rule.push_back(lists.rules.number(visible_excerpt(sample.rule, kLongestRule).text));
  columns.system.push_back(static_cast<std::uint16_t>(series));
  columns.outcome.push_back(
      static_cast<std::uint8_t>(lists.outcomes.number(visible(sample.outcome))));
  const std::string failure(completion.failure ? failure_name(completion.failure->kind) : "");
  columns.failure.push_back(static_cast<std::uint8_t>(lists.failures.number(failure)));
  const bool scored = !sample.outcome.empty();
  columns.marked.push_back(scored && harness::is_marked(sample.outcome) ? 1 : 0);
}

// The wordings of a question by their first appearance.
void add_prompts(Columns& columns, const QuestionView& question) {
  std::vector<const harness::Request*> wordings;
  for (const auto& answer : question.answers) {
    const harness::Request& request = answer.sample->record.request;
    const auto known = std::find_if(wordings.begin(), wordings.end(), [&](const auto* other) {
      return harness::same_prompt(*other, request);
    });
    columns.prompt.push_back(static_cast<std::uint8_t>(known - wordings.begin()));
    if (known == wordings.end() && wordings.size() < 255) wordings.push_back(&request);
  }
}

// Widest first, so that each column starts where its type may.
void append_columns(SampleColumns& out, const Columns& columns) {
  std::string described;
  const auto append = [&](std::string_view name, std::string_view type, const auto& column) {
    if (!described.empty()) described += ',';
    described += fmt::format("[\"{}\",\"{}\",{}]", name, type, out.bytes.size());
    const auto* first = reinterpret_cast<const char*>(column.data());
    out.bytes.append(first, column.size() * sizeof(column[0]));
  };
  append("cost", "f64", columns.cost);
  append("ttft", "f32", columns.ttft);
  append("total", "f32", columns.total);
  append("input", "i32", columns.input);
  append("output", "i32", columns.output);
  append("length", "u32", columns.length);
  append("question", "u32", columns.question);
  append("journal", "u32", columns.journal);
  append("rule", "u32", columns.rule);
  append("system", "u16", columns.system);
  append("outcome", "u8", columns.outcome);
  append("failure", "u8", columns.failure);
  append("prompt", "u8", columns.prompt);
  append("marked", "u8", columns.marked);
  out.names += fmt::format("\"samples\":{},\"columns\":[{}]", columns.cost.size(), described);
}

template <class List, class Write>
void append_list(std::string& out, std::string_view name, const List& list, Write write) {
  out += fmt::format(",\"{}\":[", name);
  bool first = true;
  for (const auto& item : list) {
    if (!first) out += ',';
    first = false;
    write(item);
  }
  out += ']';
}

void append_systems(std::string& out, const std::vector<Contestant>& contestants) {
  append_list(out, "systems", contestants, [&](const Contestant& one) {
    out += "{\"label\":";
    append_json_string(out, one.label);
    out += ",\"run\":";
    append_json_string(out, visible(one.run->name));
    out += ",\"system\":";
    append_json_string(out, visible(one.system));
    out += '}';
  });
}

// An outcome, its sign and the sign's class.
void append_outcomes(std::string& out, const std::vector<std::string>& outcomes) {
  append_list(out, "outcomes", outcomes, [&](const std::string& outcome) {
    std::string_view sign = "?";
    char style = 'u';
    for (const auto& known : outcome_signs()) {
      if (known.outcome != outcome) continue;
      sign = known.sign;
      style = known.style;
    }
    out += '[';
    append_json_string(out, outcome);
    out += fmt::format(",\"{}\",\"{}\"]", sign, style);
  });
}

void append_suites(std::string& out, const std::vector<SuiteAnswers>& suites) {
  std::size_t first = 0;
  append_list(out, "suites", suites, [&](const SuiteAnswers& suite) {
    TextCut unsaid;
    out += "{\"name\":";
    append_json_string(out, visible(suite.suite));
    out += fmt::format(",\"first\":{},\"shared\":", first);
    append_messages(out, suite.questions.front().answers.front().sample->record.request.messages, 0,
                    suite.shared, kLongestPrefix, unsaid);
    out += '}';
    first += suite.questions.size();
  });
}

std::string teaser(const SampleView& sample) {
  const auto& messages = sample.record.request.messages;
  if (messages.empty()) return "";
  return elide(visible_excerpt(messages.back().content, 4 * kTeaser).text, kTeaser);
}

// [id, repeat, first words of the question].
void append_questions(std::string& out, const std::vector<SuiteAnswers>& suites) {
  bool first = true;
  out += ",\"questions\":[";
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) {
      const SampleView& sample = *question.answers.front().sample;
      out += first ? "[" : ",[";
      first = false;
      append_json_string(out, visible(sample.record.key.sample));
      fmt::format_to(std::back_inserter(out), ",{},", sample.record.key.repeat);
      append_json_string(out, teaser(sample));
      out += ']';
    }
  }
  out += ']';
}

}  // namespace

SampleColumns sample_columns(const std::vector<SuiteAnswers>& suites,
                             const std::vector<Contestant>& contestants) {
  std::unordered_map<const harness::RunView*, std::size_t> before;  // Samples of earlier runs.
  std::size_t all = 0;
  for (const auto& one : contestants) {
    if (before.try_emplace(one.run, all).second) all += one.run->samples.size();
  }
  Columns columns;
  Lists lists;
  std::size_t number = 0;
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) {
      for (const auto& [sample, who] : question.answers) {
        const auto place = static_cast<std::size_t>(sample - who->run->samples.data());
        add(columns, lists, *sample, who->series, number, before.at(who->run) + place);
      }
      add_prompts(columns, question);
      ++number;
    }
  }
  SampleColumns out;
  append_columns(out, columns);
  const auto text = [&](const std::string& value) { append_json_string(out.names, value); };
  append_systems(out.names, contestants);
  append_suites(out.names, suites);
  append_outcomes(out.names, lists.outcomes.list());
  append_list(out.names, "failures", lists.failures.list(), text);
  append_list(out.names, "rules", lists.rules.list(), text);
  append_questions(out.names, suites);
  return out;
}

}  // namespace pingjia::reports
