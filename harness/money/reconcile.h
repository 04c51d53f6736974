#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/money/price_format.h"

namespace pingjia::harness {

/// A catalogue among others.
struct NamedPrices {
  std::string name;  ///< How the user called it.
  const ImportedPrices* prices = nullptr;
};

/// How two catalogues see one leaf of one model.
enum class Agreement {
  kAgree,
  kRounding,   ///< Less than half a percent apart.
  kOnlyFirst,  ///< The second knows no price of this leaf.
  kOnlySecond,
  kFreeInOne,   ///< Zero here, a price there.
  kByTheClock,  ///< They differ, and one of them has prices by the hour.
  kDiffer,
};
std::string_view agreement_text(Agreement agreement);

/// Two prices of one leaf.
struct Rivals {
  std::string provider;
  std::string model;
  Leaf leaf = Leaf::kInput;
  Agreement agreement = Agreement::kAgree;
  std::optional<Picodollars> first;
  std::optional<Picodollars> second;

  /// The larger over the smaller; 0 where one is unknown or nothing.
  double spread() const;
};

/// Two catalogues against each other.
struct Reconciliation {
  std::string first;
  std::string second;
  std::size_t models = 0;  ///< Of the first that the second knows too.
  std::map<Agreement, std::size_t> leaves;
  std::vector<Rivals> rivals;  ///< Everything but agreement, in the order of the first.
};

/// Compares plain prices (standard tier, smallest context) at `at`, model by model of the first
/// catalogue whose provider the second has too. Providers are matched through the catalogues'
/// `aliases`.
Reconciliation reconcile(const NamedPrices& first, const NamedPrices& second, UnixSeconds at);

}  // namespace pingjia::harness
