#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/table.h"
#include "harness/record/record.h"
#include "harness/score/scorer.h"
#include "harness/summary/kernel_table.h"
#include "harness/summary/metric.h"

namespace pingjia::harness {

/// One sample as a report shows it.
struct SampleView {
  Record record;
  std::string gold;
  std::string outcome;  ///< As in scores.jsonl (harness/record/README.md); empty: not scored yet.
  std::string extracted;
  std::string rule;                ///< Extraction rule or grader note.
  std::optional<double> cost_usd;  ///< Unknown where no price is.
};

/// A score that somebody published under the protocol of one of the run's suites.
struct PublishedView {
  std::string suite;  ///< "suite/protocol"
  std::string model;
  double score = 0;    ///< In points of 100.
  std::string source;  ///< Who says so, and when.
  std::string system;  ///< Of the run, where its model has that very name; else empty.
};

/// A system of another run, `pair.a`, beside one of this run, `pair.b`.
struct AcrossRow {
  std::string directory;  ///< The other's: names of runs may be the same.
  PairRow pair;
};

/// One run directory, read back, or a folder that `pingjia-kernels --out` made.
struct RunView {
  std::string name;
  std::string directory;
  std::string manifest;     ///< run.json, the text of a JSON object.
  std::string environment;  ///< JSON object, from records.jsonl line 1.
  Summary summary;
  std::vector<SampleView> samples;  ///< The last attempts, in journal order.
  std::vector<PublishedView> published;
  std::optional<KernelTable> kernels;  ///< Of kernels.json, where the directory holds one.
  bool kernels_only = false;           ///< It holds nothing else: everything but names is empty.
  std::vector<AcrossRow> across;       ///< Against the runs before it in the same report.
};

/// Writes one output format. Pure: the text of the file, or of standard output.
using WriteReport = std::string (*)(const std::vector<RunView>& runs);

}  // namespace pingjia::harness
