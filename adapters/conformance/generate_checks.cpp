#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/conformance/checks.h"
#include "harness/base/utf8.h"

namespace pingjia::adapters {

using nlohmann::json;

namespace {

constexpr int kSome = 16;
constexpr int kLong = 2000;
constexpr harness::Nanos kCancelLimit = harness::kSecond;

Verdict one_done(Probe& probe) {
  const Told& told = probe.ask(generate_request(probe, kPrompt, kSome));
  if (!told.done) return fails("a request " + told.outcome());
  probe.settle();
  if (told.ends != 1) return fails(fmt::format("{} ends for one request", told.ends));
  return told.late == 0 ? passes() : fails("a delta came after done");
}

Verdict text_in_deltas(Probe& probe) {
  const Told& told = probe.ask(generate_request(probe, kPrompt, kSome));
  if (!told.done) return fails("a request " + told.outcome());
  if (told.text().empty()) return cannot_tell("the model answered with no text");
  return passes(fmt::format("{} deltas", told.deltas.size()));
}

// A code point cut in two shows as a replacement character on both sides of the cut.
Verdict whole_code_points(Probe& probe) {
  const Told& told = probe.ask(
      generate_request(probe, "Repeat: \u00e9\u00fc \u6f22\u5b57 \u8bc4\u4ef7 \U0001F642", kSome));
  if (!told.done) return fails("a request " + told.outcome());
  constexpr std::string_view kReplacement = "\uFFFD";
  for (std::size_t i = 1; i < told.deltas.size(); ++i) {
    if (told.deltas[i - 1].first.text.ends_with(kReplacement) &&
        told.deltas[i].first.text.starts_with(kReplacement)) {
      return fails("a code point is cut between two deltas");
    }
  }
  return passes();
}

Verdict finish_is_known(Probe& probe) {
  const Told& told = probe.ask(generate_request(probe, kPrompt, kSome));
  if (!told.done) return fails("a request " + told.outcome());
  const std::string& finish = told.done->finish;
  return finish == "stop" || finish == "length" ? passes(finish)
                                                : fails("finish is '" + finish + "'");
}

Verdict at_most(Probe& probe, int max_tokens) {
  const Told& told = probe.ask(generate_request(probe, kPrompt, max_tokens));
  if (!told.done) return fails("a request " + told.outcome());
  if (told.tokens() > max_tokens || static_cast<int>(told.deltas.size()) > max_tokens) {
    return fails(fmt::format("{} tokens came in {} deltas, {} were allowed", told.tokens(),
                             told.deltas.size(), max_tokens));
  }
  if (told.tokens() == max_tokens && told.done->finish != "length") {
    // It may have ended by itself at just that length: then more room changes nothing.
    const Told& more = probe.ask(generate_request(probe, kPrompt, max_tokens + 1));
    if (more.tokens() > max_tokens) {
      return fails("an answer that was cut has finish '" + told.done->finish + "', not 'length'");
    }
  }
  return passes();
}

Verdict four_tokens(Probe& probe) {
  return at_most(probe, 4);
}

Verdict one_token(Probe& probe) {
  return at_most(probe, 1);
}

// Stops at what the model said anyway, so that the check needs no particular model.
Verdict stop_strings(Probe& probe) {
  const std::string whole = probe.ask(generate_request(probe, kPrompt, kSome)).text();
  std::size_t begin =
      harness::whole_code_points(std::string_view(whole).substr(0, whole.size() / 2));
  const std::size_t length =
      harness::whole_code_points(std::string_view(whole).substr(begin).substr(0, 4));
  if (length == 0) return cannot_tell("the model's answer is too short to be stopped");
  const std::string stop = whole.substr(begin, length);
  json request = generate_request(probe, kPrompt, kSome);
  request["stop"] = {"\x01never\x01", stop};
  const Told& told = probe.ask(request);
  if (!told.done) return fails("a request with stop strings " + told.outcome());
  const std::string expected = whole.substr(0, whole.find(stop));
  if (told.text().find(stop) != std::string::npos) return fails("the text holds the stop string");
  if (!told.text().starts_with(expected) && !expected.starts_with(told.text())) {
    return cannot_tell("the greedy answer is not the same twice");
  }
  if (told.done->finish != "stop") return fails("finish is '" + told.done->finish + "'");
  return passes("stopped at " + json(stop).dump());
}

Verdict greedy_repeats(Probe& probe) {
  const std::string first = probe.ask(generate_request(probe, kPrompt, kSome)).text();
  const std::string second = probe.ask(generate_request(probe, kPrompt, kSome)).text();
  return first == second ? passes() : fails("temperature 0 gave two answers to one question");
}

Verdict seed_repeats(Probe& probe) {
  json request = generate_request(probe, kPrompt, kSome);
  request["temperature"] = 1.0;
  request["seed"] = 9007199254740993ULL;  // Beyond what a double holds exactly.
  const Told& first = probe.ask(request);
  request["id"] = probe.next_id();
  const Told& second = probe.ask(request);
  if (!first.done || !second.done) return fails("a seeded request " + first.outcome());
  return first.text() == second.text() ? passes() : fails("one seed gave two answers");
}

Verdict system_message(Probe& probe) {
  json request = generate_request(probe, kPrompt, 4);
  request["messages"] = {{{"role", "system"}, {"content", "Be brief."}},
                         {{"role", "user"}, {"content", "One?"}},
                         {{"role", "assistant"}, {"content", "Two."}},
                         {{"role", "user"}, {"content", "Three?"}}};
  const Told& told = probe.ask(request);
  return told.done ? passes() : fails("a conversation of four messages " + told.outcome());
}

Verdict cancel_ends(Probe& probe) {
  json request = generate_request(probe, kPrompt, kLong);
  request["temperature"] = 1.0;
  Told& told = probe.send(request);
  probe.wait([&told] { return !told.deltas.empty() || told.ends > 0; }, probe.patience());
  if (told.ends > 0) return cannot_tell("the answer was over before it could be cancelled");
  probe.send_raw(cancel_line(request["id"]));
  probe.wait([&told] { return told.ends > 0; }, kCancelLimit);
  if (told.ends == 0) return fails("no end within 1 s of the cancel");
  if (!told.done) return fails("a cancelled request " + told.outcome());
  // It may have crossed the end of the answer.
  return told.done->finish == "cancelled" ? passes()
                                          : cannot_tell("it ended with " + told.done->finish);
}

Verdict late_cancel_is_ignored(Probe& probe) {
  const json request = generate_request(probe, kPrompt, 2);
  const Told& told = probe.ask(request);
  const int strays = probe.strays();
  probe.send_raw(cancel_line(request["id"]) + cancel_line("id nobody sent"));
  probe.settle();
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  return told.ends == 1 && probe.strays() == strays ? passes() : fails("it was answered");
}

Verdict answered_somehow(Probe& probe, const json& request) {
  const Told& told = probe.ask(request);
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  return told.ends == 1 ? passes(told.outcome()) : fails("it " + told.outcome());
}

Verdict empty_prompt(Probe& probe) {
  return answered_somehow(probe, generate_request(probe, "", 4));
}

Verdict no_messages(Probe& probe) {
  json request = generate_request(probe, "", 4);
  request["messages"] = json::array();
  return answered_somehow(probe, request);
}

Verdict megabyte_prompt(Probe& probe) {
  std::string prompt;
  while (prompt.size() < (1 << 20)) prompt += "one two three four five six seven eight nine ten ";
  return answered_somehow(probe, generate_request(probe, prompt, 2));
}

Verdict overflow_class(Probe& probe) {
  std::string prompt;
  while (prompt.size() < (4 << 20)) prompt += "one two three four five six seven eight nine ten ";
  const Told& told = probe.ask(generate_request(probe, prompt, 2));
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  if (told.done) return cannot_tell("4 MiB fit into its context");
  if (!told.error) return fails("4 MiB " + told.outcome());
  return told.error->kind == harness::FailureClass::kContextOverflow
             ? passes()
             : fails("its class is '" + told.error->kind_raw + "', not 'context_overflow'");
}

constexpr std::array kChecks = {
    Check{"generate is ended by exactly one done", "generate", one_done},
    Check{"text comes in deltas", "generate", text_in_deltas},
    Check{"deltas hold whole code points", "generate", whole_code_points},
    Check{"finish is stop or length", "generate", finish_is_known},
    Check{"max_tokens 4 is obeyed", "generate", four_tokens},
    Check{"max_tokens 1 is obeyed", "generate", one_token},
    Check{"conversations are understood", "generate", system_message},
    Check{"temperature 0 repeats itself", "generate", greedy_repeats},
    Check{"a seed repeats itself", "seed", seed_repeats},
    Check{"stop strings end the answer and stay out of it", "stop", stop_strings},
    Check{"cancel ends an answer within 1 s", "cancel", cancel_ends},
    Check{"cancel of what is over or unknown is ignored", "cancel", late_cancel_is_ignored},
    Check{"an empty prompt is answered", "generate", empty_prompt},
    Check{"no messages are answered", "generate", no_messages},
    Check{"a prompt of 1 MiB is answered", "generate", megabyte_prompt},
    Check{"too long a prompt is a context_overflow", "generate", overflow_class},
};

}  // namespace

std::span<const Check> generate_checks() {
  return kChecks;
}

}  // namespace pingjia::adapters
