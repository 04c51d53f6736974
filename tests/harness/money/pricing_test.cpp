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

SystemSpec system_of(const std::string& price, const std::string& hardware) {
  SystemSpec system;
  system.price = price;
  system.hardware = hardware;
  return system;
}

TEST(PricingOfSystem, TakesThePriceThenTheMachineThenTheBook) {
  const PriceQuery query{"p", "m"};
  const auto of = [&](const SystemSpec& system) {
    return price_basis(pricing_of_system(system, book(), query, {}, "systems[0]"));
  };
  EXPECT_EQ(of(system_of(kPrice.dump(), kHardware.dump())), "api");
  EXPECT_EQ(of(system_of("", kHardware.dump())), "machine");
  EXPECT_EQ(of(system_of("", "")), "api");
}

TEST(PricingOfSystem, IsUnknownWhereNobodySaid) {
  const PriceBook empty;
  const SystemSpec bare = system_of("", "");
  EXPECT_EQ(pricing_text(pricing_of_system(bare, empty, {"p", "m"}, {}, "s")),
            "no price of p 'm' in the price book");
  EXPECT_EQ(price_basis(pricing_of_system(bare, book(), {}, {}, "s")), "unknown");
  json no_rate = kHardware;
  no_rate.erase("usd_per_hour");
  const SystemSpec local = system_of("", no_rate.dump());
  EXPECT_EQ(price_basis(pricing_of_system(local, book(), {"p", "m"}, {}, "s")), "unknown");
  EXPECT_EQ(hardware_of_system(local, "s")->cores, 2);
  EXPECT_FALSE(hardware_of_system(bare, "s"));
}

TEST(PricingOfSystem, NamesThePlaceOfABadObject) {
  try {
    pricing_of_system(system_of(R"({"inptu": "1"})", ""), book(), {}, {}, "run.json: systems[2]");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("systems[2].price"), std::string::npos);
  }
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

// run.json of pingjia 0.1 keeps one row.
TEST(Pricing, ReadsWhatOlderRunsKept) {
  json old{{"basis", "api"}, {"price", kPrice}};
  old["price"]["currency"] = "USD";
  old["price"]["provider"] = "openai";
  old["price"]["model"] = "gpt-4o";
  const Pricing read = pricing_from_json(old, "run.json");
  EXPECT_EQ(pricing_text(read), "$0.1/$0.4 per Mtok in/out, list, 2026-11-25");
}

TEST(Pricing, KeepsWhenItIsValuedAsOf) {
  ApiPricing api(price_row_from_json(kPrice, "p"));
  api.at = parse_instant("2026-11-25T12:00:00Z", "t");
  api.as_of = true;
  const auto again = std::get<ApiPricing>(pricing_from_json(to_json(Pricing(api)), "run.json"));
  EXPECT_TRUE(again.as_of);
  EXPECT_EQ(again.at, api.at);
  EXPECT_EQ(pricing_text(again),
            "$0.1/$0.4 per Mtok in/out, list, 2026-11-25, valued as of 2026-11-25T12:00:00Z");
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
