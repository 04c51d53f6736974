#include "harness/commands/price_again.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/commands/campaign.h"
#include "harness/commands/price_books.h"
#include "harness/commands/stages.h"
#include "harness/money/hardware_catalog.h"

namespace pingjia::harness {

const CommandUsage kPriceUsage{
    "price",
    "DIR",
    1,
    1,
    "Values a run again, without calling a model, and prints both: as run, and as of now or TIME.\n"
    "By default every request is valued at the time it was sent, by today's price book, which "
    "does\n"
    "not change the past: only what has been corrected since differs. With --at every request is\n"
    "valued as if it had been sent then. Prices and hardware of the run file itself stay. Then "
    "makes\n"
    "the run's summary and report again; without options they go back to the run's own times.",
    {{"at", "TIME", "2026-11-25, 2026-11-25T16:00:00Z, or 'today'"},
     {"book", "FILE", "a price file, instead of the shipped one; again: a book over it"},
     {"gpu", "NAME", "value machines as if the same seconds had been spent on this one"},
     {"rate", "X", "its price, USD an hour; without it the median of the card's usual rent"},
     {"json", "", "as JSON"}}};

namespace {

using nlohmann::json;

// What the options say.
struct Valuation {
  PriceBook book;
  UnixSeconds at = 0;
  bool as_of = false;
  std::optional<Hardware> gpu;
};

// A card of the catalogue, at --rate or else at the median of its usual rent.
std::optional<Hardware> gpu_of(const World& world, const Arguments& arguments) {
  const auto name = arguments.value("gpu");
  const auto rate = arguments.value("rate");
  if (!name && !rate) return std::nullopt;
  if (!name) throw Error("pingjia price", "--rate is of a GPU", "add --gpu NAME");
  const HardwareCatalog catalog = hardware_catalog(world);
  Hardware gpu;
  gpu.gpu = catalog.find(*name, "--gpu").name;
  gpu.name = gpu.gpu;
  gpu.gpus = 1;
  if (rate) {
    gpu.usd_per_hour = parse_usd(*rate, "--rate");
    gpu.source = "--rate";
  } else {
    gpu = resolve(gpu, catalog, "--gpu");
  }
  if (!gpu.usd_per_hour) {
    throw Error("--gpu", "no rent of " + gpu.gpu + " is known", "add --rate X, USD an hour");
  }
  gpu.source += ", as if the same seconds had been spent on it";
  return gpu;
}

// A provider's machine is not ours to exchange, also where nobody knows its price.
bool is_remote(const SystemSpec& system) {
  const json options = json::parse(system.options);
  return system.hardware.empty() && (options.contains("provider") || options.contains("base_url"));
}

Pricing value_again(const Valuation& valuation, const SystemSpec& system,
                    const std::string& where) {
  Pricing pricing = find_pricing(valuation.book, system, valuation.at, where);
  auto* api = std::get_if<ApiPricing>(&pricing);
  if (api != nullptr) {
    api->at = valuation.at;
    api->as_of = valuation.as_of;
  } else if (valuation.gpu && !is_remote(system)) {
    return MachinePricing{*valuation.gpu};
  }
  return pricing;
}

// The run's figures under the pricing that `manifest` names, without writing anything.
Summary summary_of(const RunDirectory& directory, const StoredRun& run, const json& pricing) {
  StoredRun valued = run;
  for (auto& system : valued.systems) {
    system.pricing = pricing_from_json(pricing.at(system.name), directory.manifest().string());
  }
  return summarize(summary_input(valued));
}

json metric_json(const SummaryRow& row, const std::string& tag) {
  const Metric* metric = find_metric(row, tag);
  if (metric == nullptr) return nullptr;
  json object{{"maker", metric->maker}};
  object["value"] = metric->value ? json(*metric->value) : json(nullptr);
  if (metric->low) object["low"] = *metric->low;
  if (metric->high) object["high"] = *metric->high;
  return object;
}

json value_json(const SummaryRow& row) {
  return {{"cost", metric_json(row, "cost")},
          {"usd_per_correct", metric_json(row, "usd_per_correct")},
          {"usd_per_mtok_blended", metric_json(row, "usd_per_mtok_blended")}};
}

std::string money_text(const SummaryRow& row, const std::string& tag) {
  const Metric* metric = find_metric(row, tag);
  return metric != nullptr && metric->value ? fmt::format("${:.6g}", *metric->value) : "unknown";
}

std::string ratio_text(const SummaryRow& then, const SummaryRow& now) {
  const Metric* a = find_metric(then, "cost");
  const Metric* b = find_metric(now, "cost");
  if (a == nullptr || b == nullptr || !a->value || !b->value || *a->value == 0) return "";
  return fmt::format("x{:.4g}", *b->value / *a->value);
}

void print_text(std::ostream& out, const Summary& then, const Summary& now,
                const std::string& label) {
  out << fmt::format("{:<20}{:<22}{:>14}{:>18}{:>9}{:>16}{:>16}\n", "system", "suite", "as run",
                     label, "", "$/correct then", "$/correct now");
  for (std::size_t i = 0; i < now.rows.size(); ++i) {
    const SummaryRow& a = then.rows[i];
    const SummaryRow& b = now.rows[i];
    out << fmt::format("{:<20}{:<22}{:>14}{:>18}{:>9}{:>16}{:>16}\n", b.system, b.suite,
                       money_text(a, "cost"), money_text(b, "cost"), ratio_text(a, b),
                       money_text(a, "usd_per_correct"), money_text(b, "usd_per_correct"));
  }
  for (const auto* summary : {&then, &now}) {
    out << (summary == &then ? "as run\n" : label + "\n");
    for (const auto& row : summary->rows) {
      if (row.suite != "*") continue;
      const Metric* cost = find_metric(row, "cost");
      if (cost != nullptr) out << "  " << row.system << ": " << cost->maker << "\n";
    }
    for (const auto& note : summary->notes) out << "  " << note << "\n";
  }
}

json both_json(const Summary& then, const Summary& now, const json& manifest) {
  json rows = json::array();
  for (std::size_t i = 0; i < now.rows.size(); ++i) {
    rows.push_back({{"system", now.rows[i].system},
                    {"suite", now.rows[i].suite},
                    {"as_run", value_json(then.rows[i])},
                    {"as_of", value_json(now.rows[i])}});
  }
  return {{"schema_version", 1},
          {"run", now.run},
          {"priced_at", manifest.at("priced_at")},
          {"rows", rows},
          {"notes", {{"as_run", then.notes}, {"as_of", now.notes}}}};
}

}  // namespace

int price(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kPriceUsage, raw);
  const auto directory = open_run_directory(arguments.positionals()[0]);
  const std::string where = directory.manifest().string();
  json manifest = read_manifest(directory);
  const auto spec = run_spec_from_json(manifest.at("spec"), where);
  const auto at = arguments.value("at");
  Valuation valuation;
  valuation.book = overlaid_books(world, arguments.values("book"));
  valuation.as_of = at.has_value();
  valuation.at = instant_of(world, at.value_or(manifest.at("created").get<std::string>()), "--at");
  valuation.gpu = gpu_of(world, arguments);
  if (!manifest.contains("pricing_as_run")) manifest["pricing_as_run"] = manifest.at("pricing");
  for (const auto& system : spec.systems) {
    manifest["pricing"][system.name] = to_json(value_again(valuation, system, where));
  }
  manifest["priced_at"] = at ? instant_text(valuation.at) : "the time of each request";
  write_file(directory.manifest(), manifest.dump(2) + "\n");

  const RunView view = finish_run(world, directory);
  const Summary then = summary_of(directory, load_run(directory), manifest.at("pricing_as_run"));
  const std::string label = at ? "as of " + instant_text(valuation.at).substr(0, 10) : "as of now";
  if (arguments.has("json")) {
    world.out << both_json(then, view.summary, manifest).dump(2) << "\n";
  } else {
    print_text(world.out, then, view.summary, label);
  }
  return kDone;
}

}  // namespace pingjia::harness
