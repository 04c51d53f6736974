#include "kernels/measure/session.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <regex>

#include "harness/base/error.h"
#include "kernels/catalog/model_catalog.h"
#include "kernels/context.h"
#include "kernels/measure/roofs.h"
#include "kernels/memory/caches.h"
#include "kernels/processor/clock.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {
namespace {

constexpr const char* kCpus = "/sys/devices/system/cpu";

double physical_memory() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::regex filter_of(const std::string& text) {
  try {
    return std::regex(text, std::regex::extended);
  } catch (const std::regex_error&) {
    throw harness::Error("--benchmark_filter", "'" + text + "' is no regular expression",
                         "write one, such as 'attention/prefill/.*/cold'");
  }
}

std::vector<ModelShape> chosen_models(const Options& options) {
  std::vector<ModelShape> models;
  if (options.models.empty()) {
    for (const char* name : kStandardModels) models.push_back(find_model(name));
  }
  for (const std::string& name : options.models) models.push_back(find_model(name));
  return models;
}

/// Of ours, only those of the best instruction set, unless all are asked for.
bool is_wanted(const harness::KernelRow& row, bool every_isa) {
  const std::string best = "pingjia " + std::string(name(best_isa()));
  const bool is_an_isa = std::any_of(std::begin(kEveryIsa), std::end(kEveryIsa), [&](Isa isa) {
    return row.implementation == "pingjia " + std::string(name(isa));
  });
  return every_isa || !is_an_isa || row.implementation == best ||
         // No tiles for fp32: the best of ours is the one for AVX-512.
         (row.type == "fp32" && best_isa() == Isa::kAmx && row.implementation == "pingjia avx512");
}

void set_counters(const harness::KernelRow& row, benchmark::State& state) {
  const double seconds = row.seconds->median;
  if (row.flops > 0) state.counters["FLOPS"] = row.flops / seconds;
  state.counters["bytes_per_second"] = row.bytes / seconds;
  if (row.roof_fraction) state.counters["percent_of_roof"] = *row.roof_fraction * 100;
  state.counters["samples"] = static_cast<double>(row.seconds->samples);
  state.SetLabel(row.roof ? "limited by " + *row.roof : "");
}

}  // namespace

Session::Session(const Options& options)
    : options_(options),
      threads_(options.threads),
      bench_{.threads = threads_,
             .roofs = {},
             .cache_bytes = static_cast<double>(last_level_cache_bytes(kCpus).value_or(0)),
             .second_level_bytes = static_cast<double>(private_cache_bytes(kCpus)),
             // The operating system and the other tenants keep the rest.
             .memory_bytes = 0.8 * physical_memory()},
      begin_(now_seconds()),
      load_(processor_time()) {
  if (options.device == "cpu") return;
  accelerator_ = &find_accelerator(options.device);
  bench_.cache_bytes = static_cast<double>(accelerator_->cache_bytes());
  // Between its first caches and a third of the second nothing is certain: no roof of the second.
  bench_.second_level_bytes = bench_.cache_bytes / 3;
  bench_.memory_bytes = static_cast<double>(accelerator_->memory_bytes());
  std::cerr << "pingjia-kernels: " << accelerator_->notice << '\n';
}

std::vector<Session::Planned> Session::plan() const {
  const std::regex filter = filter_of(options_.filter);
  const std::vector<ModelShape> models = chosen_models(options_);
  std::vector<Planned> planned;
  const auto add = [&](std::vector<Case> cases) {
    for (Case& wanted : cases) {
      if (!is_wanted(wanted.row, options_.every_isa)) continue;
      std::vector<std::string> caches = options_.caches;
      if (caches.empty()) caches.push_back(wanted.cache);
      for (const std::string& cache : caches) {
        harness::KernelRow row = wanted.row;
        row.cache = cache;
        if (std::regex_search(kernel_row_name(row), filter)) planned.push_back({wanted, cache});
      }
    }
  };
  for (const Family& family : families()) {
    if (family.device != options_.device) continue;
    if (!family.per_model) add(family.cases({}));
    for (const ModelShape& model : models) {
      if (family.per_model) add(family.cases(model));
    }
  }
  return planned;
}

void Session::add_rows() {
  planned_ = plan();
  if (planned_.empty()) {
    throw harness::Error("--benchmark_filter", "no row is called '" + options_.filter + "'",
                         "see --benchmark_list_tests");
  }
  for (const Planned& planned : planned_) {
    harness::KernelRow row = planned.wanted.row;
    row.cache = planned.cache;
    if (!planned.wanted.absent.empty()) {
      row.status = harness::KernelRow::kAbsent;
      row.reason = planned.wanted.absent;
      keep({row, {}});
      continue;
    }
    ++rows_left_;
    filling_left_ += filling_seconds(planned.wanted);
    benchmark::RegisterBenchmark(kernel_row_name(row).c_str(),
                                 [this, &planned](benchmark::State& state) { run(planned, state); })
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

bool Session::check_rows() {
  bool all_right = true;
  for (const Planned& planned : plan()) {
    const std::string fault = fault_of(planned.wanted, bench_);
    harness::KernelRow row = planned.wanted.row;
    row.cache = planned.cache;
    const char* word = !planned.wanted.absent.empty() ? "absent" : fault.empty() ? "ok" : "failed";
    std::cout << fmt::format("{:6} {}{}{}\n", word, kernel_row_name(row), fault.empty() ? "" : ": ",
                             fault)
              << std::flush;
    all_right = all_right && fault.empty();
  }
  return all_right;
}

void Session::measure_roofs() {
  bench_.roofs = accelerator_ != nullptr ? accelerator_->roofs() : kernels::measure_roofs(threads_);
  for (const harness::KernelRoof& roof : bench_.roofs) {
    std::cerr << fmt::format("roof {:6} {:10.1f} G{} ({})\n", roof.name, roof.value / 1e9,
                             roof.unit, roof.maker);
  }
}

double Session::filling_seconds(const Case& wanted) const {
  constexpr double kBytesPerSecond = 1e9;  // Filled, packed, evicted and checked.
  return wanted.memory_bytes <= bench_.memory_bytes ? wanted.memory_bytes / kBytesPerSecond : 0;
}

double Session::seconds_left() const {
  // The rest is for starting, for the last row's checks and for writing.
  constexpr double kForRows = 0.97;
  return kForRows * *options_.budget - (now_seconds() - begin_);
}

StopRule Session::rule_for(const Case& wanted) const {
  StopRule rule;
  if (!options_.budget) return rule;
  // What quick rows leave, slow ones may take; the checks after the last sample need a tenth, and
  // rows of large memory time to fill it.
  const auto rows = static_cast<double>(std::max<std::size_t>(rows_left_, 1));
  rule.seconds = std::clamp(0.9 * (seconds_left() - filling_left_) / rows, 0.02, 2.0) +
                 filling_seconds(wanted);
  // Slow calls must not take the time of all rows after them; a row says how many samples it has.
  rule.fewest = 3;
  rule.longest_call = 1;
  return rule;
}

void Session::run(const Planned& planned, benchmark::State& state) {
  const StopRule rule = rule_for(planned.wanted);
  for (auto _ : state) {
    Case wanted = planned.wanted;
    const bool fits = wanted.memory_bytes <= bench_.memory_bytes;
    if (options_.budget && seconds_left() <= 0 && fits) {
      wanted.absent = fmt::format("the budget of {:g} s was spent", *options_.budget);
    }
    Measured measured = measure(wanted, planned.cache, bench_, rule);
    if (measured.row.status == harness::KernelRow::kRejected) judge_again(measured.row);
    if (rows_left_ > 0) --rows_left_;
    filling_left_ = std::max(0.0, filling_left_ - filling_seconds(planned.wanted));
    keep(measured);
    const harness::KernelRow& row = measured.row;
    if (row.status == harness::KernelRow::kOk) {
      if (const std::string apart = clocks_apart(row); !apart.empty()) {
        std::cerr << "  " << apart << '\n';
      }
      set_counters(row, state);
      state.SetIterationTime(row.seconds->median);
    } else {
      state.SkipWithError(row.reason.c_str());
      break;
    }
  }
}

void Session::judge_again(harness::KernelRow& row) {
  const std::vector<harness::KernelRoof> again =
      accelerator_ != nullptr ? accelerator_->roofs()
                              : std::vector{measure_roof(*row.roof, threads_)};
  bench_.roofs = higher_roofs(bench_.roofs, again);
  judge(bench_, row);
}

void Session::keep(const Measured& measured) {
  harness::KernelSamples samples;
  for (const Sample& sample : measured.samples) {
    if (!measured.row.seconds) break;
    samples.seconds.push_back(static_cast<float>(sample.seconds));
    if (measured.row.cycles) {
      samples.cycles.push_back(static_cast<float>(sample.seconds * sample.clock_hz));
    }
  }
  // A repetition of a row takes its place: rows of one name are one row.
  const std::string name = kernel_row_name(measured.row);
  const auto same = std::find_if(kept_.table.rows.begin(), kept_.table.rows.end(),
                                 [&](const auto& row) { return kernel_row_name(row) == name; });
  if (same != kept_.table.rows.end()) {
    kept_.samples[static_cast<std::size_t>(same - kept_.table.rows.begin())] = samples;
    *same = measured.row;
    return;
  }
  kept_.table.rows.push_back(measured.row);
  kept_.samples.push_back(samples);
}

void Session::write(const std::string& folder) {
  kept_.table.context = measurement_context();
  if (accelerator_ != nullptr) {
    kept_.table.context.merge(accelerator_->context());
    kept_.table.context["notice"] = accelerator_->notice;
  }
  const double seconds = now_seconds() - begin_;
  kept_.table.context["threads"] = std::to_string(threads_.count());
  kept_.table.context["instruction_set"] = name(best_isa());
  kept_.table.context["wall_seconds"] = fmt::format("{:.1f}", seconds);
  kept_.table.context["competing_processors"] =
      fmt::format("{:.2f}", competing_processors(load_, processor_time(), seconds));
  if (options_.budget)
    kept_.table.context["budget_seconds"] = fmt::format("{:g}", *options_.budget);
  // All against the same roofs: those of the beginning may have risen since.
  for (harness::KernelRow& row : kept_.table.rows) {
    if (row.seconds) judge(bench_, row);
  }
  kept_.table.roofs = bench_.roofs;
  harness::write_kernels(folder, kept_);
}

bool Session::failed() const {
  return std::any_of(kept_.table.rows.begin(), kept_.table.rows.end(), [](const auto& row) {
    return row.status == harness::KernelRow::kFailed || row.status == harness::KernelRow::kRejected;
  });
}

}  // namespace pingjia::kernels
