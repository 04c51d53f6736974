#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/money/ledger.h"
#include "harness/money/pricing.h"
#include "harness/record/record.h"

namespace pingjia::harness {

/// How much of a cost is known.
enum class PriceState {
  kPriced,   ///< Every token has a price.
  kPartial,  ///< Some tokens have none: the amount is a lower bound.
  kUnknown,  ///< No price, or no token count.
  kFree,     ///< Declared to cost nothing, or refused before any token was billed.
};

std::string_view price_state_name(PriceState state);

/// What one attempt cost.
struct Cost {
  PriceState state = PriceState::kUnknown;
  Money input;    ///< Of input leaves, by the token.
  Money output;   ///< Of output leaves, by the token.
  Money machine;  ///< Share of a machine, its idle time included.
  std::int64_t priced_tokens = 0;
  std::int64_t unpriced_tokens = 0;  ///< Counted, but without a price.
  Money reasoning;                   ///< Of `output`: its reasoning leaf.
  /// Less than if every token that a cache took or gave had been fresh input; where writing cost
  /// more than reading saved, below zero.
  Money cache_savings;
  std::int64_t cache_incomparable = 0;  ///< Such tokens with one of the two prices missing.

  Money total() const { return input + output + machine; }
  bool known() const { return state == PriceState::kPriced || state == PriceState::kFree; }
};

/// Tokens times prices. A reasoning token without a price of its own costs what output does.
Cost cost_of_counts(const LeafCounts& counts, const Quote& quote);

/// Usage times prices, the context tier by its own size. Leaves that the usage does not have are
/// not billed; a usage without an input or without an output count is unknown.
Cost cost_of_usage(const Usage& usage, const QuoteCard& card);
/// The same by one row whatever its conditions.
Cost cost_of_usage(const Usage& usage, const PriceRow& row);

/// Whether a provider bills an attempt that ended so: not when it was turned away before any
/// content (no connection, or an HTTP error and no usage).
bool is_billed(const Completion& completion);

/// What one attempt costs by the token: its usage, nothing where it was not billed. A request that
/// only scores continuations writes no token, so that no count of output is a count of none.
Cost cost_of_attempt(const Record& record, const QuoteCard& card);

/// On which terms an attempt is billed: those of when it was sent, and of the service tier that the
/// reply says served it, whatever was asked for.
Terms terms_of(const Record& record, std::optional<UnixSeconds> sent_at, const ApiPricing& pricing);

/// A machine for so long, to the picodollar below.
Money cost_of_time(Money usd_per_hour, Nanos time);

/// When an attempt held its machine: sent to done; {0, 0} where it was never sent.
Busy busy_of(const Completion& completion);

/// What the attempts of one system cost, and what they held of its machine.
struct SystemCost {
  std::vector<Cost> attempts;  ///< In the order of the records given.
  std::vector<Nanos> held;     ///< Machine time of each, idle time shared out in proportion.
  std::vector<Nanos> active;   ///< The same without idle time.
  Nanos idle = 0;
  Nanos window = 0;  ///< Serving: first sent to last done, summed over sessions.
};

/// Prices every attempt, failed and cancelled ones too. `records` are of one system, in any order;
/// each session is a window of its own.
SystemCost cost_of_system(std::span<const Record* const> records, const Pricing& pricing);

}  // namespace pingjia::harness
