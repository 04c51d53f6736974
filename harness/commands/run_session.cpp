#include "harness/commands/run_session.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "harness/base/environment.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/commands/adaptive_repeats.h"
#include "harness/commands/earlier_sessions.h"
#include "harness/commands/energy_recorder.h"
#include "harness/commands/progress.h"
#include "harness/commands/stop_signal.h"
#include "harness/commands/stored_run.h"
#include "harness/drive/drive.h"
#include "harness/drive/warm_up.h"
#include "harness/money/running_cost.h"
#include "harness/money/wall_clock.h"
#include "harness/record/journal.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// Writes records, counts money, shows progress, and says when to stop.
class SessionObserver final : public Observer {
 public:
  // `spent`: by earlier sessions; the budget is the whole run's.
  SessionObserver(const World& world, Journal& journal, const StopSignal& stop,
                  std::optional<Money> budget, Money spent, bool quiet)
      : world_(world),
        journal_(journal),
        stop_(stop),
        budget_(budget),
        quiet_(quiet),
        progress_(world.err, world.interactive),
        spent_before_(spent) {}

  void begin_system() {
    deaths_ = 0;
    most_deaths_ = 0;
  }

  /// How monotonic stamps become times of day, which prices may hang on.
  void set_clock(const WallClock& clock) { clock_ = clock; }

  void begin(const Plan& plan, const Pricing& pricing, std::size_t already) {
    spent_before_ = spent();
    uncounted_ = uncounted();
    most_deaths_ = kMostLives * plan.load.most_in_flight();
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
    if (repeats_ != nullptr) repeats_->add(record);
    const Completion& completion = record.completion;
    if (record.last_attempt) ++state_.done;
    if (completion.failure) ++state_.failed;
    const bool died = completion.failure && completion.failure->kind == FailureClass::kEngineDied;
    deaths_ = died ? deaths_ + 1 : 0;
    state_.output_tokens += completion.usage.total_output().value_or(0);
    running_->add(record, clock_.at(completion.timeline.sent));
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
    return engine_is_dead() ? Proceed::kDrain : Proceed::kGo;
  }

  /// Gets every record from now on; null: none does.
  void watch(AdaptiveRepeats* repeats) { repeats_ = repeats; }

  bool budget_spent() const { return budget_spent_; }
  /// Its last life is over: asking on would only fill the records with failures.
  bool engine_is_dead() const { return most_deaths_ > 0 && deaths_ > most_deaths_; }
  /// Attempts whose cost nobody knows, which the budget cannot count.
  std::int64_t uncounted() const { return uncounted_ + (running_ ? running_->unknown() : 0); }

 private:
  // An engine is started again three times, and each life may lose all that is in flight.
  static constexpr int kMostLives = 4;

  // Of all systems of the run.
  Money spent() const { return spent_before_ + (running_ ? running_->total() : Money()); }

  void refresh() { state_.usd = priced_ ? std::optional(spent().usd()) : std::nullopt; }

  const World& world_;
  Journal& journal_;
  const StopSignal& stop_;
  std::optional<Money> budget_;
  bool quiet_;
  AdaptiveRepeats* repeats_ = nullptr;
  Progress progress_;
  ProgressState state_;
  std::optional<RunningCost> running_;  // Of the suite under way.
  Money spent_before_;                  // Of those before it.
  std::int64_t uncounted_ = 0;          // Likewise.
  int deaths_ = 0;                      // Answers lost to a dying engine, one after the other.
  int most_deaths_ = 0;
  WallClock clock_;
  bool priced_ = false;
  bool budget_spent_ = false;
};

class Session {
 public:
  Session(World& world, const Campaign& campaign, const RunDirectory& directory, json manifest,
          bool quiet)
      : world_(world),
        campaign_(campaign),
        directory_(directory),
        manifest_(std::move(manifest)),
        journal_(directory.records()),
        earlier_(read_earlier_sessions(directory, campaign, clocks())),
        sessions_(directory.sessions()),
        stop_(world.loop),
        observer_(world, journal_, stop_, campaign.budget, earlier_.spent, quiet),
        energy_(world) {
    keep_clock();
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
    if (campaign_.budget && observer_.uncounted() > 0) {
      world_.err << "pingjia: " << observer_.uncounted()
                 << " attempts report no usage: more was spent than the budget counted\n";
    }
    return outcome_;
  }

 private:
  bool going() {
    observer_.proceed();  // Looks whether earlier sessions have spent the budget already.
    return !stop_.stopped() && !observer_.budget_spent();
  }

  // Of the sessions so far.
  WallClocks clocks() const {
    return wall_clocks_from_json(manifest_.value("clocks", json()),
                                 directory_.manifest().string() + ": clocks");
  }

  void keep_clock() {
    WallClocks known = clocks();
    const WallClock clock{parse_instant(world_.timestamp(), "the time"), world_.loop.now()};
    known[earlier_.session] = clock;
    manifest_["clocks"] = to_json(known);
    observer_.set_clock(clock);
  }

  void run_system(const SystemSpec& system, const Pricing& pricing) {
    observer_.begin_system();
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
    warm_up(plans, campaign_.spec.load.warmup, connections(left), *adapter, world_.loop,
            [this] { return stop_.stopped(); });
    for (std::size_t i = 0; i < plans.size() && going() && !observer_.engine_is_dead(); ++i) {
      if (plans[i].requests.empty()) continue;
      energy_.begin();
      if (const auto* suite = adaptive_suite(plans[i])) {
        run_rounds(plans[i], *suite, *adapter, pricing);
      } else {
        run_plan(plans[i], *adapter, pricing, already[i]);
      }
      energy_.end(plans[i].suite);
    }
    if (observer_.engine_is_dead()) {
      outcome_.problems.push_back("system '" + system.name +
                                  "': its engine died again and again; see its log in " +
                                  directory_.logs().string());
    }
    const Closing closing = adapter->close();
    window.closed = world_.loop.now();
    if (remote) energy_.remote();
    window.energy = energy_.close();
    sessions_.append(session_line(earlier_.session, system.name, window, *facts, closing));
  }

  // The most that will be in flight.
  int connections(std::size_t requests) const {
    const int most = campaign_.spec.load.most_in_flight();
    return std::min(most, static_cast<int>(std::min<std::size_t>(requests, 65'536)));
  }

  std::optional<Facts> open(Adapter& adapter, const SystemSpec& system, std::size_t requests) {
    try {
      Facts facts = adapter.open(connections(requests));
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

  // The suite of a plan whose repeats end by themselves; null for another.
  const CampaignSuite* adaptive_suite(const Plan& plan) const {
    for (const auto& suite : campaign_.suites) {
      if (suite.key == plan.suite && suite.spec.half_width) return &suite;
    }
    return nullptr;
  }

  // Repeat by repeat, until the mean is known well enough.
  void run_rounds(const Plan& plan, const CampaignSuite& suite, Adapter& adapter,
                  const Pricing& pricing) {
    AdaptiveRepeats repeats(world_, suite);
    for (const auto& record : read_journal(directory_.records()).records) {
      if (record.key.system == plan.system) repeats.add(record);
    }
    observer_.watch(&repeats);
    const int most = suite.spec.repeats.value_or(1);
    int repeat = 0;
    for (; repeat < most && going() && !observer_.engine_is_dead(); ++repeat) {
      Plan round = plan;
      std::erase_if(round.requests,
                    [repeat](const auto& planned) { return planned.key.repeat != repeat; });
      start_at_once(round);
      if (!round.requests.empty()) run_plan(round, adapter, pricing, 0);
      if (repeats.enough(repeat)) break;
    }
    observer_.watch(nullptr);
    world_.err << "pingjia: " << plan.system << " " << plan.suite << ": "
               << std::min(repeat + 1, most) << " of at most " << most
               << " repeats; half-width by repeats " << repeats.half_width() << ", asked for "
               << *suite.spec.half_width << "\n";
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
  Journal journal_;  // Before `earlier_`: what another session is still writing must not be read.
  EarlierSessions earlier_;
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
