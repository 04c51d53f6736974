#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>

#include "harness/commands/campaign.h"
#include "harness/commands/run_directory.h"
#include "harness/drive/plan.h"
#include "harness/money/picodollars.h"
#include "harness/money/wall_clock.h"

namespace pingjia::harness {

/// A key without its attempt: the question, to which one answer counts. System, suite, sample,
/// repeat.
using AskedQuestion = std::tuple<std::string, std::string, std::string, int>;

/// What the sessions of a run before this one have left.
struct EarlierSessions {
  std::map<AskedQuestion, int> next_attempt;
  std::set<AskedQuestion> answered;
  Money spent;
  int session = 0;  ///< The new one's number.
  bool any = false;
};

/// Reads the run's journal; money is counted at the times that `clocks` give.
EarlierSessions read_earlier_sessions(const RunDirectory& directory, const Campaign& campaign,
                                      const WallClocks& clocks);

/// Leaves only what has no answer yet, under fresh attempt numbers.
void drop_answered(Plan& plan, const EarlierSessions& earlier);

/// An open loop goes on at once with its first request that is left.
void start_at_once(Plan& plan);

}  // namespace pingjia::harness
