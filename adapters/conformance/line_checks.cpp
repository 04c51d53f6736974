#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/conformance/checks.h"

namespace pingjia::adapters {

using nlohmann::json;

json generate_request(Probe& probe, const std::string& prompt, int max_tokens) {
  return {{"type", "generate"},
          {"id", probe.next_id()},
          {"messages", {{{"role", "user"}, {"content", prompt}}}},
          {"max_tokens", max_tokens},
          {"temperature", 0.0},
          {"top_p", 1.0},
          {"top_k", 0},
          {"seed", 1},
          {"stop", json::array()}};
}

json score_request(Probe& probe, const std::vector<std::string>& continuations) {
  return {{"type", "loglikelihood"},
          {"id", probe.next_id()},
          {"messages", {{{"role", "user"}, {"content", "Is ice cold? Answer yes or no."}}}},
          {"continuations", continuations}};
}

namespace {

// A request of the kind the program serves.
json any_request(Probe& probe) {
  return probe.can("generate") ? generate_request(probe, kPrompt, 4)
                               : score_request(probe, {"yes", "no"});
}

// Sends a line no program can make sense of; it must live and go on to answer.
Verdict survives(Probe& probe, const std::string& line) {
  probe.send_raw(line);
  const Told& told = probe.ask(any_request(probe));
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  if (told.ends == 0) return fails("the request after it was not answered");
  return told.error ? fails("the request after it " + told.outcome()) : passes();
}

Verdict stats(Probe& probe) {
  return probe.settle() ? passes(probe.stats()->details) : fails("no stats line came");
}

Verdict ids_come_back(Probe& probe) {
  const std::array<std::string, 4> ids = {"system|suite/protocol|sample 1|0|0", "\"quoted\\\"",
                                          "评价 é", std::string(300, 'i')};
  for (const auto& id : ids) {
    json request = any_request(probe);
    request["id"] = id;
    if (probe.ask(request).ends == 0) return fails("no answer with id " + json(id).dump());
  }
  return passes();
}

Verdict fields_ignored(Probe& probe) {
  json request = any_request(probe);
  request["field_of_a_later_version"] = {{"deep", json::array({1, nullptr})}};
  const Told& told = probe.ask(request);
  return told.done || told.scores ? passes() : fails("a request with one " + told.outcome());
}

Verdict types_ignored(Probe& probe) {
  return survives(probe, "{\"type\":\"type_of_a_later_version\",\"x\":1}\n");
}

Verdict not_json(Probe& probe) {
  return survives(probe, "{this is not JSON\n");
}

Verdict not_utf8(Probe& probe) {
  return survives(probe, "{\"type\":\"\xff\xfe\"}\n");
}

Verdict not_an_object(Probe& probe) {
  return survives(probe, "[1,2]\n42\n");
}

Verdict without_type(Probe& probe) {
  probe.send({{"id", probe.next_id()}});
  return survives(probe, "{}\n");
}

// A request that lacks its messages must be answered, or whoever sent it waits for ever.
Verdict incomplete_request(Probe& probe) {
  const json request = {{"type", probe.can("generate") ? "generate" : "loglikelihood"},
                        {"id", probe.next_id()}};
  const Told& told = probe.ask(request);
  if (!probe.alive()) return fails("the program ended: " + probe.death());
  if (!told.error) return fails("a request without messages " + told.outcome());
  return passes(told.error->kind_raw);
}

Verdict many_in_flight(Probe& probe) {
  constexpr int kMany = 4 * Probe::kParallel;
  std::vector<Told*> all;
  for (int i = 0; i < kMany; ++i) all.push_back(&probe.send(any_request(probe)));
  const auto answered = [&all] {
    int count = 0;
    for (const Told* told : all) count += told->ends > 0 ? 1 : 0;
    return count;
  };
  probe.wait([&] { return answered() == kMany; }, probe.patience());
  if (answered() < kMany) {
    return fails(fmt::format("{} of {} requests in flight were answered", answered(), kMany));
  }
  for (const Told* told : all) {
    if (told->error) return fails("one of " + std::to_string(kMany) + " " + told->outcome());
  }
  return passes(fmt::format("{} at once, {} in parallel", kMany, Probe::kParallel));
}

Verdict undeclared_is_refused(Probe& probe) {
  if (probe.can("generate") && probe.can("loglikelihood")) {
    return cannot_tell("the program does both");
  }
  const Told& told = probe.ask(probe.can("generate") ? score_request(probe, {"yes"})
                                                     : generate_request(probe, kPrompt, 4));
  if (!told.error) return fails("a request of the kind it does not do " + told.outcome());
  return told.error->kind == harness::FailureClass::kUnsupported
             ? passes()
             : fails("its class is '" + told.error->kind_raw + "', not 'unsupported'");
}

constexpr std::array kChecks = {
    Check{"stats are answered", "", stats},
    Check{"ids come back as they were", "", ids_come_back},
    Check{"unknown fields are ignored", "", fields_ignored},
    Check{"unknown types are ignored", "", types_ignored},
    Check{"a line that is not JSON is survived", "", not_json},
    Check{"a line that is not UTF-8 is survived", "", not_utf8},
    Check{"a line that is no object is survived", "", not_an_object},
    Check{"a line without type is survived", "", without_type},
    Check{"an incomplete request is answered by error", "", incomplete_request},
    Check{"what is not declared is refused as unsupported", "", undeclared_is_refused},
    Check{"many requests in flight are all answered", "", many_in_flight},
};

}  // namespace

std::span<const Check> line_checks() {
  return kChecks;
}

}  // namespace pingjia::adapters
