#include "harness/money/hardware_catalog.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

json offer(const std::string& tier, const std::string& usd, const std::string& date = "") {
  json object{{"tier", tier}, {"usd_per_hour", usd}, {"source", "s"}};
  if (!date.empty()) object["date"] = date;
  return object;
}

json machine(const json& more) {
  json object{{"name", "X100 SXM"}, {"kind", "gpu"}, {"aliases", {"X100"}}};
  object.merge_patch(more);
  return object;
}

HardwareCatalog catalog(const json& machines) {
  return hardware_catalog_from_json(
      {{"schema_version", 1},
       {"sources", {{{"key", "s"}, {"title", "a source"}, {"date", "2026-05"}}}},
       {"machines", machines}},
      "file");
}

HardwareCatalog catalog_of(const json& more) {
  return catalog(json::array({machine(more)}));
}

std::string problem(const json& more) {
  try {
    catalog_of(more);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

HardwareCatalog shipped() {
  return load_hardware_catalog(PINGJIA_SOURCE_DIR "/kernels/catalog/gpus.json");
}

TEST(HardwareCatalog, FindsByNameHoweverItIsWritten) {
  const HardwareCatalog known = shipped();
  for (const char* name : {"H100 SXM", "h100-sxm", "NVIDIA H100 80GB HBM3", "H100_SXM5", "h100"}) {
    ASSERT_NE(known.search(name), nullptr) << name;
    EXPECT_EQ(known.search(name)->name, "H100 SXM") << name;
  }
  EXPECT_EQ(known.search("NVIDIA GeForce RTX 4090")->name, "RTX 4090");
  EXPECT_EQ(known.search("AMD Instinct MI300X")->name, "MI300X");
  EXPECT_EQ(known.search("GTX 1"), nullptr);
  EXPECT_EQ(known.search(""), nullptr);
}

TEST(HardwareCatalog, NamesTheNearestInOneLine) {
  try {
    shipped().find("RTX 4990", "run.json: gpu");
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.rfind("run.json: gpu: 'RTX 4990' is not in the hardware catalogue", 0), 0)
        << what;
    EXPECT_NE(what.find("did you mean 'RTX 4090'?"), std::string::npos) << what;
    EXPECT_EQ(what.find('\n'), std::string::npos);
  }
}

TEST(HardwareCatalog, MakesABandOfAllOffersOfATier) {
  const HardwareCatalog known = catalog_of({{"rents",
                                             {offer("on_demand", "3"),
                                              offer("on_demand", "1", "2025-02"),
                                              offer("spot", "0.5"),
                                              {{"tier", "on_demand"},
                                               {"min", "1.5"},
                                               {"median", "2"},
                                               {"max", "9"},
                                               {"n", 5},
                                               {"date", "2026-05"},
                                               {"source", "s"}}}}});
  const auto band = known.types()[0].rent("on_demand");
  ASSERT_TRUE(band);
  EXPECT_EQ(band->low, parse_usd("1", "t"));
  EXPECT_EQ(band->median, parse_usd("2", "t"));
  EXPECT_EQ(band->high, parse_usd("9", "t"));
  EXPECT_EQ(band->n, 7);
  EXPECT_EQ(band->date, "2025-02 to 2026-05 and undated");
  EXPECT_EQ(band->source, "s");
  EXPECT_FALSE(known.types()[0].rent("commit_1y"));
  EXPECT_EQ(known.types()[0].usual_tier(), "on_demand");
}

TEST(HardwareCatalog, TheMedianOfAnEvenNumberIsTheMiddle) {
  const auto band =
      catalog_of({{"rents", {offer("a", "1"), offer("a", "4")}}}).types()[0].rent("a");
  EXPECT_EQ(band->median, parse_usd("2.5", "t"));
  EXPECT_EQ(band->date, "undated");
}

TEST(HardwareCatalog, RefusesWhatIsWrongInOneLine) {
  EXPECT_NE(problem({{"memory_gbs", 1}}).find("did you mean 'memory_gb'"), std::string::npos);
  EXPECT_NE(
      problem({{"tdp_w", {{"value", 1}, {"source", "t"}}}}).find("not among the file's sources"),
      std::string::npos);
  EXPECT_NE(problem({{"tdp_w", {{"value", -1}, {"source", "s"}}}}), "none");
  EXPECT_NE(problem({{"kind", "gpus"}}).find("did you mean 'gpu'"), std::string::npos);
  EXPECT_NE(problem({{"rents", {offer("a", "-1")}}}).find("negative"), std::string::npos);
  EXPECT_NE(problem({{"rents", {offer("a", "1", "May")}}}), "none");
  EXPECT_NE(problem({{"rents",
                      {{{"tier", "a"},
                        {"min", "3"},
                        {"median", "2"},
                        {"max", "4"},
                        {"n", 2},
                        {"source", "s"}}}}})
                .find("between min and max"),
            std::string::npos);
  EXPECT_THROW(catalog({machine({}), machine({{"name", "x100"}})}), Error);
}

TEST(HardwareCatalog, AUsersOwnMachineTakesThePlace) {
  HardwareCatalog known = shipped();
  const std::size_t before = known.types().size();
  known.add(catalog({machine({{"name", "H100 SXM"}, {"rents", {offer("on_demand", "0.01")}}}),
                     machine({{"name", "Y1"}, {"aliases", json::array()}})}));
  EXPECT_EQ(known.types().size(), before + 1);
  EXPECT_EQ(known.find("H100 SXM", "t").rent("on_demand")->n, 1);
  EXPECT_NE(known.search("y1"), nullptr);
}

TEST(HardwareCatalog, TheShippedOneIsWhole) {
  const HardwareCatalog known = shipped();
  for (const char* name : {"A100 40GB PCIe",
                           "A100 80GB SXM",
                           "H100 PCIe",
                           "H100 NVL",
                           "H100 SXM",
                           "H800 SXM",
                           "H20",
                           "H200 SXM",
                           "B200 SXM",
                           "B300 SXM",
                           "L4",
                           "L40S",
                           "A10G",
                           "RTX 3090",
                           "RTX 4090",
                           "RTX 5090",
                           "RTX 6000 Ada",
                           "RTX PRO 6000 Blackwell",
                           "MI300X",
                           "M2 Ultra",
                           "M3 Max"}) {
    const HardwareType& type = known.find(name, "t");
    EXPECT_TRUE(type.memory_gb) << name;
    EXPECT_TRUE(type.bandwidth_gb_s) << name;
  }
  std::set<std::string> used;
  for (const auto& type : known.types()) {
    for (const auto& offer : type.rents) used.insert(offer.source);
    for (const auto& offer : type.purchases) used.insert(offer.source);
    for (const auto& peak : type.peaks) {
      used.insert(peak.source);
      // Half-precision marketing figures are twice the dense ones; none is above these.
      const bool half = peak.type == "bf16" || peak.type == "fp16";
      EXPECT_LE(half ? peak.tflops : 0, 2250) << type.name;
      EXPECT_LT(peak.measured ? peak.measured->value : 0, 1.1 * peak.tflops) << type.name;
    }
  }
  EXPECT_GE(used.size(), 10);
}

// Golden vector G2: InferenceX's dollars an hour, owned and rented, and its all-in kW.
TEST(HardwareCatalog, G2InferenceXRates) {
  struct Row {
    const char* name;
    const char* hyperscale;
    const char* neocloud;
    const char* contract;
    double kw;
  };
  const HardwareCatalog known = shipped();
  for (const Row& row : {Row{"H100 SXM", "1.30", "1.69", "1.30", 1.73},
                         {"H200 SXM", "1.41", "1.74", "1.60", 1.73},
                         {"B200 SXM", "1.95", "2.34", "2.90", 2.17},
                         {"GB200", "2.21", "2.75", "3.30", 2.10},
                         {"MI300X", "1.12", "1.40", "1.55", 1.79},
                         {"MI325X", "1.28", "1.59", "1.80", 2.18},
                         {"MI355X", "1.48", "1.90", "2.10", 2.65}}) {
    const HardwareType& type = known.find(row.name, "t");
    EXPECT_EQ(type.rent("own_hyperscale_4y")->median, parse_usd(row.hyperscale, "t")) << row.name;
    EXPECT_EQ(type.rent("own_neocloud_4y")->median, parse_usd(row.neocloud, "t")) << row.name;
    EXPECT_EQ(type.rent("contract_3y")->median, parse_usd(row.contract, "t")) << row.name;
    EXPECT_EQ(type.provisioned_kw->value, row.kw) << row.name;
  }
}

TEST(HardwareCatalog, IsReadBackFromItsOwnJson) {
  const HardwareCatalog known = shipped();
  for (const auto& type : known.types()) {
    json sources = json::array();
    for (const auto& source : known.sources()) {
      sources.push_back({{"key", source.key}, {"title", source.title}});
    }
    const HardwareCatalog again = hardware_catalog_from_json(
        {{"schema_version", 1}, {"sources", sources}, {"machines", {to_json(type)}}}, type.name);
    EXPECT_EQ(to_json(again.types()[0]), to_json(type));
  }
}

}  // namespace
}  // namespace pingjia::harness
