#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "adapters/table.h"
#include "harness/base/epoll_loop.h"
#include "harness/commands/command.h"
#include "kernels/table.h"
#include "reports/table.h"
#include "suites/table.h"

namespace {

using namespace pingjia;

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string timestamp() {
  const std::time_t now = std::time(nullptr);
  char text[sizeof "2026-11-25T14:13:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return text;
}

// The user's own first, then what came with the program, then the source tree it was built from.
std::vector<std::filesystem::path> suite_folders(const std::filesystem::path& programs) {
  std::vector<std::filesystem::path> folders;
  if (const auto own = environment_variable("PINGJIA_SUITES")) folders.emplace_back(*own);
  folders.emplace_back("suites");
  folders.push_back(programs.parent_path() / "share" / "pingjia" / "suites");
  folders.emplace_back(PINGJIA_SOURCE_DIR "/suites");
  return folders;
}

int run(std::span<char*> arguments) {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const std::filesystem::path programs = self.parent_path();
  harness::EpollLoop loop;
  harness::World world{
      .adapters = adapters::adapters(),
      .scorers = suites::scorers(),
      .reports = reports::reports(),
      .dialects = adapters::dialects(),
      .check_adapter = adapters::check_adapter,
      .download = adapters::downloader(),
      .price_formats = adapters::price_formats(),
      .price_catalog = adapters::price_catalog(),
      .key_variables = adapters::key_variables(),
      .engine_programs = adapters::engine_programs(),
      .adapters_page = adapters::manual_page(),
      .worked_examples = adapters::worked_examples(),
      .hardware_catalog = kernels::gpu_catalog(),
      .telemetry = adapters::make_telemetry,
      .suite_folders = suite_folders(programs),
      .programs = programs,
      .environment = environment_variable,
      .timestamp = timestamp,
      .loop = loop,
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .interactive = isatty(STDERR_FILENO) == 1,
  };
  std::ios::sync_with_stdio(false);
  return harness::run_command_line(
      world, std::vector<std::string>{arguments.begin() + 1, arguments.end()});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    // What is wrong before there is a command to catch it: no descriptors for the loop.
    std::cerr << "pingjia: " << error.what() << "\n";
    return harness::kBadInput;
  }
}
