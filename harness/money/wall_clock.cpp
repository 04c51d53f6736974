#include "harness/money/wall_clock.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::harness {

nlohmann::json to_json(const WallClocks& clocks) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [session, clock] : clocks) {
    list.push_back(
        {{"session", session}, {"utc", instant_text(clock.utc)}, {"clock_ns", clock.clock}});
  }
  return list;
}

WallClocks wall_clocks_from_json(const nlohmann::json& clocks, const std::string& where) {
  WallClocks read;
  if (clocks.is_null()) return read;
  if (!clocks.is_array()) throw Error(where, "is no list", "restore run.json from a copy");
  constexpr int kMostSessions = 1'000'000;
  for (const auto& one : clocks) {
    Fields fields(one, where);
    const auto session = static_cast<int>(fields.integer("session", 0, kMostSessions));
    read[session] = {parse_instant(fields.text("utc"), fields.where("utc")),
                     fields.integer("clock_ns")};
    fields.done();
  }
  return read;
}

}  // namespace pingjia::harness
