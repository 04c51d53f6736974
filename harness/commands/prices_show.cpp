#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "harness/base/error.h"
#include "harness/commands/price_books.h"
#include "harness/commands/prices.h"

namespace pingjia::harness {

const CommandUsage kPricesShowUsage{
    "prices show",
    "MODEL",
    1,
    1,
    "Shows every row that prices a model, in USD per million tokens, and marks those that hold at\n"
    "TIME.",
    {{"at", "TIME", "2026-08-25, 2026-08-25T02:00:00Z, or 'now' (default)"},
     {"provider", "NAME", "of whom; else of all that have it"},
     {"book", "FILE", "a price file, instead of the shipped one; again: a book over it"},
     {"json", "", "as JSON"}}};

namespace {

using nlohmann::json;

// The rows that some request of that instant is billed by.
std::set<int> rows_in_force(const Tariff& tariff, UnixSeconds at) {
  std::set<int> used;
  for (const auto& row : tariff.rows()) {
    const QuoteCard card = tariff.card({at, row.service_tier, row.batch, row.region});
    for (const auto& step : card.steps) used.insert(step.quote.rows.begin(), step.quote.rows.end());
  }
  return used;
}

std::string row_line(const PriceRow& row, bool holds) {
  std::string line = fmt::format("{} {}\n     ", holds ? "now" : "   ", row_text(row));
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    if (row.prices[leaf]) {
      line += fmt::format(" {} {}", leaf_names()[leaf], price_text(*row.prices[leaf]));
    }
  }
  line += fmt::format("\n      {}, {}\n", row.source.empty() ? "no source" : row.source, row.date);
  return line;
}

std::set<std::string> providers_of(const PriceBook& book, const PriceQuery& query) {
  std::set<std::string> providers;
  for (const auto& row : book.rows()) {
    if (!query.provider.empty() && row.provider != query.provider) continue;
    if (closeness(row, query.model)) providers.insert(row.provider);
  }
  return providers;
}

}  // namespace

int prices_show(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kPricesShowUsage, raw);
  const PriceBook book = overlaid_books(world, arguments.values("book"));
  const PriceQuery query{arguments.value("provider").value_or(""), arguments.positionals()[0]};
  const auto at = instant_of(world, arguments.value("at").value_or("now"), "--at");
  const auto providers = providers_of(book, query);
  if (providers.empty()) {
    throw Error("pingjia prices show", "no price of '" + query.model + "'", book.suggestion(query));
  }
  json list = json::array();
  for (const auto& provider : providers) {
    const Tariff tariff = book.tariff({provider, query.model}, "pingjia prices show");
    const auto used = rows_in_force(tariff, at);
    for (std::size_t i = 0; i < tariff.rows().size(); ++i) {
      const PriceRow& row = tariff.rows()[i];
      const bool holds = used.contains(static_cast<int>(i));
      if (arguments.has("json")) {
        list.push_back(to_json(row));
        list.back()["holds"] = holds;
      } else {
        world.out << row_line(row, holds);
      }
    }
  }
  if (arguments.has("json")) {
    world.out << json{{"schema_version", 1}, {"at", instant_text(at)}, {"rows", list}}.dump(2)
              << "\n";
  }
  return kDone;
}

}  // namespace pingjia::harness
