#include "harness/base/processor.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

namespace pingjia::harness {

namespace {

// What decides how fast matrices multiply; sse is everywhere, so that it says nothing.
constexpr std::array<std::string_view, 18> kExtensions{
    "avx",      "avx2",     "fma",      "f16c",        "avx_vnni",    "avx512f",
    "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16",
    "amx_tile", "amx_int8", "amx_bf16", "asimd",       "sve",         "sve2"};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  const auto last = text.find_last_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

void read_flags(const std::string& value, Processor& processor) {
  std::istringstream words(value);
  std::set<std::string> flags;
  for (std::string word; words >> word;) flags.insert(word);
  for (const auto extension : kExtensions) {
    if (flags.contains(std::string(extension))) {
      processor.vector_extensions.emplace_back(extension);
    }
  }
  processor.virtual_machine = flags.contains("hypervisor");
}

void read_cpuinfo(std::istream& cpuinfo, Processor& processor) {
  int logical = 0;
  std::set<std::string> cores;
  std::string package;
  for (std::string line; std::getline(cpuinfo, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = trimmed(line.substr(0, colon));
    const std::string value = trimmed(line.substr(colon + 1));
    if (key == "processor") ++logical;
    if (key == "model name" && !processor.model && !value.empty()) processor.model = value;
    if (key == "physical id") package = value;
    if (key == "core id") cores.insert(package + "/" + value);
    const bool names_flags = key == "flags" || key == "Features";
    if (names_flags && processor.vector_extensions.empty()) read_flags(value, processor);
  }
  if (logical > 0) processor.logical_cores = logical;
  if (!cores.empty()) processor.physical_cores = static_cast<int>(cores.size());
}

}  // namespace

Processor read_processor(const std::filesystem::path& proc) {
  Processor processor;
  std::ifstream cpuinfo(proc / "cpuinfo");
  read_cpuinfo(cpuinfo, processor);
  std::ifstream meminfo(proc / "meminfo");
  for (std::string key, unit; meminfo >> key;) {
    double kib = 0;
    if (!(meminfo >> kib)) break;
    std::getline(meminfo, unit);
    if (key == "MemTotal:") processor.memory_gib = kib / (1024.0 * 1024.0);
  }
  return processor;
}

}  // namespace pingjia::harness
