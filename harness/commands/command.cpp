#include "harness/commands/command.h"

#include <array>
#include <exception>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/version.h"
#include "harness/commands/compare_runs.h"
#include "harness/commands/cost.h"
#include "harness/commands/decode.h"
#include "harness/commands/doctor.h"
#include "harness/commands/fetch.h"
#include "harness/commands/grade.h"
#include "harness/commands/hardware.h"
#include "harness/commands/help.h"
#include "harness/commands/later_stages.h"
#include "harness/commands/list.h"
#include "harness/commands/parity.h"
#include "harness/commands/price_again.h"
#include "harness/commands/prices.h"
#include "harness/commands/run.h"
#include "harness/commands/show.h"

namespace pingjia::harness {

namespace {

constexpr std::array<Row<RunCommand>, 16> kCommands{{
    {"run", "the main job: a run file in, a run's folder and report out", run},
    {"score", "mark a run's answers again", score},
    {"price", "value a run again, at another time, by other prices, on another GPU", price},
    {"prices", "the price book: show, import, check, cost of usage", prices},
    {"report", "one report of one or more runs", report},
    {"compare", "paired differences between two systems", compare_runs},
    {"parity", "which systems are not worse than a reference, at what fraction of its cost",
     parity},
    {"cost", "calculators: API against own GPUs, and what training costs", cost},
    {"show", "one sample whole", show},
    {"list", "suites, adapters, scorers, output formats", list},
    {"hardware", "cards and what an hour of them costs; this machine", hardware},
    {"fetch", "the published data of suites, checked, into a data folder", fetch},
    {"grade", "JSON lines {id, gold, answer} in, {id, verdict, extracted} out", grade},
    {"decode", "a recorded reply body in, one JSON completion out", decode},
    {"doctor", "what is wrong with this machine, key, server, adapter", doctor},
    {"help", "the manual", help},
}};

}  // namespace

Table<RunCommand> commands() {
  return kCommands;
}

int run_command_line(World& world, std::span<const std::string> arguments) {
  try {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
      return help(world, {});
    }
    if (arguments[0] == "--version") {
      world.out << "pingjia " << kVersion << "\n";
      return kDone;
    }
    const auto& row = find_row(commands(), "command", arguments[0], "pingjia");
    for (const auto& argument : arguments.subspan(1)) {
      if (argument == "--help" || argument == "-h") return help(world, arguments.first(1));
    }
    const int code = row.make(world, arguments.subspan(1));
    world.out.flush();
    if (!world.out) throw Error("standard output", "cannot be written", "free some space");
    return code;
  } catch (const Error& error) {
    world.err << "pingjia: " << error.what() << "\n";
    return kBadInput;
  } catch (const std::exception& error) {
    // A broken file can still surprise a reader; it must not end in a stack trace.
    world.err << "pingjia: " << error.what() << "; check the input\n";
    return kBadInput;
  }
}

}  // namespace pingjia::harness
