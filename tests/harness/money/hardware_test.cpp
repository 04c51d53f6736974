#include "harness/money/hardware.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

HardwareCatalog shipped() {
  return load_hardware_catalog(PINGJIA_SOURCE_DIR "/kernels/catalog/gpus.json");
}

Hardware resolved(const json& object) {
  return resolve(hardware_from_json(object, "h"), shipped(), "h");
}

std::string problem(const json& object) {
  try {
    resolved(object);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

const json kOwned{{"purchase_usd", "1599"},
                  {"host_share_usd", "800"},
                  {"residual_usd", "600"},
                  {"interest", 0.08},
                  {"years", 3},
                  {"active_w", 600},
                  {"idle_w", 80},
                  {"pue", 1},
                  {"electricity_usd_per_kwh", "0.17"}};

TEST(Hardware, TakesItsRateFromTheBandOfATier) {
  const Hardware machine = resolved({{"gpu", "h100 sxm"}, {"gpus", 2}, {"tier", "marketplace"}});
  EXPECT_EQ(machine.name, "2x h100 sxm");
  EXPECT_EQ(*machine.usd_per_hour, parse_usd("3.74", "t"));
  EXPECT_EQ(*machine.usd_per_hour_low, parse_usd("3.73", "t"));
  EXPECT_EQ(*machine.usd_per_hour_high, parse_usd("4.265", "t"));
  EXPECT_EQ(machine.offers, 5);
  EXPECT_EQ(machine.source,
            "marketplace rent of H100 SXM, median of 5 offers ($1.865 to $2.1325 each), Vast by "
            "skypilot-catalog v8/vast/vms.csv @01b8cdda, undated");
  // One card, on demand, where neither is said.
  const Hardware usual = resolved({{"gpu", "L4"}});
  EXPECT_EQ(usual.gpus, 1);
  EXPECT_EQ(*usual.usd_per_hour, parse_usd("0.43", "t"));
}

TEST(Hardware, TheUsersOwnRateStands) {
  const Hardware machine = resolved({{"gpu", "L4"}, {"usd_per_hour", "0.30"}, {"source", "bill"}});
  EXPECT_EQ(*machine.usd_per_hour, parse_usd("0.30", "t"));
  EXPECT_EQ(machine.source, "bill");
  EXPECT_FALSE(machine.usd_per_hour_low);
}

TEST(Hardware, AnOwnedCardCostsWhatTheModelSays) {
  const Hardware machine = resolved({{"name", "desk"}, {"gpus", 1}, {"owned", kOwned}});
  EXPECT_NEAR(machine.usd_per_hour->usd(), 0.18717, 5e-6);
  EXPECT_EQ(machine.source,
            "owned-card model: ($0.085168069837 capital + $0.102 energy + $0 operations)/h over "
            "utilisation 1; assumed utilisation 1");
  const Hardware two = resolved({{"name", "desk"}, {"gpus", 2}, {"owned", kOwned}});
  EXPECT_EQ(two.usd_per_hour->picodollars(), 2 * machine.usd_per_hour->picodollars());
}

TEST(Hardware, NamesWhatItAssumed) {
  const Hardware machine =
      resolved({{"gpu", "RTX 4090"}, {"owned", {{"electricity_usd_per_kwh", "0.17"}}}});
  EXPECT_NE(machine.source.find("assumed purchase $1417 (street, 2025-03), host share $0"),
            std::string::npos)
      << machine.source;
  EXPECT_NE(machine.source.find("active 450 W (TDP of the card alone)"), std::string::npos);
}

TEST(Hardware, ResolvingTwiceChangesNothing) {
  for (const json& object :
       {json{{"gpu", "H200 SXM"}, {"gpus", 8}}, json{{"name", "desk"}, {"owned", kOwned}},
        json{{"name", "box"}, {"usd_per_hour", "1"}}}) {
    const Hardware once = resolved(object);
    const json kept = to_json(once);
    EXPECT_EQ(to_json(resolved(kept)), kept);
  }
}

TEST(Hardware, RefusesWhatItCannotPrice) {
  EXPECT_NE(problem({{"gpu", "H1O0"}}).find("not in the hardware catalogue"), std::string::npos);
  EXPECT_NE(problem({{"gpu", "L4"}, {"tier", "on_deman"}}).find("did you mean 'on_demand'"),
            std::string::npos);
  EXPECT_NE(problem({{"gpu", "L4"}, {"teir", "on_demand"}}).find("did you mean 'tier'"),
            std::string::npos);
  EXPECT_NE(problem({{"gpu", "x86-64 VM 2 cores"}}).find("is a processor"), std::string::npos);
  EXPECT_NE(problem({{"name", "b"}, {"owned", {{"purchase_usd", "1"}}}}).find("active_w"),
            std::string::npos);
  EXPECT_NE(problem({{"name", "b"}, {"owned", {{"active_w", 1}}}}).find("purchase_usd"),
            std::string::npos);
  json owned = kOwned;
  owned["electricty_usd_per_kwh"] = "1";
  EXPECT_NE(problem({{"name", "b"}, {"owned", owned}}).find("did you mean"), std::string::npos);
  owned = kOwned;
  owned["residual_usd"] = "9999";
  EXPECT_NE(problem({{"name", "b"}, {"owned", owned}}).find("above what was paid"),
            std::string::npos);
  owned = kOwned;
  owned["utilisation"] = 0.5;
  owned.erase("idle_w");
  EXPECT_NE(problem({{"name", "b"}, {"owned", owned}}).find("idle_w"), std::string::npos);
  EXPECT_NE(problem({{"name", "b"}, {"owned", kOwned}, {"tier", "spot"}}).find("owned"),
            std::string::npos);
}

TEST(Hardware, ACardWithoutRentsHasHoursAndNoMoney) {
  const Hardware machine = resolved({{"gpu", "H20"}});
  EXPECT_FALSE(machine.usd_per_hour);
  EXPECT_EQ(machine.gpus, 1);
}

}  // namespace
}  // namespace pingjia::harness
