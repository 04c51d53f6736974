#include "harness/commands/campaign.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/json_file.h"
#include "harness/base/version.h"
#include "harness/record/record.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// A relative data folder starts at the run file; the environment's comes after it.
std::vector<std::filesystem::path> suite_folders(const World& world, const RunSpec& spec) {
  std::vector<std::filesystem::path> folders{spec.base};
  folders.insert(folders.end(), world.suite_folders.begin(), world.suite_folders.end());
  if (!spec.data.empty()) folders.push_back(spec.base / spec.data);
  if (const auto data = world.environment("PINGJIA_DATA")) folders.emplace_back(*data);
  return folders;
}

bool names_system(const SuiteSpec& suite, const std::string& system) {
  return suite.systems.empty() ||
         std::find(suite.systems.begin(), suite.systems.end(), system) != suite.systems.end();
}

// A file starts at the run file, as every relative path in it does; else it is a name.
std::string suite_reference(const RunSpec& spec, const std::string& suite) {
  const bool is_file = suite.find('/') != std::string::npos || suite.ends_with(".json");
  return is_file && suite[0] != '/' ? (spec.base / suite).string() : suite;
}

CampaignSuite find_suite(const World& world, const RunSpec& spec, const SuiteSpec& wanted,
                         const std::string& where) {
  CampaignSuite found;
  found.spec = wanted;
  found.suite = load_suite(suite_reference(spec, wanted.suite), suite_folders(world, spec));
  found.protocol = find_protocol(found.suite, wanted.protocol, where);
  found.key = suite_key(found.suite, found.protocol);
  found.spec.repeats = wanted.repeats.value_or(found.protocol.repeats);
  const bool needs_pool = found.protocol.pool.count > 0 && found.suite.shot_pool.empty();
  const bool needs_preambles = found.protocol.preamble.find("{preamble}") != std::string::npos &&
                               found.suite.preambles.empty();
  if (needs_pool || needs_preambles) {
    throw Error("suite " + found.key, "its shots are not here: " + found.suite.shot_pool_problem,
                "fetch them, or use a protocol without shots");
  }
  if (!found.protocol.scorer.empty()) {
    const std::string place = "suite " + found.key;
    const auto& row = find_row(world.scorers, "scorer", found.protocol.scorer, place);
    row.make(json::parse(found.protocol.scorer_options), place + ": scorer_options");
  }
  return found;
}

// The run's folder keeps one file a suite, and one answer a question.
void check_suites(const Campaign& campaign, const std::string& where) {
  std::set<std::string> keys;
  std::map<std::string, std::string> hashes;
  for (const auto& suite : campaign.suites) {
    if (!keys.insert(suite.key).second) {
      throw Error(where, "suite '" + suite.key + "' is named twice",
                  "use 'repeats', or another protocol");
    }
    const auto [known, fresh] = hashes.emplace(suite.suite.name, suite.suite.sha256);
    if (!fresh && known->second != suite.suite.sha256) {
      throw Error(where, "two different suites are called '" + suite.suite.name + "'",
                  "change \"name\" in one of the files");
    }
  }
}

// Machines that name a card get their rate here, so that run.json says what it was on that day.
void resolve_hardware(const World& world, RunSpec& spec, const std::string& where) {
  for (auto& system : spec.systems) {
    const std::string place = where + ": system '" + system.name + "'";
    const auto hardware = hardware_of_system(system, place);
    if (!hardware || (hardware->gpu.empty() && hardware->owned.empty())) continue;
    const auto resolved = resolve(*hardware, hardware_catalog(world), place + ".hardware");
    system.hardware = to_json(resolved).dump();
  }
}

json suite_manifest(const CampaignSuite& suite) {
  return {{"suite", suite.suite.name},
          {"protocol", suite.protocol.name},
          {"key", suite.key},
          {"sha256", suite.suite.sha256},
          {"samples", suite.suite.samples.size()},
          {"title", suite.suite.title},
          {"licence", suite.suite.licence},
          {"source", suite.suite.source},
          {"scorer", suite.protocol.scorer}};
}

}  // namespace

std::vector<Plan> Campaign::plans(const SystemSpec& system) const {
  std::vector<Plan> made;
  for (const auto& suite : suites) {
    if (!names_system(suite.spec, system.name)) continue;
    PlanOptions options{spec.seed,        suite.spec.limit,  suite.spec.repeats.value_or(1),
                        spec.load,        spec.timeout_s,    suite.spec.since,
                        suite.spec.until, suite.spec.exclude};
    made.push_back(make_plan(system.name, suite.suite, suite.protocol, options));
  }
  return made;
}

Campaign prepare(const World& world, RunSpec spec, const std::string& where) {
  Campaign campaign;
  campaign.spec = std::move(spec);
  for (const auto& wanted : campaign.spec.suites) {
    campaign.suites.push_back(find_suite(world, campaign.spec, wanted, where));
  }
  for (std::size_t i = 0; i < campaign.suites.size(); ++i) {
    campaign.spec.suites[i].repeats = campaign.suites[i].spec.repeats;
  }
  check_suites(campaign, where);
  resolve_hardware(world, campaign.spec, where);
  const PriceBook book = price_catalog(world);
  const UnixSeconds now = parse_instant(world.timestamp(), where);
  for (const auto& system : campaign.spec.systems) {
    campaign.pricing.push_back(find_pricing(book, system, now, where));
    // Checks the options; nothing is started before `open`.
    make_adapter(world, campaign.spec, system, "");
  }
  read_budget(campaign, where);
  return campaign;
}

void read_budget(Campaign& campaign, const std::string& where) {
  if (!campaign.spec.budget_usd) return;
  campaign.budget = parse_usd(*campaign.spec.budget_usd, where + ": budget_usd");
  for (std::size_t i = 0; i < campaign.pricing.size(); ++i) {
    const auto* unknown = std::get_if<UnknownPricing>(&campaign.pricing[i]);
    if (unknown == nullptr) continue;
    throw Error(where + ": budget_usd",
                "system '" + campaign.spec.systems[i].name +
                    "' has no price, so that nobody can say "
                    "when the budget is spent",
                "give the system a \"price\" or a \"hardware\" with a rate, or remove budget_usd");
  }
}

json manifest_of(const Campaign& campaign, const std::string& created) {
  json manifest{
      {"schema_version", kSchemaVersion}, {"pingjia", kVersion},     {"created", created},
      {"spec", to_json(campaign.spec)},   {"suites", json::array()}, {"pricing", json::object()},
      {"facts", json::object()}};
  for (const auto& suite : campaign.suites) manifest["suites"].push_back(suite_manifest(suite));
  for (std::size_t i = 0; i < campaign.spec.systems.size(); ++i) {
    manifest["pricing"][campaign.spec.systems[i].name] = to_json(campaign.pricing[i]);
  }
  return manifest;
}

std::unique_ptr<Adapter> make_adapter(const World& world, const RunSpec& spec,
                                      const SystemSpec& system, const std::filesystem::path& logs) {
  const std::string where = "system '" + system.name + "'";
  const auto& row = find_row(world.adapters, "adapter", system.adapter, where);
  const AdapterContext context{world.loop, world.environment, where, spec.base, world.programs,
                               logs,       system.name};
  return row.make(json::parse(system.options), context);
}

Pricing find_pricing(const PriceBook& book, const SystemSpec& system, UnixSeconds at,
                     const std::string& where) {
  const std::string place = where + ": system '" + system.name + "'";
  const json options = json::parse(system.options);
  const auto text = [&options](const char* key) {
    const auto found = options.find(key);
    return found != options.end() && found->is_string() ? found->get<std::string>() : "";
  };
  // A model's name alone is no price: a server of one's own may serve it under the same name.
  const bool named = !text("provider").empty();
  return pricing_of_system(system, named ? book : PriceBook(), {text("provider"), text("model")},
                           at, place);
}

PriceBook price_catalog(const World& world) {
  return price_book_from_json(parse_json(world.price_catalog, "the shipped price book"),
                              "the shipped price book");
}

HardwareCatalog hardware_catalog(const World& world, const std::optional<std::string>& file) {
  const std::string where = "the shipped hardware catalogue";
  HardwareCatalog catalog =
      hardware_catalog_from_json(parse_json(world.hardware_catalog, where), where);
  if (const auto own = world.environment("PINGJIA_HARDWARE")) {
    catalog.add(load_hardware_catalog(*own));
  }
  if (file) catalog.add(load_hardware_catalog(*file));
  return catalog;
}

}  // namespace pingjia::harness
