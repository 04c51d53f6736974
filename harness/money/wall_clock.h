#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "harness/base/loop.h"
#include "harness/money/instant.h"

namespace pingjia::harness {

/// One reading of both clocks: records keep monotonic stamps, prices hang on the time of day.
struct WallClock {
  UnixSeconds utc = 0;
  Nanos clock = 0;

  /// The time of day at a stamp of the same session; the whole second before it.
  UnixSeconds at(Nanos stamp) const {
    const Nanos past = stamp - clock;
    return utc + (past >= 0 ? past / kSecond : -((kSecond - 1 - past) / kSecond));
  }
};

/// By session. run.json keeps them as "clocks": [{"session", "utc", "clock_ns"}, …].
using WallClocks = std::map<int, WallClock>;

nlohmann::json to_json(const WallClocks& clocks);
/// Throws Error naming `where`. Null, of an older run: no clock is known.
WallClocks wall_clocks_from_json(const nlohmann::json& clocks, const std::string& where);

}  // namespace pingjia::harness
