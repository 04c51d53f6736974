#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/loop.h"
#include "harness/base/table.h"
#include "harness/commands/download.h"
#include "harness/drive/adapter.h"
#include "harness/money/price_format.h"
#include "harness/money/telemetry.h"
#include "harness/score/scorer.h"
#include "harness/summary/report.h"

namespace pingjia::harness {

/// Checks a program that speaks the process protocol: `command`, its options (a JSON object).
/// Writes one line per check to `out`; returns whether none failed.
using CheckAdapter = bool (*)(const std::string& command, const std::string& options,
                              const AdapterContext& context, std::ostream& out);

/// Everything a command may touch. main.cpp fills it in; a test fills in its own.
struct World {
  Table<MakeAdapter> adapters;
  Table<MakeScorer> scorers;
  Table<WriteReport> reports;
  Table<DecodeBody> dialects;
  CheckAdapter check_adapter = nullptr;
  Download download = nullptr;
  Table<PriceFormat> price_formats;
  std::string_view price_catalog;                     ///< JSON of the shipped price book.
  std::span<const std::string_view> key_variables;    ///< Environment variables that hold API keys.
  std::span<const std::string_view> engine_programs;  ///< Built beside pingjia where engines are.
  std::string_view adapters_page;                     ///< Of the manual.
  std::string_view worked_examples;                   ///< JSON of the shipped published cases.
  std::string_view hardware_catalog;                  ///< JSON of the shipped cards and processors.
  MakeTelemetry telemetry = nullptr;                  ///< Null: nothing is measured.

  std::vector<std::filesystem::path> suite_folders;  ///< Searched in this order.
  std::filesystem::path programs;                    ///< Folder of pingjia's own programs.
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::function<std::string()> timestamp;  ///< "2026-11-25T14:13:00Z"

  Loop& loop;
  std::istream& in;
  std::ostream& out;         ///< The result, and nothing else.
  std::ostream& err;         ///< Progress and warnings.
  bool interactive = false;  ///< `err` is a terminal.
};

/// Exit codes; scripts depend on them.
enum ExitCode { kDone = 0, kCheckFailed = 1, kBadInput = 2, kBudgetSpent = 3, kInterrupted = 130 };

/// The shipped prices.
class PriceBook;
PriceBook price_catalog(const World& world);

/// The shipped hardware, with the user's own of `file` and of the variable PINGJIA_HARDWARE before
/// it. Throws Error for a bad file.
class HardwareCatalog;
HardwareCatalog hardware_catalog(const World& world, const std::optional<std::string>& file = {});

}  // namespace pingjia::harness
