#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/commands/campaign.h"
#include "harness/score/scorer.h"
#include "harness/stats/repeated.h"

namespace pingjia::harness {

/// Decides how often the samples of one suite are asked: repeats go on until the mean over these
/// samples is known to the half-width that the run file asks for. Marks answers with the suite's
/// own scorer between rounds, never while they come in.
class AdaptiveRepeats {
 public:
  /// Before so many answers to each sample nothing is decided: the first variances are too rough.
  static constexpr int kLeast = 4;

  /// `suite` must outlive it.
  AdaptiveRepeats(const World& world, const CampaignSuite& suite);

  /// Keeps a record of the suite; others, and attempts that do not count, are passed over.
  void add(const Record& record);

  /// Whether the half-width is small enough after rounds 0 … `repeat`.
  bool enough(int repeat);

  /// Of the answers so far; 1 without any.
  double half_width();

 private:
  void mark_pending();

  const CampaignSuite& suite_;
  std::unique_ptr<Scorer> scorer_;
  std::map<std::string, const Sample*> samples_;
  std::vector<Record> pending_;
  std::map<std::string, RepeatedItem> items_;
};

}  // namespace pingjia::harness
