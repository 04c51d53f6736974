#include <fmt/format.h>

#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/spec/prompt_template.h"
#include "harness/spec/suite_file.h"

namespace pingjia::harness {

namespace {

constexpr std::size_t kMostChoices = 26;

void check_id(const std::string& id, const std::string& where) {
  if (id.empty()) throw Error(where, "a sample has no id", "give each sample its own \"id\"");
  for (const char c : id) {
    if (c == '|' || static_cast<unsigned char>(c) < ' ') {
      throw Error(where, "'|' and control characters may not stand in an id", "rename it");
    }
  }
}

void check_gold(const Sample& sample, const std::string& where) {
  if (sample.question.empty()) throw Error(where, "the question is empty", "write one");
  if (sample.gold.empty()) throw Error(where, "the gold answer is empty", "write one");
  if (sample.choices.empty()) return;
  const std::size_t count = sample.choices.size();
  if (count > kMostChoices) throw Error(where, "more than 26 choices", "there are 26 letters");
  for (std::size_t i = 0; i < count; ++i) {
    if (sample.gold == choice_letter(i)) return;
  }
  throw Error(where, fmt::format("gold '{}' is none of its {} choices", sample.gold, count),
              fmt::format("write a letter from A to {}", choice_letter(count - 1)));
}

// What a protocol's templates need of every sample: how many choices at least.
struct Need {
  std::size_t choices = 0;
  std::string why;
};

Need need_of(const Protocol& protocol) {
  Need need;
  if (protocol.mode == Mode::kLoglikelihood) need = {1, "its mode is loglikelihood"};
  for (const auto& name : PromptTemplate(protocol.prompt).names()) {
    const bool letter = name.size() == 1;
    const std::size_t wanted = letter ? static_cast<std::size_t>(name[0] - 'A') + 1 : 1;
    if ((letter || name == "choices") && wanted > need.choices) {
      need = {wanted, "its prompt holds {" + name + "}"};
    }
  }
  return need;
}

void check_need(const Need& need, const Protocol& protocol, const Sample& sample,
                const std::string& where) {
  if (sample.choices.size() >= need.choices) return;
  throw Error(where,
              fmt::format("has {} choices, but protocol '{}' needs {} ({})", sample.choices.size(),
                          protocol.name, need.choices, need.why),
              "give the sample its choices, or change the protocol");
}

// Two samples may share a question and not its choices; a shot with both gives the answer away.
void check_shot(const Sample& shot, const std::multimap<std::string, const Sample*>& asked,
                const std::string& where) {
  const auto [first, last] = asked.equal_range(shot.question);
  for (auto same = first; same != last; ++same) {
    if (same->second->choices != shot.choices) continue;
    throw Error(where, "asks the same as sample '" + same->second->id + "'",
                "take shots from other data than the samples");
  }
}

}  // namespace

void check_samples(const Suite& suite, const std::string& where) {
  if (suite.samples.empty()) throw Error(where, "has no samples", "add one");
  std::set<std::string> ids;
  std::multimap<std::string, const Sample*> asked;
  for (const auto& sample : suite.samples) {
    const auto place = fmt::format("{}: sample '{}'", where, sample.id);
    check_id(sample.id, place);
    if (!ids.insert(sample.id).second) throw Error(place, "id given twice", "rename one of them");
    check_gold(sample, place);
    asked.emplace(sample.question, &sample);
  }
  for (const auto& protocol : suite.protocols) {
    const Need need = need_of(protocol);
    for (const auto& sample : suite.samples) {
      check_need(need, protocol, sample, fmt::format("{}: sample '{}'", where, sample.id));
    }
    if (protocol.pool.count > 0 && suite.shot_pool.empty() && suite.shot_pool_problem.empty()) {
      throw Error(where,
                  "protocol '" + protocol.name + "' takes shots from a pool that is not there",
                  "give the suite \"shot_data\"");
    }
    for (std::size_t i = 0; i < protocol.shots.size(); ++i) {
      const auto place = fmt::format("{}: protocol '{}': shots[{}]", where, protocol.name, i);
      check_gold(protocol.shots[i], place);
      check_need(need, protocol, protocol.shots[i], place);
      check_shot(protocol.shots[i], asked, place);
    }
  }
}

}  // namespace pingjia::harness
