#include <nlohmann/json.hpp>

#include "harness/money/energy.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

template <class T>
void put(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

template <class T>
void get(const json& object, const char* key, std::optional<T>& value) {
  if (const auto found = object.find(key); found != object.end()) value = found->get<T>();
}

json device_json(const DeviceEnergy& device) {
  json object{{"name", device.name},       {"id", device.id},
              {"scope", device.scope},     {"method", device.method},
              {"updates", device.updates}, {"edge_error", device.edge_error},
              {"flags", device.flags}};
  object["joules"] = device.joules ? json(*device.joules) : json(nullptr);
  if (!device.unknown.empty()) object["unknown"] = device.unknown;
  put(object, "integrated_joules", device.integrated_joules);
  put(object, "disagreement", device.disagreement);
  put(object, "throttled", device.throttled);
  put(object, "clock_low_mhz", device.clock_low_mhz);
  put(object, "clock_high_mhz", device.clock_high_mhz);
  put(object, "clock_mean_mhz", device.clock_mean_mhz);
  put(object, "temperature_begin_c", device.temperature_begin_c);
  put(object, "temperature_end_c", device.temperature_end_c);
  // Whoever reads the file alone must see that it measures nothing.
  object["telemetry_source"] = device.fake ? "fake" : "meter";
  return object;
}

DeviceEnergy device_of(const json& object) {
  DeviceEnergy device;
  device.name = object.at("name");
  device.id = object.at("id");
  device.scope = object.at("scope");
  device.method = object.at("method");
  device.updates = object.at("updates");
  device.edge_error = object.at("edge_error");
  device.flags = object.at("flags").get<std::vector<std::string>>();
  if (!object.at("joules").is_null()) device.joules = object.at("joules").get<double>();
  device.unknown = object.value("unknown", "");
  get(object, "integrated_joules", device.integrated_joules);
  get(object, "disagreement", device.disagreement);
  get(object, "throttled", device.throttled);
  get(object, "clock_low_mhz", device.clock_low_mhz);
  get(object, "clock_high_mhz", device.clock_high_mhz);
  get(object, "clock_mean_mhz", device.clock_mean_mhz);
  get(object, "temperature_begin_c", device.temperature_begin_c);
  get(object, "temperature_end_c", device.temperature_end_c);
  device.fake = object.at("telemetry_source") == "fake";
  return device;
}

json devices_json(const std::vector<DeviceEnergy>& devices) {
  json list = json::array();
  for (const auto& device : devices) list.push_back(device_json(device));
  return list;
}

std::vector<DeviceEnergy> devices_of(const json& list) {
  std::vector<DeviceEnergy> devices;
  for (const auto& device : list) devices.push_back(device_of(device));
  return devices;
}

}  // namespace

json to_json(const SessionEnergy& energy) {
  if (!energy.unknown.empty()) return {{"unknown", energy.unknown}};
  json windows = json::array();
  for (const auto& window : energy.windows) {
    windows.push_back({{"suite", window.suite},
                       {"begin_ns", window.begin},
                       {"end_ns", window.end},
                       {"devices", devices_json(window.devices)}});
  }
  json object{{"idle", devices_json(energy.idle)},
              {"idle_s", energy.idle_s},
              {"windows", std::move(windows)}};
  put(object, "poll_share", energy.poll_share);
  return object;
}

SessionEnergy session_energy_from_json(const json& object) {
  SessionEnergy energy;
  energy.unknown = object.value("unknown", "");
  if (!energy.unknown.empty()) return energy;
  energy.idle = devices_of(object.at("idle"));
  energy.idle_s = object.at("idle_s");
  for (const auto& line : object.at("windows")) {
    EnergyWindow& window = energy.windows.emplace_back();
    window.suite = line.at("suite");
    window.begin = line.at("begin_ns");
    window.end = line.at("end_ns");
    window.devices = devices_of(line.at("devices"));
  }
  get(object, "poll_share", energy.poll_share);
  return energy;
}

}  // namespace pingjia::harness
