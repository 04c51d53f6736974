#include "harness/commands/show.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/stages.h"

namespace pingjia::harness {

const CommandUsage kShowUsage{
    "show",
    "DIR ID",
    2,
    2,
    "Shows one sample whole: prompt, answers, verdicts, tokens, times and cost. ID is a sample's\n"
    "id, such as a0001, or 'system|suite/protocol|sample|repeat|attempt' as the report names it.",
    {{"json", "", "the records as JSON lines"}}};

namespace {

bool fits(const Record& record, const std::string& id) {
  return record.key.sample == id || request_id(record.key) == id;
}

// Control characters made visible, those of Latin-1 (C2 80 to C2 9F in UTF-8) as well: an answer
// must not drive the reader's terminal.
std::string printable(const std::string& text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      shown += fmt::format("\\x{:02x}", next);
      ++i;
    } else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string count_text(const std::optional<std::int64_t>& count) {
  return count ? std::to_string(*count) : "unknown";
}

void print_attempt(std::ostream& out, const SampleView& view) {
  const Completion& completion = view.record.completion;
  out << "== " << request_id(view.record.key) << "\n";
  for (const auto& message : view.record.request.messages) {
    out << "[" << message.role << "] " << printable(message.content) << "\n";
  }
  if (!completion.reasoning.empty())
    out << "[reasoning] " << printable(completion.reasoning) << "\n";
  out << "[answer] " << printable(completion.text) << "\n";
  const auto& continuations = view.record.request.continuations;
  for (std::size_t i = 0; i < completion.scores.size() && i < continuations.size(); ++i) {
    out << fmt::format("[log-likelihood] {}: {:.6f}\n", printable(continuations[i]),
                       completion.scores[i].loglikelihood);
  }
  if (completion.failure) {
    out << "[failure] " << failure_name(completion.failure->kind) << ": "
        << printable(completion.failure->message) << "\n";
  }
  out << fmt::format("outcome {}; extracted '{}'{}; expected '{}'\n",
                     view.outcome.empty() ? "not marked" : view.outcome, printable(view.extracted),
                     view.rule.empty() ? "" : " by " + view.rule, printable(view.gold));
  out << fmt::format("tokens in {}, out {} ({}); finish {}; cost {}\n",
                     count_text(completion.usage.total_input()),
                     count_text(completion.usage.total_output()),
                     completion.usage.maker.empty() ? "not reported" : completion.usage.maker,
                     finish_name(completion.finish),
                     view.cost_usd ? fmt::format("${:.9f}", *view.cost_usd) : "unknown");
  const Timeline& timeline = completion.timeline;
  out << fmt::format(
      "sent {:.3f} ms after it was due; {}whole answer {:.3f} ms after it was due\n\n",
      seconds(timeline.sent - timeline.due) * 1e3,
      timeline.first_token ? fmt::format("first token {:.3f} ms, ",
                                         seconds(*timeline.first_token - timeline.due) * 1e3)
                           : "",
      seconds(timeline.done - timeline.due) * 1e3);
}

}  // namespace

int show(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kShowUsage, raw);
  const auto directory = open_run_directory(arguments.positionals()[0]);
  const std::string& id = arguments.positionals()[1];
  const StoredRun stored = load_run(directory);
  bool found = false;
  if (arguments.has("json")) {
    for (const auto& record : stored.records) {
      if (!fits(record, id)) continue;
      world.out << to_json(record).dump() << "\n";
      found = true;
    }
  } else {
    for (const auto& view : attempt_views(stored)) {
      if (!fits(view.record, id)) continue;
      print_attempt(world.out, view);
      found = true;
    }
  }
  if (!found) {
    throw Error(directory.path.string(), "holds no sample '" + id + "'",
                "see the ids in " + directory.records().string());
  }
  return kDone;
}

}  // namespace pingjia::harness
