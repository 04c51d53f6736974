#include "harness/summary/row_facts.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

#include "harness/base/rng.h"

namespace pingjia::harness {

namespace {

// Unit separator: stands in no name.
constexpr char kBetween = '\x1f';

std::uint64_t key_hash(const RecordKey& key) {
  return hash_name(key.system + kBetween + key.suite + kBetween + key.sample + kBetween +
                   std::to_string(key.repeat) + kBetween + std::to_string(key.attempt));
}

using ScoreIndex = std::unordered_multimap<std::uint64_t, const Score*>;

ScoreIndex index_scores(std::span<const Score> scores) {
  ScoreIndex index;
  index.reserve(scores.size());
  for (const auto& score : scores) index.emplace(key_hash(score.key), &score);
  return index;
}

const Score* find_score(const ScoreIndex& index, const RecordKey& key) {
  const auto [first, last] = index.equal_range(key_hash(key));
  for (auto it = first; it != last; ++it) {
    if (it->second->key == key) return it->second;
  }
  return nullptr;
}

bool is_cancelled(const Record& record) {
  const auto& failure = record.completion.failure;
  return failure && failure->kind == FailureClass::kCancelled;
}

std::uint64_t unit_of(const RecordKey& key, const SummaryInput& input) {
  const std::string suite = key.suite.substr(0, key.suite.find('/'));
  std::string name = suite + kBetween + 's' + key.sample;
  if (const auto clusters = input.clusters.find(suite); clusters != input.clusters.end()) {
    const auto cluster = clusters->second.find(key.sample);
    if (cluster != clusters->second.end()) name = suite + kBetween + 'c' + cluster->second;
  }
  return hash_name(name);
}

std::string_view subject_of(const RecordKey& key, const SummaryInput& input) {
  const auto suite = input.subjects.find(key.suite.substr(0, key.suite.find('/')));
  if (suite == input.subjects.end()) return {};
  const auto subject = suite->second.find(key.sample);
  return subject == suite->second.end() ? std::string_view() : std::string_view(subject->second);
}

void add_tokens(const Record& record, TokenFacts& tokens, std::set<std::string>& makers) {
  const Completion& completion = record.completion;
  const auto input = completion.usage.total_input();
  auto output = completion.usage.total_output();
  if (record.request.mode == Mode::kLoglikelihood && !output) output = 0;
  if (!input || !output) {
    if (!completion.failure) ++tokens.answers_without;
    return;
  }
  tokens.input += *input;
  tokens.output += *output;
  tokens.cache_read += completion.usage.cache_read.value_or(0);
  if (!completion.usage.cache_read) ++tokens.cache_unsaid;
  if (!completion.usage.maker.empty()) makers.insert(completion.usage.maker);
  std::int64_t events = 0;
  for (const auto& arrival : completion.timeline.arrivals) events += arrival.events;
  if (completion.failure || events < 2) return;
  tokens.events += events;
  tokens.streamed_output += *output;
  if (completion.finish == Finish::kStop) ++tokens.stopped;
}

void add_phases(const Record& record, PhaseFacts& phases) {
  const ServerTimings& server = record.completion.server;
  const bool writes = record.request.mode == Mode::kGenerate;
  if (writes && record.completion.timeline.arrivals.size() < 2) ++phases.answers_not_streamed;
  if (!server.additive || !server.prefill_s || (writes && !server.decode_s)) {
    ++phases.answers_without;
    return;
  }
  phases.prefill_s += *server.prefill_s;
  phases.decode_s += server.decode_s.value_or(0);
}

void add_first_token(const AttemptFacts& attempt, PhaseFacts& phases) {
  const PhaseTime time = phases_by_first_token({&attempt.record, 1}, {&attempt.held, 1});
  phases.by_first_token.prefill += time.prefill;
  phases.by_first_token.decode += time.decode;
}

void add_reported(const AttemptFacts& attempt, CostFacts& facts) {
  const Usage& usage = attempt.record->completion.usage;
  if (!usage.adds_up) ++facts.not_adding_up;
  if (usage.reported_usd.empty()) return;
  ++facts.reported_attempts;
  facts.reported +=
      parse_usd(usage.reported_usd, "usage.reported_usd of " + attempt.record->key.sample);
  facts.estimated_of_reported += attempt.cost.total();
}

void add_cost(const Cost& cost, CostFacts& facts) {
  ++facts.attempts;
  facts.input += cost.input;
  facts.output += cost.output;
  facts.machine += cost.machine;
  facts.priced_tokens += cost.priced_tokens;
  facts.unpriced_tokens += cost.unpriced_tokens;
  if (cost.state == PriceState::kUnknown && cost.unpriced_tokens == 0) ++facts.unknown_attempts;
}

void add_outcome(const AttemptFacts& attempt, RowFacts& row) {
  const Completion& completion = attempt.record->completion;
  if (!attempt.record->last_attempt) ++row.retries;
  if (is_cancelled(*attempt.record)) ++row.cancelled;
  if (attempt.score == nullptr) return;
  const auto& outcome = attempt.score->outcome;
  const auto found = std::find(kOutcomes.begin(), kOutcomes.end(), outcome);
  if (found != kOutcomes.end()) ++row.outcomes[static_cast<std::size_t>(found - kOutcomes.begin())];
  const bool unmarked = outcome == outcome::kTruncated || outcome == outcome::kThinkBudget;
  if (completion.finish == Finish::kLength && !unmarked) ++row.cut_but_marked;
}

Nanos window_of_row(std::span<const AttemptFacts> attempts) {
  struct Span {
    Nanos begin = std::numeric_limits<Nanos>::max();
    Nanos end = 0;
  };
  std::unordered_map<int, Span> sessions;
  for (const auto& attempt : attempts) {
    if (attempt.held == 0) continue;
    const Timeline& timeline = attempt.record->completion.timeline;
    Span& span = sessions[attempt.record->session];
    span.begin = std::min(span.begin, timeline.sent);
    span.end = std::max(span.end, timeline.done);
  }
  return std::accumulate(sessions.begin(), sessions.end(), Nanos{0},
                         [](Nanos sum, const auto& session) {
                           return sum + session.second.end - session.second.begin;
                         });
}

// Fills in everything that follows from the attempts.
void complete(RowFacts& row) {
  std::vector<const Record*> answers;
  std::set<std::string> makers;
  for (const auto& attempt : row.attempts) {
    add_outcome(attempt, row);
    add_tokens(*attempt.record, row.tokens, makers);
    add_cost(attempt.cost, row.cost);
    add_reported(attempt, row.cost);
    row.held += attempt.held;
    row.active += attempt.active;
    add_first_token(attempt, row.phases);
    if (attempt.record->completion.failure || !attempt.record->last_attempt) continue;
    add_phases(*attempt.record, row.phases);
    answers.push_back(attempt.record);
  }
  row.answers = static_cast<std::int64_t>(answers.size());
  for (const auto& maker : makers)
    row.tokens.makers += (row.tokens.makers.empty() ? "" : ", ") + maker;
  row.window = window_of_row(row.attempts);
  row.latencies = latencies_of(answers);
}

// The suites of `attempts`: those the input lists, in its order, then others by name.
std::vector<std::string> suites_of(std::span<const AttemptFacts> attempts,
                                   const std::vector<std::string>& listed) {
  std::set<std::string> ran;
  for (const auto& attempt : attempts) ran.insert(attempt.record->key.suite);
  std::vector<std::string> suites;
  for (const auto& suite : listed) {
    if (ran.erase(suite) > 0) suites.push_back(suite);
  }
  suites.insert(suites.end(), ran.begin(), ran.end());
  return suites;
}

std::vector<AttemptFacts> attempts_of(const SystemInput& system, const SummaryInput& input,
                                      const ScoreIndex& scores) {
  std::vector<AttemptFacts> attempts;
  std::vector<const Record*> records;
  for (std::size_t i = 0; i < input.records.size(); ++i) {
    const Record& record = input.records[i];
    if (record.key.system != system.name) continue;
    records.push_back(&record);
    AttemptFacts attempt;
    attempt.record = &record;
    attempt.index = i;
    // A cancelled request is sent again under the same key: the score is the later one's.
    if (record.last_attempt && !is_cancelled(record)) {
      attempt.score = find_score(scores, record.key);
    }
    attempt.unit = unit_of(record.key, input);
    attempt.subject = subject_of(record.key, input);
    attempts.push_back(attempt);
  }
  const SystemCost cost = cost_of_system(records, system.pricing);
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    attempts[i].cost = cost.attempts[i];
    attempts[i].held = cost.held[i];
    attempts[i].active = cost.active[i];
  }
  return attempts;
}

}  // namespace

bool is_marked(std::string_view outcome) {
  return outcome != outcome::kFailed && outcome != outcome::kUnsupported &&
         outcome != outcome::kUndecided;
}

std::vector<AttemptFacts> gather_attempts(const SystemInput& system, const SummaryInput& input) {
  return attempts_of(system, input, index_scores(input.scores));
}

double CostFacts::unpriced_share() const {
  const std::int64_t tokens = priced_tokens + unpriced_tokens;
  const double of_tokens =
      tokens > 0 ? static_cast<double>(unpriced_tokens) / static_cast<double>(tokens) : 0;
  const double of_attempts =
      attempts > 0 ? static_cast<double>(unknown_attempts) / static_cast<double>(attempts) : 0;
  return std::max(of_tokens, of_attempts);
}

std::int64_t RowFacts::count(std::string_view outcome) const {
  const auto found = std::find(kOutcomes.begin(), kOutcomes.end(), outcome);
  if (found == kOutcomes.end()) return 0;
  return outcomes[static_cast<std::size_t>(found - kOutcomes.begin())];
}

std::int64_t RowFacts::scored() const {
  return std::accumulate(outcomes.begin(), outcomes.end(), std::int64_t{0});
}

std::vector<RowFacts> gather_rows(const SummaryInput& input) {
  const ScoreIndex scores = index_scores(input.scores);
  std::vector<RowFacts> rows;
  for (const auto& system : input.systems) {
    std::vector<AttemptFacts> attempts = attempts_of(system, input, scores);
    for (const auto& suite : suites_of(attempts, input.suites)) {
      RowFacts& row = rows.emplace_back();
      row.system = &system;
      row.suite = suite;
      row.seed = input.seed;
      std::copy_if(attempts.begin(), attempts.end(), std::back_inserter(row.attempts),
                   [&](const auto& attempt) { return attempt.record->key.suite == suite; });
      complete(row);
    }
    RowFacts& all = rows.emplace_back();
    all.system = &system;
    all.suite = "*";
    all.seed = input.seed;
    all.attempts = std::move(attempts);
    complete(all);
  }
  return rows;
}

}  // namespace pingjia::harness
