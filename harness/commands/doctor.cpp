#include "harness/commands/doctor.h"

#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/environment.h"
#include "harness/base/error.h"
#include "harness/commands/campaign.h"
#include "harness/money/price_book.h"

namespace pingjia::harness {

const CommandUsage kDoctorUsage{
    "doctor",
    "",
    0,
    0,
    "Says what this machine has and lacks. With --run, opens each system of a run file, sends\n"
    "nothing, and says whether it is ready. With --adapter, checks a program against the process\n"
    "protocol ('pingjia help adapters'). Exits 1 when a check failed.",
    {{"adapter", "COMMAND", "a program that speaks the process protocol"},
     {"options", "JSON", "with --adapter: its load options"},
     {"run", "FILE", "a run file"}}};

namespace {

using nlohmann::json;

class Checkup {
 public:
  explicit Checkup(std::ostream& out) : out_(out) {}

  void good(const std::string& what) { out_ << "ok    " << what << "\n"; }
  void note(const std::string& what) { out_ << "note  " << what << "\n"; }
  void bad(const std::string& what) {
    out_ << "BAD   " << what << "\n";
    failed_ = true;
  }
  int exit_code() const { return failed_ ? kCheckFailed : kDone; }

 private:
  std::ostream& out_;
  bool failed_ = false;
};

void check_programs(const World& world, Checkup& checkup) {
  for (const auto program : world.engine_programs) {
    const auto path = world.programs / program;
    if (access(path.c_str(), X_OK) == 0) {
      checkup.good(std::string(program) + " is built");
    } else {
      checkup.note(std::string(program) +
                   " is not beside this program: configure the build with its local engines");
    }
  }
}

void check_keys(const World& world, Checkup& checkup) {
  std::string there;
  for (const auto name : world.key_variables) {
    if (world.environment(std::string(name))) there += " " + std::string(name);
  }
  checkup.note(there.empty() ? "no API key is set; local systems need none"
                             : "API keys are set in:" + there);
}

void check_suites(const World& world, Checkup& checkup) {
  const auto names = list_suites(world.suite_folders);
  if (names.empty()) {
    checkup.bad("no suites found: run from the project's folder, or set PINGJIA_SUITES");
    return;
  }
  for (const auto& name : names) {
    try {
      load_suite(name, world.suite_folders);
      checkup.good("suite " + name);
    } catch (const Error& error) {
      checkup.note("suite " + name + ": " + error.what());
    }
  }
}

void check_machine(Checkup& checkup) {
  const json machine = describe_environment();
  const json& cores = machine.at("cores");
  checkup.good(machine.at("cpu").get<std::string>() + ", " +
               (cores.is_null() ? "an unknown number of" : cores.dump()) + " cores, GPUs " +
               machine.at("gpus").dump());
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const std::string limit = "at most " + std::to_string(files.rlim_cur) + " open files";
  if (files.rlim_cur < 4096)
    checkup.note(limit + ": raise 'ulimit -n' for many connections");
  else
    checkup.good(limit);
  if (const auto& load = machine.at("load_1min"); load.is_number() && load.get<double>() > 0.5) {
    checkup.note("load " + load.dump() + ": other work competes for this machine, timings suffer");
  }
}

void check_systems(World& world, const std::string& file, Checkup& checkup) {
  const Campaign campaign = prepare(world, load_run_spec(file), file);
  for (std::size_t i = 0; i < campaign.spec.systems.size(); ++i) {
    const auto& system = campaign.spec.systems[i];
    const auto adapter =
        make_adapter(world, campaign.spec, system, std::filesystem::temp_directory_path());
    try {
      const Facts facts = adapter->open(1);
      checkup.good(system.name + ": " + facts.engine + " " + facts.engine_version + ", model " +
                   facts.model + ", on " + facts.device + "; " + pricing_text(campaign.pricing[i]));
    } catch (const Error& error) {
      checkup.bad(system.name + ": " + error.what());
    }
    adapter->close();
  }
}

}  // namespace

int doctor(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kDoctorUsage, raw);
  if (const auto command = arguments.value("adapter")) {
    const AdapterContext context{world.loop,     world.environment,
                                 "--adapter",    std::filesystem::current_path(),
                                 world.programs, std::filesystem::temp_directory_path(),
                                 "doctor"};
    const bool good = world.check_adapter(*command, arguments.value("options").value_or("{}"),
                                          context, world.out);
    return good ? kDone : kCheckFailed;
  }
  Checkup checkup(world.out);
  if (const auto file = arguments.value("run")) {
    check_systems(world, *file, checkup);
    return checkup.exit_code();
  }
  check_machine(checkup);
  check_programs(world, checkup);
  check_keys(world, checkup);
  check_suites(world, checkup);
  checkup.good(std::to_string(price_catalog(world).rows().size()) + " price rows");
  return checkup.exit_code();
}

}  // namespace pingjia::harness
