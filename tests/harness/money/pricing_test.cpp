#include "harness/money/pricing.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

const json kPrice{
    {"input", "0.10"}, {"output", "0.40"}, {"source", "list"}, {"date", "2026-11-25"}};
const json kHardware{
    {"name", "2-core VM"}, {"usd_per_hour", "0.08"}, {"cores", 2}, {"source", "provider's page"}};

PriceBook book() {
  json row = kPrice;
  row["provider"] = "p";
  row["model"] = "m";
  return price_book_from_json({{"schema_version", 1}, {"rows", {row}}}, "book");
}

TEST(PricingOfSystem, TakesThePriceThenTheMachineThenTheBook) {
  const PriceQuery query{"p", "m", {}};
  const auto of = [&](const json& system) {
    return pricing_of_system(system, book(), query, "systems[0]");
  };
  EXPECT_EQ(price_basis(of({{"price", kPrice}, {"hardware", kHardware}})), "api");
  EXPECT_EQ(price_basis(of({{"hardware", kHardware}})), "machine");
  EXPECT_EQ(price_basis(of(json::object())), "api");
}

TEST(PricingOfSystem, IsUnknownWhereNobodySaid) {
  const PriceBook empty;
  const Pricing unlisted = pricing_of_system(json::object(), empty, {"p", "m", {}}, "s");
  EXPECT_EQ(pricing_text(unlisted), "no price of p 'm' in the price book");
  const Pricing local = pricing_of_system(json::object(), book(), {}, "s");
  EXPECT_EQ(price_basis(local), "unknown");
  json no_rate = kHardware;
  no_rate.erase("usd_per_hour");
  EXPECT_EQ(price_basis(pricing_of_system({{"hardware", no_rate}}, book(), {"p", "m", {}}, "s")),
            "unknown");
}

TEST(PricingText, NamesRateSourceAndDate) {
  EXPECT_EQ(pricing_text(MachinePricing{hardware_from_json(kHardware, "h")}),
            "2-core VM at $0.08/h, provider's page");
  EXPECT_EQ(pricing_text(ApiPricing{price_row_from_json(kPrice, "p")}),
            "$0.1/$0.4 per Mtok in/out, list, 2026-11-25");
}

TEST(Pricing, SurvivesJson) {
  const std::vector<Pricing> all{ApiPricing{price_row_from_json(kPrice, "p")},
                                 MachinePricing{hardware_from_json(kHardware, "h")},
                                 UnknownPricing{"nobody said"}};
  for (const auto& pricing : all) {
    const Pricing again = pricing_from_json(to_json(pricing), "run.json");
    EXPECT_EQ(price_basis(again), price_basis(pricing));
    EXPECT_EQ(pricing_text(again), pricing_text(pricing));
  }
}

TEST(Hardware, RefusesWhatItDoesNotKnow) {
  const auto refused = [](const char* key, const json& value) {
    json bad = kHardware;
    bad[key] = value;
    EXPECT_THROW(hardware_from_json(bad, "h"), Error) << key;
  };
  refused("usd_per_hr", "1");
  refused("usd_per_hour", "-1");
  refused("cores", -2);
  refused("gpus", 1.5);
  refused("date", "soon");
  EXPECT_THROW(hardware_from_json({{"usd_per_hour", "1"}}, "h"), Error);
}

}  // namespace
}  // namespace pingjia::harness
