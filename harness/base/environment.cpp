#include "harness/base/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "harness/base/version.h"

namespace pingjia::harness {

namespace {

// The value after "key :" of the first line of a /proc file that starts with `key`.
std::string proc_value(const char* file, const std::string& key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto start = line.find_first_not_of(" \t", colon + 1);
    return start == std::string::npos ? "" : line.substr(start);
  }
  return "";
}

nlohmann::json gpus() {
  auto found = nlohmann::json::array();
  std::error_code ignored;
  for (const auto& gpu : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    const auto information = gpu.path() / "information";
    found.push_back(proc_value(information.c_str(), "Model"));
  }
  return found;
}

// What cannot be read is null: zero would be a finding.
nlohmann::json memory_gib() {
  const std::string total = proc_value("/proc/meminfo", "MemTotal");
  const double gib = std::strtod(total.c_str(), nullptr) / (1024.0 * 1024.0);
  return gib > 0 ? nlohmann::json(gib) : nlohmann::json(nullptr);
}

nlohmann::json cores() {
  const unsigned count = std::thread::hardware_concurrency();
  return count > 0 ? nlohmann::json(count) : nlohmann::json(nullptr);
}

}  // namespace

nlohmann::json describe_environment() {
  utsname system{};
  uname(&system);
  double load[3] = {};
  const bool has_load = getloadavg(load, 3) == 3;
  nlohmann::json described{
      {"pingjia", kVersion},
      {"compiler", __VERSION__},
#ifdef NDEBUG
      {"optimised", true},
#else
      {"optimised", false},
#endif
      {"host", system.nodename},
      {"kernel", std::string(system.sysname) + " " + system.release},
      {"cpu", proc_value("/proc/cpuinfo", "model name")},
      {"cores", cores()},
      {"memory_gib", memory_gib()},
      {"gpus", gpus()},
  };
  // The load before the run began: what competed with it.
  described["load_1min"] = has_load ? nlohmann::json(load[0]) : nlohmann::json(nullptr);
  return described;
}

}  // namespace pingjia::harness
