// Writes a fixture run in every format into a folder, for eyes and for the browser check:
//   report_fixture KIND FOLDER [SAMPLES]
// Of the kind "large" (200,000 samples) the page alone.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/table.h"
#include "tests/reports/fixture.h"

namespace {

using pingjia::harness::RunView;

RunView make(const std::string& kind, int samples) {
  namespace fixture = pingjia::reports::fixture;
  if (kind == "crowd") return fixture::crowd(12, 6, samples);
  if (kind == "empty") return fixture::empty();
  if (kind == "failed") return fixture::failed();
  if (kind == "large") return fixture::large(samples);
  if (kind == "hostile") return fixture::hostile();
  if (kind == "kernels") return fixture::kernels();
  if (kind == "uneven") return fixture::uneven();
  return fixture::demo(samples);
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "report_fixture KIND FOLDER [SAMPLES]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[2];
  std::filesystem::create_directories(folder);
  const bool large = std::string(argv[1]) == "large";
  const int samples = argc > 3 ? std::atoi(argv[3]) : large ? 10'000 : 700;
  std::vector<RunView> runs;
  if (std::string(argv[1]) == "machines") {
    runs = pingjia::reports::fixture::machines(samples);
  } else {
    runs.push_back(make(argv[1], samples));
  }
  const std::map<std::string, std::string> endings{{"text", "txt"}, {"markdown", "md"}};
  for (const auto& row : pingjia::reports::reports()) {
    const std::string name(row.name);
    if (large && name != "html") continue;
    const auto started = std::chrono::steady_clock::now();
    const std::string text = row.make(runs);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    const auto ending = endings.find(name);
    write(folder / ("report." + (ending == endings.end() ? name : ending->second)), text);
    fmt::print("{:9} {:>10} bytes {:.3f} s\n", name, text.size(), took.count());
    if (name == "json") {
      const auto whole = nlohmann::json::parse(text);
      // Kernels alone have no summary; the check then expects no row of one.
      const auto none = nlohmann::json{{"rows", nlohmann::json::array()}};
      nlohmann::json summaries = nlohmann::json::array();
      for (const auto& run : whole["runs"]) summaries.push_back(run.value("summary", none));
      write(folder / "summary.json", (runs.size() > 1 ? summaries : summaries[0]).dump(1));
    }
  }
}
