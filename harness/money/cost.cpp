#include "harness/money/cost.h"

#include <array>
#include <cassert>
#include <map>

namespace pingjia::harness {

namespace {

constexpr __int128 kNanosPerHour = 3'600 * static_cast<__int128>(kSecond);

PriceState state_of(const Cost& cost, bool free) {
  if (cost.unpriced_tokens == 0) return free ? PriceState::kFree : PriceState::kPriced;
  return cost.priced_tokens > 0 ? PriceState::kPartial : PriceState::kUnknown;
}

void share_session(std::span<const Record* const> records, std::span<const std::size_t> members,
                   SystemCost& cost) {
  std::vector<Busy> busy;
  std::vector<std::size_t> who;
  for (const std::size_t i : members) {
    const Busy span = busy_of(records[i]->completion);
    if (span.end == 0) continue;
    busy.push_back(span);
    who.push_back(i);
  }
  const Busy window = window_of(busy);
  const Ledger ledger = share_machine(busy, window.begin, window.end);
  const auto idle = apportion(ledger.idle, ledger.requests);
  for (std::size_t k = 0; k < who.size(); ++k) {
    cost.active[who[k]] = ledger.requests[k];
    cost.held[who[k]] = ledger.requests[k] + static_cast<Nanos>(idle[k]);
  }
  cost.idle += ledger.idle;
  cost.window += ledger.window;
}

void price_machine(const Hardware& hardware, SystemCost& cost) {
  assert(hardware.usd_per_hour);
  const Money total = cost_of_time(*hardware.usd_per_hour, cost.window);
  const auto shares = apportion(total.picodollars(), cost.held);
  const bool free = hardware.usd_per_hour == Money();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    cost.attempts[i].machine = Money(shares[i]);
    cost.attempts[i].state = free ? PriceState::kFree : PriceState::kPriced;
  }
}

constexpr bool is_cached(Leaf leaf) {
  return leaf == Leaf::kCacheRead || leaf == Leaf::kCacheWrite5m || leaf == Leaf::kCacheWrite1h;
}

void compare_with_fresh(std::optional<Picodollars> price, std::int64_t tokens, const Quote& quote,
                        Cost& cost) {
  const auto fresh = quote.prices[std::size_t(Leaf::kInput)];
  if (price && fresh) {
    cost.cache_savings += times(*fresh, tokens) - times(*price, tokens);
  } else {
    cost.cache_incomparable += tokens;
  }
}

}  // namespace

std::string_view price_state_name(PriceState state) {
  constexpr std::array<std::string_view, 4> kNames{"priced", "partial", "unknown", "free"};
  return kNames[static_cast<std::size_t>(state)];
}

Cost cost_of_counts(const LeafCounts& counts, const Quote& quote) {
  Cost cost;
  bool free = true;
  for (std::size_t i = 0; i < kLeaves; ++i) {
    if (counts[i] == 0) continue;
    const auto leaf = static_cast<Leaf>(i);
    auto price = quote.prices[i];
    if (leaf == Leaf::kReasoning && !price) price = quote.prices[std::size_t(Leaf::kOutput)];
    if (is_cached(leaf)) compare_with_fresh(price, counts[i], quote, cost);
    if (!price) {
      cost.unpriced_tokens += counts[i];
      continue;
    }
    cost.priced_tokens += counts[i];
    (is_input(leaf) ? cost.input : cost.output) += times(*price, counts[i]);
    if (leaf == Leaf::kReasoning) cost.reasoning += times(*price, counts[i]);
    if (*price != 0) free = false;
  }
  // An answer without a token is priced at what it says: nothing.
  cost.state = state_of(cost, free && cost.priced_tokens > 0);
  return cost;
}

Cost cost_of_usage(const Usage& usage, const QuoteCard& card) {
  if (!usage.input || !usage.output) return {};
  const LeafCounts counts = counts_of(usage);
  return cost_of_counts(counts, card.quote(counts));
}

Cost cost_of_usage(const Usage& usage, const PriceRow& row) {
  Quote quote;
  quote.prices = row.prices;
  return cost_of_usage(usage, QuoteCard{TierSum::kInput, {{0, quote}}, 0});
}

bool is_billed(const Completion& completion) {
  if (!completion.failure || completion.usage.input || completion.timeline.first_token) return true;
  switch (completion.failure->kind) {
    case FailureClass::kContentFilter:
    case FailureClass::kTimeoutIdle:
    case FailureClass::kTimeoutTotal:
    case FailureClass::kTruncatedStream:
    case FailureClass::kProtocol:
    case FailureClass::kEngineDied:
      return true;
    case FailureClass::kCancelled:
      return completion.timeline.sent != 0;
    default:
      return false;
  }
}

Terms terms_of(const Record& record, std::optional<UnixSeconds> sent_at,
               const ApiPricing& pricing) {
  const auto own = pricing.as_of || !sent_at ? pricing.at : sent_at;
  return {own.value_or(kPricesWithoutEnd), record.completion.service_tier, false, ""};
}

Cost cost_of_attempt(const Record& record, const QuoteCard& card) {
  const Completion& completion = record.completion;
  if (!is_billed(completion)) {
    Cost cost;
    cost.state = PriceState::kFree;
    return cost;
  }
  if (record.request.mode == Mode::kGenerate || completion.usage.output) {
    return cost_of_usage(completion.usage, card);
  }
  Usage usage = completion.usage;
  usage.output = 0;
  return cost_of_usage(usage, card);
}

Money cost_of_time(Money usd_per_hour, Nanos time) {
  // Quotient and remainder apart, so that the product stays in 128 bits.
  const __int128 rate = usd_per_hour.picodollars();
  return Money(rate / kNanosPerHour * time + rate % kNanosPerHour * time / kNanosPerHour);
}

Busy busy_of(const Completion& completion) {
  const Timeline& timeline = completion.timeline;
  const bool unsupported =
      completion.failure && completion.failure->kind == FailureClass::kUnsupported;
  if (timeline.sent == 0 || timeline.done < timeline.sent || unsupported) return {};
  return {timeline.sent, timeline.done};
}

SystemCost cost_of_system(std::span<const Record* const> records, const Pricing& pricing) {
  SystemCost cost;
  cost.attempts.resize(records.size());
  cost.held.resize(records.size());
  cost.active.resize(records.size());
  std::map<int, std::vector<std::size_t>> sessions;
  for (std::size_t i = 0; i < records.size(); ++i) sessions[records[i]->session].push_back(i);
  for (const auto& [session, members] : sessions) share_session(records, members, cost);

  if (const auto* machine = std::get_if<MachinePricing>(&pricing)) {
    price_machine(machine->hardware, cost);
  } else if (const auto* api = std::get_if<ApiPricing>(&pricing)) {
    Pricer pricer(api->tariff);
    for (std::size_t i = 0; i < records.size(); ++i) {
      const Record& record = *records[i];
      const Terms terms = terms_of(record, record.sent_at, *api);
      cost.attempts[i] = cost_of_attempt(record, pricer.card(terms));
    }
  }
  return cost;
}

}  // namespace pingjia::harness
