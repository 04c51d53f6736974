#pragma once

#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// What a calculator asks for: one row of its table.
struct AssumptionKind {
  std::string_view key;  ///< Of the option, "gpu-hour".
  std::string_view unit;
  std::string_view help;
  std::string_view value;  ///< By default, as `Assumptions::set` reads it; empty: none.
  std::string_view source;
  std::string_view date;
  double least = 0;  ///< What can be given.
  double most = std::numeric_limits<double>::infinity();
  bool whole = false;  ///< No fraction is one.
};

/// One input as it stands: projections rest on these, and print them all.
struct Assumption {
  const AssumptionKind* kind = nullptr;
  std::optional<double> value;
  std::optional<double> low;  ///< Plausible range, for the sensitivity; nothing: not known.
  std::optional<double> high;
  std::string source;
  std::string date;
};

/// The inputs of one calculator. Projections solve equations (logarithms, quotients, staircases),
/// and so they compute in doubles; nothing of them enters the price of a record.
class Assumptions {
 public:
  /// The defaults of `kinds`, which must outlive this.
  explicit Assumptions(std::span<const AssumptionKind> kinds);

  /// Sets one input from "VALUE", "LOW..HIGH" (the middle counts) or "LOW..VALUE..HIGH"; numbers
  /// may have an exponent or end in k, M, B or T. Throws Error naming `where` for an unknown key,
  /// text that is no number, a range in the wrong order, or a value out of bounds.
  void set(std::string_view key, std::string_view text, const std::string& source,
           const std::string& date, const std::string& where);

  /// The same inputs but for one.
  Assumptions with(std::string_view key, double value) const;

  bool has(std::string_view key) const { return find(key).value.has_value(); }
  /// Throws Error that names the option where it has no value.
  double at(std::string_view key) const;
  double value_or(std::string_view key, double other) const {
    return find(key).value.value_or(other);
  }
  const Assumption& find(std::string_view key) const;

  const std::vector<Assumption>& all() const { return assumptions_; }

 private:
  std::vector<Assumption> assumptions_;
};

/// "2.664M" as 2664000. Nothing for what is no finite number.
std::optional<double> parse_quantity(std::string_view text);

}  // namespace pingjia::harness
