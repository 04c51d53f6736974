// How fast requests are priced: one million of them a round, on one core. Run by
// scripts/benchmark_prices; not a test, because timings do not pass or fail.

#include <benchmark/benchmark.h>

#include "harness/base/rng.h"
#include "harness/money/cost.h"
#include "harness/money/price_book.h"

namespace pingjia::harness {
namespace {

constexpr std::size_t kRequests = 1'000'000;

// A year of requests, evenly spread, prompts on both sides of every context tier.
std::vector<Record> requests() {
  constexpr std::int64_t kYear = 365 * 86'400;
  const UnixSeconds from = parse_instant("2025-11-25", "benchmark");
  Rng rng(1, "benchmark");
  std::vector<Record> records(kRequests);
  for (std::size_t i = 0; i < records.size(); ++i) {
    Usage& usage = records[i].completion.usage;
    usage.input = static_cast<std::int64_t>(rng.below(250'000));
    usage.cache_read = static_cast<std::int64_t>(rng.below(100'000));
    usage.output = static_cast<std::int64_t>(rng.below(4'000));
    usage.reasoning = static_cast<std::int64_t>(rng.below(2'000));
    records[i].sent_at = from + static_cast<std::int64_t>(i) * kYear / std::int64_t{kRequests};
  }
  return records;
}

void price_a_year(benchmark::State& state, const char* model) {
  const PriceBook book = load_price_book(PINGJIA_SOURCE_DIR "/adapters/catalog/prices.json");
  const ApiPricing pricing(book.tariff({"", model}, "benchmark"), {});
  const std::vector<Record> records = requests();
  for (auto _ : state) {
    Pricer pricer(pricing.tariff);
    Money sum;
    for (const auto& record : records) {
      const Terms terms = terms_of(record, record.sent_at, pricing);
      sum += cost_of_attempt(record, pricer.card(terms)).total();
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kRequests) * state.iterations());
}

BENCHMARK_CAPTURE(price_a_year, flat, "o1")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(price_a_year, tiers, "claude-sonnet-4-5")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(price_a_year, calendar, "deepseek-v4-flash")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pingjia::harness

BENCHMARK_MAIN();
