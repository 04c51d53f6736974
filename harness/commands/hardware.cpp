#include "harness/commands/hardware.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/json_file.h"
#include "harness/base/processor.h"
#include "harness/commands/hardware_rates.h"
#include "harness/money/hardware.h"
#include "harness/money/telemetry.h"

namespace pingjia::harness {

const CommandUsage kHardwareUsage{
    "hardware",
    "list|show NAME|here|rates DIR...",
    1,
    1000,
    "list: every card and processor of the catalogue. show NAME: one of them, each figure with "
    "its\n"
    "source; with --owned, what an hour of owning it costs. here: this machine and its meters.\n"
    "rates: what a token of input and one of output take of the GPUs, fitted over suites and runs "
    "of\n"
    "different mixes, for engines that do not say it.",
    {{"catalog", "FILE", "machines of your own besides (as kernels/catalog/gpus.json)"},
     {"owned", "JSON", "with show: the \"owned\" object of a run file ('pingjia help run-file')"},
     {"json", "", "as JSON"}}};

namespace {

using nlohmann::json;

std::string figure_text(const std::optional<Figure>& figure) {
  return figure ? fmt::format("{}", figure->value) : "-";
}

std::string peak_text(const HardwareType& type, std::string_view name) {
  const PeakRate* peak = type.peak(name);
  return peak ? fmt::format("{}", peak->tflops) : "-";
}

// Cents are enough for people; JSON has the exact amount.
std::string dollars(Money amount) {
  return fmt::format("{:.2f}", amount.usd());
}

std::string band_text(const HardwareType& type) {
  const auto band = type.rent(type.usual_tier());
  if (!band) return "-";
  if (band->low == band->high) return dollars(band->median) + fmt::format(" (n={})", band->n);
  return fmt::format("{} to {}, median {} (n={})", dollars(band->low), dollars(band->high),
                     dollars(band->median), band->n);
}

json band_json(const RentBand& band) {
  return {{"tier", band.tier},
          {"min", usd_text(band.low)},
          {"median", usd_text(band.median)},
          {"max", usd_text(band.high)},
          {"n", band.n},
          {"date", band.date},
          {"source", band.source}};
}

json type_json(const HardwareType& type) {
  json object = to_json(type);
  object["bands"] = json::array();
  for (const auto& tier : type.tiers()) object["bands"].push_back(band_json(*type.rent(tier)));
  return object;
}

int list_types(World& world, const HardwareCatalog& catalog, bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const auto& type : catalog.types()) list.push_back(type_json(type));
    world.out << list.dump(2) << "\n";
    return kDone;
  }
  world.out << fmt::format("{:<24}{:>8}{:>8}{:>8}{:>8}{:>7}  {:<20}{}\n", "name", "GB", "GB/s",
                           "bf16", "fp8", "TDP W", "rent tier", "USD per hour");
  for (const auto& type : catalog.types()) {
    world.out << fmt::format(
        "{:<24}{:>8}{:>8}{:>8}{:>8}{:>7}  {:<20}{}\n", type.name, figure_text(type.memory_gb),
        figure_text(type.bandwidth_gb_s), peak_text(type, "bf16"), peak_text(type, "fp8"),
        figure_text(type.tdp_w), type.rents.empty() ? "-" : type.usual_tier(), band_text(type));
  }
  world.out << "TFLOPS are dense; '-' is unknown. 'pingjia hardware show NAME' has sources and all "
               "tiers.\n";
  return kDone;
}

void show_figure(std::ostream& out, const char* name, const std::optional<Figure>& figure,
                 const char* unit) {
  if (figure) {
    out << fmt::format("  {:<22}{} {}  [{}]\n", name, figure->value, unit, figure->source);
  } else {
    out << fmt::format("  {:<22}unknown\n", name);
  }
}

std::string dated(const std::string& date, const std::string& note) {
  std::string text = date.empty() ? "undated" : date;
  return note.empty() ? text : text + ", " + note;
}

void show_money(std::ostream& out, const HardwareType& type) {
  for (const auto& tier : type.tiers()) {
    const RentBand band = *type.rent(tier);
    out << fmt::format("  rent {:<20}${} to ${}, median ${} an hour, n={}, {}\n", tier,
                       usd_text(band.low), usd_text(band.high), usd_text(band.median), band.n,
                       band.date);
    for (const auto& offer : type.rents) {
      if (offer.tier != tier) continue;
      out << fmt::format("    ${}{}, n={}, {}  [{}]\n", usd_text(offer.median),
                         offer.low == offer.high ? ""
                                                 : fmt::format(" (${} to ${})", usd_text(offer.low),
                                                               usd_text(offer.high)),
                         offer.n, dated(offer.date, offer.note), offer.source);
    }
  }
  if (type.rents.empty()) out << "  rent                  unknown\n";
  for (const auto& offer : type.purchases) {
    out << fmt::format("  buy {:<18}${}{}, {}  [{}]\n", offer.kind, usd_text(offer.low),
                       offer.low == offer.high ? "" : " to $" + usd_text(offer.high),
                       dated(offer.date, ""), offer.source);
  }
}

void show_sources(std::ostream& out, const HardwareCatalog& catalog, const json& shown) {
  const std::string text = shown.dump();
  for (const auto& source : catalog.sources()) {
    if (text.find("\"source\":\"" + source.key + "\"") == std::string::npos) continue;
    out << fmt::format("  [{}] {}, {}\n", source.key, source.title, dated(source.date, ""));
  }
}

json owned_json(const Hardware& owned, const OwnedRate& rate) {
  return {{"capital", usd_text(rate.capital)},
          {"energy", usd_text(rate.energy)},
          {"operations", usd_text(rate.operations)},
          {"usd_per_hour", usd_text(rate.per_hour)},
          {"usd_per_active_hour", usd_text(rate.per_active_hour)},
          {"source", owned.source}};
}

int show_type(World& world, const HardwareCatalog& catalog, const Arguments& arguments) {
  const HardwareType& type = catalog.find(arguments.positionals()[1], "pingjia hardware show");
  json shown = type_json(type);
  std::string owned_line;
  if (const auto owned = arguments.value("owned")) {
    const json inputs = parse_json(*owned, "--owned");
    Hardware machine;
    machine.gpu = type.name;
    machine.owned = inputs.dump();
    machine = resolve(machine, catalog, "hardware");
    const OwnedRate rate = rate_of(owned_card_from_json(inputs, &type, "hardware.owned"));
    shown["owned"] = owned_json(machine, rate);
    owned_line =
        fmt::format("  owned                 ${:.5f} an hour, ${:.5f} an hour of work: {}\n",
                    rate.per_hour.usd(), rate.per_active_hour.usd(), machine.source);
  }
  if (arguments.has("json")) {
    world.out << shown.dump(2) << "\n";
    return kDone;
  }
  world.out << type.name << " (" << type.kind << (type.vendor.empty() ? "" : ", " + type.vendor)
            << ")\n";
  show_figure(world.out, "memory", type.memory_gb, "GB");
  show_figure(world.out, "memory by its driver", type.memory_mib, "MiB");
  show_figure(world.out, "bandwidth", type.bandwidth_gb_s, "GB/s");
  show_figure(world.out, "TDP", type.tdp_w, "W");
  show_figure(world.out, "provisioned, all-in", type.provisioned_kw, "kW");
  for (const auto& peak : type.peaks) {
    world.out << fmt::format(
        "  {:<22}{} dense TFLOPS  [{}]{}\n", peak.type, peak.tflops, peak.source,
        peak.measured
            ? fmt::format("; measured {}  [{}]", peak.measured->value, peak.measured->source)
            : "");
  }
  show_money(world.out, type);
  world.out << owned_line;
  if (!type.note.empty()) world.out << "  note: " << type.note << "\n";
  world.out << "sources\n";
  show_sources(world.out, catalog, shown);
  return kDone;
}

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json device_json(const MeteredDevice& device, const std::string& busy,
                 const HardwareCatalog& catalog) {
  json object{
      {"name", device.name},
      {"id", device.id},
      {"scope", device.scope},
      {"meter", device.meter},
      {"energy", device.unknown.empty() ? json("measurable") : json("unknown: " + device.unknown)},
      {"memory_mib", or_null(device.memory_mib)},
      {"power_limit_w", or_null(device.power_limit_w)},
      {"mig", device.mig},
      {"busy", busy},
      {"telemetry_source", device.fake ? "fake" : "meter"}};
  if (!device.driver.empty()) object["driver"] = device.driver;
  const HardwareType* type = device.scope == "GPU board" ? catalog.search(device.name) : nullptr;
  object["catalogue"] = type ? json(type->name) : json(nullptr);
  return object;
}

json describe_here(World& world, const HardwareCatalog& catalog) {
  const Processor cpu = read_processor();
  json here{{"cpu",
             {{"model", or_null(cpu.model)},
              {"logical_cores", or_null(cpu.logical_cores)},
              {"physical_cores", or_null(cpu.physical_cores)},
              {"vector_extensions", cpu.vector_extensions},
              {"memory_gib", or_null(cpu.memory_gib)},
              {"virtual_machine", cpu.virtual_machine}}},
            {"devices", json::array()},
            {"missing", "no meter was asked"}};
  if (world.telemetry == nullptr) return here;
  const auto telemetry = world.telemetry(world.environment);
  here["missing"] = telemetry->missing();
  const auto devices = telemetry->devices();
  const auto busy = telemetry->busy();
  for (std::size_t i = 0; i < devices.size(); ++i) {
    here["devices"].push_back(device_json(devices[i], i < busy.size() ? busy[i] : "", catalog));
  }
  return here;
}

std::string or_unknown(const json& value, const std::string& unit) {
  if (value.is_null()) return "unknown";
  std::string text = value.is_string()         ? value.get<std::string>()
                     : value.is_number_float() ? fmt::format("{:.1f}", value.get<double>())
                                               : value.dump();
  return unit.empty() ? text : text + " " + unit;
}

int show_here(World& world, const HardwareCatalog& catalog, bool as_json) {
  const json here = describe_here(world, catalog);
  if (as_json) {
    world.out << here.dump(2) << "\n";
    return kDone;
  }
  const json& cpu = here.at("cpu");
  std::string extensions;
  for (const auto& name : cpu.at("vector_extensions")) extensions += " " + name.get<std::string>();
  world.out << "CPU       " << or_unknown(cpu.at("model"), "")
            << (cpu.at("virtual_machine").get<bool>() ? " (virtual machine)" : "") << "\n"
            << "cores     " << or_unknown(cpu.at("physical_cores"), "physical") << ", "
            << or_unknown(cpu.at("logical_cores"), "logical") << "\n"
            << "vectors  " << (extensions.empty() ? " unknown" : extensions) << "\n"
            << "memory    " << or_unknown(cpu.at("memory_gib"), "GiB") << "\n";
  for (const auto& device : here.at("devices")) {
    world.out << fmt::format("{:<10}{}: energy {}", device.at("meter").get<std::string>(),
                             device.at("name").get<std::string>(),
                             device.at("energy").get<std::string>());
    if (!device.at("memory_mib").is_null()) {
      world.out << ", " << or_unknown(device.at("memory_mib"), "MiB");
    }
    if (!device.at("power_limit_w").is_null()) {
      world.out << ", limit " << or_unknown(device.at("power_limit_w"), "W");
    }
    if (device.at("mig").get<bool>()) world.out << ", MIG";
    if (const auto busy = device.at("busy").get<std::string>(); !busy.empty()) {
      world.out << ", in use: " << busy;
    }
    if (!device.at("catalogue").is_null()) {
      world.out << "; in the catalogue as " << device.at("catalogue").get<std::string>();
    }
    if (device.at("telemetry_source") == "fake") world.out << " [fake: a test double]";
    world.out << "\n";
  }
  if (const auto missing = here.at("missing").get<std::string>(); !missing.empty()) {
    world.out << "energy    unknown: " << missing << "\n";
  }
  return kDone;
}

void check_names(const std::string& what, std::size_t names) {
  const std::string where = "pingjia hardware " + what;
  if (what == "rates" && names == 0) {
    throw Error(where, "needs the folders of runs", "name at least one, such as runs/night");
  }
  if (what == "show" && names == 0) {
    throw Error(where, "needs a name", "'pingjia hardware list' shows all");
  }
  const std::size_t most = what == "rates" ? names : what == "show" ? 1 : 0;
  if (names > most) {
    throw Error(where, most == 0 ? "takes no name" : "takes one name",
                "put quotes around a name with spaces");
  }
}

}  // namespace

int hardware(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kHardwareUsage, raw);
  const std::string& what = arguments.positionals()[0];
  const std::size_t names = arguments.positionals().size() - 1;
  constexpr std::array<std::string_view, 4> kWhat{"list", "show", "here", "rates"};
  if (std::find(kWhat.begin(), kWhat.end(), what) == kWhat.end()) {
    throw Error("pingjia hardware", "unknown '" + what + "'", suggest(what, kWhat));
  }
  check_names(what, names);
  if (arguments.has("owned") && what != "show") {
    throw Error("pingjia hardware " + what, "takes no --owned", "use it with 'show NAME'");
  }
  if (what == "rates") return hardware_rates(world, arguments);
  const HardwareCatalog catalog = hardware_catalog(world, arguments.value("catalog"));
  if (what == "list") return list_types(world, catalog, arguments.has("json"));
  if (what == "show") return show_type(world, catalog, arguments);
  return show_here(world, catalog, arguments.has("json"));
}

}  // namespace pingjia::harness
