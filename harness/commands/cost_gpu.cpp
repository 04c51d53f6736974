#include "harness/commands/cost_gpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/json_file.h"
#include "harness/money/hardware.h"

namespace pingjia::harness {

namespace {

bool asks_for(const Assumptions& assumptions, std::string_view key) {
  return std::any_of(assumptions.all().begin(), assumptions.all().end(),
                     [&](const auto& assumption) { return assumption.kind->key == key; });
}

void set_rent(const std::string& name, const Arguments& arguments, const HardwareCatalog& catalog,
              Assumptions& assumptions) {
  Hardware asked;
  asked.gpu = name;
  asked.gpus = 1;
  asked.tier = arguments.value("tier").value_or("");
  const Hardware found = resolve(std::move(asked), catalog, "-");
  if (!found.usd_per_hour) {
    // A card whose rent nobody knows: the rate must be given.
    return;
  }
  std::string text = usd_text(*found.usd_per_hour);
  if (found.usd_per_hour_low && found.usd_per_hour_high &&
      found.usd_per_hour_low < found.usd_per_hour_high) {
    text =
        usd_text(*found.usd_per_hour_low) + ".." + text + ".." + usd_text(*found.usd_per_hour_high);
  }
  assumptions.set("gpu-hour", text, found.source, found.date, "--gpu");
}

std::string titled(const HardwareCatalog& catalog, const std::string& key) {
  const HardwareSource* source = catalog.source(key);
  return source == nullptr ? "" : ", " + source->title + ", " + source->date;
}

const HardwareType* asked_type(const Arguments& arguments, const HardwareCatalog& catalog) {
  const auto name = arguments.value("gpu");
  return name ? &catalog.find(*name, "--gpu") : nullptr;
}

}  // namespace

std::vector<OptionHelp> gpu_options() {
  return {{"gpu", "NAME", "a card of 'pingjia hardware list': its rent, with the band as range"},
          {"tier", "NAME", "which rent of it: on_demand, marketplace, spot, …"}};
}

void set_gpu(const World& world, const Arguments& arguments, Assumptions& assumptions) {
  const auto name = arguments.value("gpu");
  if (!name) {
    if (arguments.has("tier")) throw Error("--tier", "is of no card", "give --gpu too");
    return;
  }
  const HardwareCatalog catalog = hardware_catalog(world);
  const HardwareType& type = *asked_type(arguments, catalog);
  if (const auto tier = arguments.value("tier"); tier && !type.rent(*tier)) {
    const auto known = type.tiers();
    const std::vector<std::string_view> names(known.begin(), known.end());
    throw Error("--tier", fmt::format("no '{}' rent of {} is known", *tier, type.name),
                names.empty() ? "give --gpu-hour" : suggest(*tier, names));
  }
  set_rent(type.name, arguments, catalog, assumptions);
  if (asks_for(assumptions, "watts") && type.tdp_w) {
    assumptions.set("watts", fmt::format("{}", type.tdp_w->value),
                    "TDP of " + type.name + titled(catalog, type.tdp_w->source), "", "--gpu");
  }
  if (const auto* peak = type.peak("bf16"); asks_for(assumptions, "peak-tflops") && peak) {
    assumptions.set("peak-tflops", fmt::format("{}", peak->tflops),
                    "dense bf16 of " + type.name + titled(catalog, peak->source), "", "--gpu");
  }
}

void set_owned(const World& world, const Arguments& arguments, Assumptions& assumptions) {
  const auto file = arguments.value("owned");
  if (!file) return;
  const HardwareCatalog catalog = hardware_catalog(world);
  std::string assumed;
  const OwnedCard card =
      owned_card_from_json(read_json_file(*file), asked_type(arguments, catalog), *file, &assumed);
  // What it draws at work above idling belongs to tokens, the rest to the hour.
  OwnedCard idle = card;
  idle.active_w = card.idle_w;
  idle.utilisation = 1;
  const std::string source = *file + (assumed.empty() ? "" : "; assumed " + assumed);
  const auto set = [&](std::string_view key, const std::string& text, const std::string& what) {
    assumptions.set(key, text, what + source, "", "--owned");
  };
  set("gpu-hour", usd_text(rate_of(idle).per_hour), "an hour of it idle, owned-card model, ");
  set("electricity", usd_text(card.electricity_per_kwh), "");
  set("pue", fmt::format("{}", card.pue), "");
  if (!assumptions.has("tokens-per-s")) return;  // Then that is what is missing.
  const double gpus = assumptions.at("gpus-per-replica");
  const double joules = (card.active_w - card.idle_w) * gpus / assumptions.at("tokens-per-s");
  set("joules-per-token", fmt::format("{}", std::max(0.0, joules)),
      "active less idle power over tokens/s, ");
}

}  // namespace pingjia::harness
