#include "harness/commands/several_runs.h"

#include <filesystem>
#include <list>

#include "harness/commands/stages.h"
#include "harness/summary/all_pairs.h"
#include "harness/summary/kernel_samples.h"

namespace pingjia::harness {

namespace {

// A run whose systems are compared with those of others; sides refer into it.
struct Kept {
  StoredRun run;
  std::string directory;  // As its view names it.
  SummaryInput input;
  std::list<Side> sides;
  std::vector<NamedSide> named;
};

void compare_with(const Kept& before, const Kept& kept, RunView& view) {
  for (const auto& a : before.named) {
    for (const auto& b : kept.named) {
      if (auto pair = compare_pair(a, b, kept.input.seed)) {
        view.across.push_back({before.directory, std::move(*pair)});
      }
    }
  }
}

// A folder that `pingjia-kernels --out` made, and nothing else.
bool holds_kernels_only(const std::string& path) {
  std::error_code ignored;
  return has_kernels(path) && !std::filesystem::exists(RunDirectory{path}.manifest(), ignored);
}

RunView view_kernels(const std::string& path) {
  RunView view;
  view.name = RunDirectory{path}.name();
  view.directory = path;
  view.kernels_only = true;
  view.kernels = read_kernel_table(path);
  return view;
}

}  // namespace

std::vector<RunView> view_runs(const World& world, std::span<const std::string> directories) {
  std::vector<RunView> views;
  std::list<Kept> all;
  std::size_t systems = 0;
  for (const auto& path : directories) {
    if (holds_kernels_only(path)) {
      views.push_back(view_kernels(path));
      continue;
    }
    Kept& kept = all.emplace_back();
    kept.run = load_run(open_run_directory(path));
    views.push_back(view_run(world, kept.run));
    if (has_kernels(path)) views.back().kernels = read_kernel_table(path);
    if (directories.size() == 1 || systems >= kMostCompared) {
      all.pop_back();  // Compared with none: its records need not stay.
      continue;
    }
    kept.directory = views.back().directory;
    kept.input = summary_input(kept.run);
    for (const auto& system : kept.input.systems) {
      if (systems++ >= kMostCompared) break;
      kept.sides.push_back(side_of({&kept.input, system.name, system.name}));
      kept.named.push_back({system.name, &kept.sides.back()});
    }
    for (const auto& before : all) {
      if (&before != &kept) compare_with(before, kept, views.back());
    }
  }
  return views;
}

}  // namespace pingjia::harness
