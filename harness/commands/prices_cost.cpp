#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/price_books.h"
#include "harness/commands/prices.h"
#include "harness/money/cost.h"
#include "harness/money/usage_line.h"

namespace pingjia::harness {

const CommandUsage kPricesCostUsage{
    "prices cost",
    "",
    0,
    0,
    "Reads JSON lines {\"id\", \"usage\": {LEAF: tokens}} from standard input and writes {\"id\",\n"
    "\"picodollars\", \"state\", \"rows\"}: the exact cost in 1e-12 USD, or null where it is "
    "unknown.\n"
    "Leaves: input (fresh), cache_read, cache_write_5m, cache_write_1h, input_audio, input_image,\n"
    "output (visible), reasoning, output_audio, output_image; they are disjoint, and one that is\n"
    "left out counts nothing. A line may also give its own at, service_tier, batch and region.\n"
    "State: priced, free, partial (a lower bound: \"unpriced\" names the leaves), unknown.",
    {{"model", "NAME", "whose price"},
     {"provider", "NAME", "of whom; needed where several price the model"},
     {"at", "TIME", "when it was sent: 2026-08-25T02:00:00Z, or 'now' (default)"},
     {"service-tier", "NAME", "the one that served, such as flex or priority"},
     {"batch", "", "sent as a batch"},
     {"region", "NAME", "processed in one region, such as eu"},
     {"book", "FILE", "a price file, instead of the shipped one; again: a book over it"}}};

namespace {

// The end of a line for a quote and the leaves that were used; few differ, so they are kept.
class Tails {
 public:
  explicit Tails(const Tariff& tariff) : tariff_(tariff) {
    for (const auto& row : tariff.rows()) {
      std::string text = row_text(row);
      if (!row.source.empty()) text += " (" + row.source + ", " + row.date + ")";
      rows_.push_back(
          nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
  }

  const std::string& of(const Quote& quote, const LeafCounts& counts) {
    unsigned used = 0;
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      if (counts[leaf] != 0) used |= 1U << leaf;
    }
    auto& tail = kept_[{quote.rows, used}];
    if (tail.empty()) tail = make(quote, used);
    return tail;
  }

 private:
  std::string make(const Quote& quote, unsigned used) const {
    std::vector<int> rows;
    std::string unpriced;
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      if ((used >> leaf & 1) == 0) continue;
      int row = quote.rows[leaf];
      if (row < 0 && static_cast<Leaf>(leaf) == Leaf::kReasoning) {
        row = quote.rows[static_cast<std::size_t>(Leaf::kOutput)];
      }
      if (row < 0) {
        unpriced += fmt::format("{}\"{}\"", unpriced.empty() ? "" : ",", leaf_names()[leaf]);
      } else if (std::find(rows.begin(), rows.end(), row) == rows.end()) {
        rows.push_back(row);
      }
    }
    std::string tail = "\"rows\":[";
    for (const int row : rows) {
      tail += (tail.back() == '[' ? "" : ",") + rows_[static_cast<std::size_t>(row)];
    }
    tail += "]";
    if (!unpriced.empty()) tail += ",\"unpriced\":[" + unpriced + "]";
    return tail + "}\n";
  }

  const Tariff& tariff_;
  std::vector<std::string> rows_;  // As JSON.
  std::map<std::pair<std::array<int, kLeaves>, unsigned>, std::string> kept_;
};

Terms terms_of_line(const UsageLine& line, const Terms& all) {
  Terms terms = all;
  if (line.at) terms.at = *line.at;
  if (line.service_tier) terms.service_tier = *line.service_tier;
  if (line.batch) terms.batch = *line.batch;
  if (line.region) terms.region = *line.region;
  return terms;
}

void price_lines(World& world, const Tariff& tariff, const Terms& all) {
  constexpr std::size_t kFlushAt = 1 << 16;
  Pricer pricer(tariff);
  Tails tails(tariff);
  std::string text;
  std::string out;
  for (std::size_t number = 1; std::getline(world.in, text); ++number) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    const UsageLine line = parse_usage_line(text, fmt::format("standard input, line {}", number));
    const Quote& quote = pricer.card(terms_of_line(line, all)).quote(line.counts);
    const Cost cost = line.counted ? cost_of_counts(line.counts, quote) : Cost{};
    const bool known = cost.state != PriceState::kUnknown && !tariff.empty();
    fmt::format_to(std::back_inserter(out), "{{\"id\":{},\"picodollars\":{},\"state\":\"{}\",{}",
                   line.id, known ? picodollars_text(cost.total()) : "null",
                   price_state_name(known ? cost.state : PriceState::kUnknown),
                   tails.of(quote, line.counts));
    if (out.size() < kFlushAt) continue;
    world.out << out;
    out.clear();
  }
  world.out << out;
}

}  // namespace

int prices_cost(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kPricesCostUsage, raw);
  const auto model = arguments.value("model");
  if (!model || model->empty()) {
    throw Error("pingjia prices cost", "needs --model", "such as --model gpt-5-mini");
  }
  const PriceBook book = overlaid_books(world, arguments.values("book"));
  const PriceQuery query{arguments.value("provider").value_or(""), *model};
  const Tariff tariff = book.tariff(query, "--model");
  if (tariff.empty()) {
    world.err << "pingjia: no price of " << (query.provider.empty() ? "model" : query.provider)
              << " '" << *model << "', every cost is unknown; " << book.suggestion(query) << "\n";
  }
  Terms terms;
  terms.at = instant_of(world, arguments.value("at").value_or("now"), "--at");
  terms.service_tier = arguments.value("service-tier").value_or("");
  terms.batch = arguments.has("batch");
  terms.region = arguments.value("region").value_or("");
  price_lines(world, tariff, terms);
  return kDone;
}

}  // namespace pingjia::harness
