#include "harness/commands/run_session.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <sstream>

#include "harness/base/environment.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/commands/energy_recorder.h"
#include "harness/commands/progress.h"
#include "harness/commands/stop_signal.h"
#include "harness/commands/stored_run.h"
#include "harness/drive/drive.h"
#include "harness/money/running_cost.h"
#include "harness/record/journal.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// A key without its attempt: the question, to which one answer counts.
using QuestionKey = std::tuple<std::string, std::string, std::string, int>;

QuestionKey question_of(const RecordKey& key) {
  return {key.system, key.suite, key.sample, key.repeat};
}

// What earlier sessions have left.
struct Earlier {
  std::map<QuestionKey, int> next_attempt;  // Of questions without an answer that counts.
  std::map<QuestionKey, bool> answered;
  int session = 0;  // The new one's number.
  bool any = false;
};

Earlier read_earlier(const RunDirectory& directory) {
  Earlier earlier;
  std::error_code ignored;
  if (!std::filesystem::exists(directory.records(), ignored)) return earlier;
  for (const auto& record : read_journal(directory.records()).records) {
    const auto question = question_of(record.key);
    auto& next = earlier.next_attempt[question];
    next = std::max(next, record.key.attempt + 1);
    if (record.last_attempt) earlier.answered[question] = true;
    earlier.session = std::max(earlier.session, record.session + 1);
    earlier.any = true;
  }
  return earlier;
}

// Leaves only what has no answer yet, under fresh attempt numbers.
void drop_answered(Plan& plan, const Earlier& earlier) {
  std::erase_if(plan.requests, [&earlier](const PlannedRequest& planned) {
    return earlier.answered.contains(question_of(planned.key));
  });
  for (auto& planned : plan.requests) {
    const auto found = earlier.next_attempt.find(question_of(planned.key));
    if (found != earlier.next_attempt.end()) planned.key.attempt = found->second;
  }
  // An open loop goes on at once with its first unanswered request.
  if (!plan.requests.empty() && plan.requests.front().due) {
    const Nanos first = *plan.requests.front().due;
    for (auto& planned : plan.requests) *planned.due -= first;
  }
}

// Writes records, counts money, shows progress, and says when to stop.
class SessionObserver final : public Observer {
 public:
  SessionObserver(const World& world, Journal& journal, const StopSignal& stop,
                  std::optional<Money> budget, bool quiet)
      : world_(world),
        journal_(journal),
        stop_(stop),
        budget_(budget),
        quiet_(quiet),
        progress_(world.err, world.interactive) {}

  void begin(const Plan& plan, const Pricing& pricing, std::size_t already) {
    spent_before_ = spent();
    running_.emplace(pricing);
    priced_ = !std::holds_alternative<UnknownPricing>(pricing);
    state_.label = plan.system + " " + plan.suite;
    state_.total = plan.requests.size() + already;
    state_.done = already;
    state_.failed = 0;
    if (!quiet_) progress_.begin(state_, world_.loop.now());
  }

  void end() {
    refresh();
    if (!quiet_) progress_.end(state_, world_.loop.now());
  }

  void recorded(const Record& record) override {
    journal_.append(to_json(record));
    const Completion& completion = record.completion;
    if (record.last_attempt) ++state_.done;
    if (completion.failure) ++state_.failed;
    state_.output_tokens += completion.usage.total_output().value_or(0);
    running_->add(record);
    if (quiet_) return;
    refresh();
    progress_.update(state_, world_.loop.now());
  }

  Proceed proceed() override {
    if (stop_.stopped()) return Proceed::kCancel;
    if (budget_ && spent() >= *budget_) {
      budget_spent_ = true;
      return Proceed::kDrain;
    }
    return Proceed::kGo;
  }

  bool budget_spent() const { return budget_spent_; }

 private:
  // Of all systems of this session.
  Money spent() const { return spent_before_ + (running_ ? running_->total() : Money()); }

  void refresh() { state_.usd = priced_ ? std::optional(spent().usd()) : std::nullopt; }

  const World& world_;
  Journal& journal_;
  const StopSignal& stop_;
  std::optional<Money> budget_;
  bool quiet_;
  Progress progress_;
  ProgressState state_;
  std::optional<RunningCost> running_;  // Of the suite under way.
  Money spent_before_;                  // Of those before it.
  bool priced_ = false;
  bool budget_spent_ = false;
};

// Answers that nobody waits for: warm-up requests end here.
class WarmupSink final : public Sink {
 public:
  void complete(const std::string&, Completion) override { ++answered; }
  int answered = 0;
};

class Session {
 public:
  Session(World& world, const Campaign& campaign, const RunDirectory& directory, json manifest,
          bool quiet)
      : world_(world),
        campaign_(campaign),
        directory_(directory),
        manifest_(std::move(manifest)),
        earlier_(read_earlier(directory)),
        journal_(directory.records()),
        sessions_(directory.sessions()),
        stop_(world.loop),
        observer_(world, journal_, stop_, budget(), quiet),
        energy_(world) {
    if (journal_.repaired() > 0) {
      world.err << "pingjia: cut off a partial last line of " << journal_.repaired() << " bytes in "
                << directory.records().string() << "\n";
    }
    if (journal_.empty()) {
      journal_.append({{"schema_version", kSchemaVersion},
                       {"type", "header"},
                       {"environment", describe_environment()}});
    }
  }

  SessionOutcome run() {
    energy_.watch_idle(campaign_.spec.idle_baseline_s, [this] { return going(); });
    for (std::size_t i = 0; i < campaign_.spec.systems.size() && going(); ++i) {
      run_system(campaign_.spec.systems[i], campaign_.pricing[i]);
    }
    if (stop_.stopped()) {
      outcome_.end = SessionEnd::kInterrupted;
    } else if (observer_.budget_spent()) {
      outcome_.end = SessionEnd::kBudgetSpent;
    }
    return outcome_;
  }

 private:
  std::optional<Money> budget() const {
    if (!campaign_.spec.budget_usd) return std::nullopt;
    return parse_usd(*campaign_.spec.budget_usd, "budget_usd");
  }

  bool going() const { return !stop_.stopped() && !observer_.budget_spent(); }

  void run_system(const SystemSpec& system, const Pricing& pricing) {
    auto plans = campaign_.plans(system);
    std::vector<std::size_t> already;
    std::size_t left = 0;
    for (auto& plan : plans) {
      const std::size_t all = plan.requests.size();
      drop_answered(plan, earlier_);
      already.push_back(all - plan.requests.size());
      left += plan.requests.size();
    }
    if (left == 0) return;
    SessionInput window;
    window.session = earlier_.session;
    window.opened = world_.loop.now();
    const auto adapter = make_adapter(world_, campaign_.spec, system, directory_.logs());
    energy_.open();
    energy_.begin();
    const auto facts = open(*adapter, system, left);
    if (!facts) {
      energy_.close();
      return;
    }
    window.ready = world_.loop.now();
    energy_.end("");
    // A reading of this machine's meters says nothing of a model elsewhere.
    const bool remote = facts->device == "remote";
    warm_up(*adapter, plans);
    for (std::size_t i = 0; i < plans.size() && going(); ++i) {
      if (plans[i].requests.empty()) continue;
      energy_.begin();
      run_plan(plans[i], *adapter, pricing, already[i]);
      energy_.end(plans[i].suite);
    }
    const Closing closing = adapter->close();
    window.closed = world_.loop.now();
    if (remote) energy_.remote();
    window.energy = energy_.close();
    sessions_.append(session_line(earlier_.session, system.name, window, *facts, closing));
  }

  std::optional<Facts> open(Adapter& adapter, const SystemSpec& system, std::size_t requests) {
    const Load& load = campaign_.spec.load;
    const int most = load.mode == LoadMode::kClosed ? load.concurrency : load.max_in_flight;
    const int connections =
        std::min(most, static_cast<int>(std::min<std::size_t>(requests, 65'536)));
    try {
      Facts facts = adapter.open(connections);
      manifest_["facts"][system.name] = to_json(facts);
      write_file(directory_.manifest(), manifest_.dump(2) + "\n");
      return facts;
    } catch (const Error& error) {
      adapter.close();
      // Nothing has been sent, now or before: the run has not begun.
      if (!earlier_.any && &system == &campaign_.spec.systems.front()) throw;
      outcome_.problems.emplace_back(error.what());
      return std::nullopt;
    }
  }

  void warm_up(Adapter& adapter, const std::vector<Plan>& plans) {
    WarmupSink sink;
    std::vector<Request> requests;
    for (const auto& plan : plans) {
      if (plan.requests.empty() || plan.requests[0].request.mode != Mode::kGenerate) continue;
      for (int i = 0; i < campaign_.spec.load.warmup; ++i) {
        requests.push_back(plan.requests[0].request);
        requests.back().id = "warmup|" + std::to_string(i);
      }
      break;
    }
    for (const auto& request : requests) adapter.submit(request, sink);
    while (sink.answered < static_cast<int>(requests.size()) && !stop_.stopped()) {
      if (!world_.loop.turn(world_.loop.now() + kSecond)) break;
    }
  }

  void run_plan(const Plan& plan, Adapter& adapter, const Pricing& pricing, std::size_t already) {
    observer_.begin(plan, pricing, already);
    const DriveOptions options{campaign_.spec.retries, earlier_.session, campaign_.spec.seed};
    drive(plan, adapter, world_.loop, options, observer_);
    observer_.end();
  }

  World& world_;
  const Campaign& campaign_;
  const RunDirectory& directory_;
  json manifest_;
  Earlier earlier_;
  Journal journal_;
  Journal sessions_;
  StopSignal stop_;
  SessionObserver observer_;
  EnergyRecorder energy_;
  SessionOutcome outcome_;
};

}  // namespace

SessionOutcome run_session(World& world, const Campaign& campaign, const RunDirectory& directory,
                           json manifest, bool quiet) {
  return Session(world, campaign, directory, std::move(manifest), quiet).run();
}

}  // namespace pingjia::harness
