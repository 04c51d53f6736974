#include "adapters/conformance.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "adapters/command_words.h"
#include "adapters/conformance/checks.h"
#include "adapters/conformance/probe.h"
#include "adapters/process.h"
#include "adapters/table.h"
#include "harness/base/error.h"
#include "harness/base/json_file.h"

namespace pingjia::adapters {

using nlohmann::json;

namespace {

constexpr int kMostDeaths = 3;

class Conformance {
 public:
  explicit Conformance(Probe& probe) : probe_(probe) {}

  std::vector<ConformanceResult> run() {
    probe_.start();
    check_start();
    for (const auto checks : {line_checks(), generate_checks(), account_checks(), score_checks()}) {
      for (const Check& check : checks) run(check);
    }
    check_end();
    return std::move(results_);
  }

 private:
  void note(std::string_view name, Verdict verdict) {
    results_.push_back({std::string(name), verdict.state, std::move(verdict.detail)});
  }

  void check_start() {
    const auto& hello = probe_.hello();
    note("hello comes within 5 s",
         hello ? passes(fmt::format("{:.3f} s", harness::seconds(probe_.hello_took())))
               : fails("no hello; " + probe_.death()));
    if (!hello) return;
    note("hello speaks version 1", hello->protocol == kProcessProtocol
                                       ? passes()
                                       : fails(fmt::format("version {}", hello->protocol)));
    note("hello names the program", hello->name.empty()
                                        ? fails("its name is empty")
                                        : passes(hello->name + " " + hello->version));
    note("hello declares generate or loglikelihood",
         probe_.can("generate") || probe_.can("loglikelihood") ? passes()
                                                               : fails("it declares neither"));
    const auto& ready = probe_.ready();
    note("ready comes after load", ready ? passes() : fails("no ready; " + probe_.death()));
    if (!ready) return;
    note("ready names model and device", ready->model.empty() || ready->device.empty()
                                             ? fails("one of them is empty")
                                             : passes(ready->model + " on " + ready->device));
  }

  void run(const Check& check) {
    if (!probe_.is_ready() && deaths_ < kMostDeaths && probe_.ready()) {
      ++deaths_;
      probe_.start();
    }
    if (!probe_.is_ready()) {
      note(check.name, cannot_tell("not run: the program is not ready"));
      return;
    }
    if (!check.needs.empty() && !probe_.can(check.needs)) {
      note(check.name,
           cannot_tell("the program does not declare '" + std::string(check.needs) + "'"));
      return;
    }
    Verdict verdict = check.run(probe_);
    if (!probe_.alive() && verdict.state != ConformanceState::kFail) {
      verdict = fails("the program ended: " + probe_.death());
    }
    note(check.name, std::move(verdict));
  }

  void check_end() {
    const auto ending = [this](bool say_shutdown) {
      if (!probe_.is_ready()) return cannot_tell("not run: the program is not ready");
      const auto exit = probe_.end(say_shutdown);
      if (!exit) return fails("it still ran after 5 s");
      return exit->signal == 0 && exit->status == 0 ? passes() : fails("it " + exit->text());
    };
    note("shutdown ends it with status 0 within 5 s", ending(true));
    if (probe_.ready()) probe_.start();
    note("the end of input ends it too", ending(false));
    const auto none_of = [this](int count, const std::string& detail) {
      if (count > 0) return fails(fmt::format("{} lines{}", count, detail));
      return probe_.hello() ? passes() : cannot_tell("it said nothing");
    };
    note("standard output holds nothing but protocol lines",
         none_of(probe_.garbage(), ", the first: " + probe_.first_garbage()));
    note("nothing is said about ids that were not asked", none_of(probe_.strays(), ""));
  }

  Probe& probe_;
  std::vector<ConformanceResult> results_;
  int deaths_ = 0;
};

std::string_view word_of(ConformanceState state) {
  switch (state) {
    case ConformanceState::kPass:
      return "pass";
    case ConformanceState::kFail:
      return "FAIL";
    case ConformanceState::kNotApplicable:
      return "n/a ";
  }
  return "FAIL";
}

}  // namespace

std::vector<ConformanceResult> check_conformance(const std::string& command, const json& options,
                                                 const harness::AdapterContext& context,
                                                 harness::Nanos patience) {
  const auto spec = child_command(command_words(command, context.where), {}, context);
  Probe probe(context.loop, spec, options.dump(), patience);
  return Conformance(probe).run();
}

bool check_adapter(const std::string& command, const std::string& options,
                   const harness::AdapterContext& context, std::ostream& out) {
  const json object = harness::parse_json(options, "--options");
  if (!object.is_object()) {
    throw harness::Error("--options", "not an object", "write {\"key\": value, …}");
  }
  std::map<ConformanceState, int> counts;
  for (const auto& result : check_conformance(command, object, context)) {
    ++counts[result.state];
    out << word_of(result.state) << "  " << result.name;
    if (!result.detail.empty()) out << ": " << result.detail;
    out << '\n';
  }
  out << counts[ConformanceState::kPass] << " passed, " << counts[ConformanceState::kFail]
      << " failed, " << counts[ConformanceState::kNotApplicable] << " not applicable\n";
  return counts[ConformanceState::kFail] == 0;
}

}  // namespace pingjia::adapters
