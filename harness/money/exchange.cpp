#include "harness/money/exchange.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::harness {

namespace {

constexpr __int128 kUnit = 1'000'000'000'000;  // a rate's 12 decimals

std::optional<UnixSeconds> later(std::optional<UnixSeconds> a, std::optional<UnixSeconds> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

std::optional<UnixSeconds> sooner(std::optional<UnixSeconds> a, std::optional<UnixSeconds> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

LeafPrices converted(const LeafPrices& prices, const ExchangeRate& rate, const std::string& where) {
  const __int128 scaled = parse_usd(rate.usd, where).picodollars();
  LeafPrices usd;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    if (!prices[leaf]) continue;
    usd[leaf] = static_cast<Picodollars>((*prices[leaf] * scaled + kUnit / 2) / kUnit);
    if (*usd[leaf] == 0 && *prices[leaf] != 0) {
      throw Error(where, "a price in " + rate.currency + " comes to less than a picodollar",
                  "check the rate of exchange");
    }
  }
  return usd;
}

}  // namespace

ExchangeRate exchange_rate_from_json(const nlohmann::json& rate, const std::string& where) {
  Fields fields(rate, where);
  ExchangeRate read;
  read.currency = fields.text("currency");
  read.usd = fields.decimal_text("usd");
  if (parse_usd(read.usd, fields.where("usd")) == Money()) {
    throw Error(fields.where("usd"), "is zero", "say what one " + read.currency + " is worth");
  }
  read.from = parse_instant(fields.text("from"), fields.where("from"));
  read.source = fields.text("source");
  fields.done();
  return read;
}

std::vector<PriceRow> in_dollars(const PriceRow& row, const std::vector<ExchangeRate>& rates,
                                 const std::string& where) {
  if (row.currency == "USD") return {row};
  std::vector<ExchangeRate> own;
  for (const auto& rate : rates) {
    if (rate.currency == row.currency) own.push_back(rate);
  }
  if (own.empty()) {
    throw Error(where, "'" + row.currency + "' has no rate of exchange here",
                "add one to the book's \"exchange_rates\", or give the price in USD");
  }
  std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<PriceRow> rows;
  for (std::size_t i = 0; i < own.size(); ++i) {
    PriceRow part = row;
    const auto since = i == 0 ? std::optional<UnixSeconds>() : own[i].from;
    const auto until = i + 1 < own.size() ? std::optional(own[i + 1].from) : std::nullopt;
    part.valid_from = later(row.valid_from, since);
    part.valid_to = sooner(row.valid_to, until);
    if (part.valid_from && part.valid_to && *part.valid_from >= *part.valid_to) continue;
    part.prices = converted(row.prices, own[i], where);
    part.source += "; " + row.currency + " at " + own[i].usd + " USD, " + own[i].source;
    rows.push_back(std::move(part));
  }
  return rows;
}

}  // namespace pingjia::harness
