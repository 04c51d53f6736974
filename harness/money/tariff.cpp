#include "harness/money/tariff.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::harness {

namespace {

constexpr UnixSeconds kEver = std::numeric_limits<UnixSeconds>::max();

void check_collisions(const std::vector<PriceRow>& rows, const std::vector<int>& closeness,
                      const std::string& where) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t k = i + 1; k < rows.size(); ++k) {
      if (closeness[i] != closeness[k] || !rows_collide(rows[i], rows[k])) continue;
      throw Error(where,
                  "two rows price the same tokens: " + row_text(rows[i]) + "; " + row_text(rows[k]),
                  "end the first with valid_to where the second begins with valid_from");
    }
  }
}

// Until when the row's answer at `at` stays.
UnixSeconds next_change(const PriceRow& row, const Calendars& calendars, UnixSeconds at) {
  if (row.valid_from && at < *row.valid_from) return *row.valid_from;
  if (row.valid_to && at >= *row.valid_to) return kEver;
  UnixSeconds until = row.valid_to.value_or(kEver);
  if (row.schedule) until = std::min(until, schedule_at(*row.schedule, calendars, at).until);
  return until;
}

// Within one book, larger is more specific.
using Stratum = std::tuple<int, bool, std::int64_t, bool>;

Stratum stratum_of(const PriceRow& row, int closeness) {
  return {closeness, !row.region.empty(), row.tier ? row.tier->bound() : -1,
          row.schedule.has_value()};
}

}  // namespace

const Quote& QuoteCard::quote(const LeafCounts& counts) const {
  std::size_t step = steps.size() - 1;
  if (step > 0) {
    const __int128 sum = tier_sum(of, counts);
    while (step > 0 && sum < steps[step].bound) --step;
  }
  return steps[step].quote;
}

Tariff::Tariff(std::string model, std::vector<PriceRow> rows, Calendars calendars,
               const std::string& where)
    : model_(std::move(model)), calendars_(std::move(calendars)) {
  std::optional<TierSum> of;
  for (auto& row : rows) {
    const auto close = row.model.empty() ? std::optional(0) : closeness(row, model_);
    if (!close) continue;
    if (row.tier && of && *of != row.tier->of) {
      throw Error(where, "context tiers of " + model_ + " count different sums",
                  "give all of them the same \"of\"");
    }
    if (row.tier) of = row.tier->of;
    closeness_.push_back(*close);
    rows_.push_back(std::move(row));
  }
  of_ = of.value_or(TierSum::kInput);
  check_collisions(rows_, closeness_, where);
}

bool Tariff::holds(const PriceRow& row, const Terms& terms, std::int64_t sum) const {
  if (row.service_tier != service_tier_of(terms.service_tier) || row.batch != terms.batch) {
    return false;
  }
  if (!row.region.empty() && row.region != terms.region) return false;
  if (row.valid_from && terms.at < *row.valid_from) return false;
  if (row.valid_to && terms.at >= *row.valid_to) return false;
  return !row.tier || sum >= row.tier->bound();
}

void Tariff::fill_layer(int layer, const Terms& terms, std::int64_t sum, Quote& quote) const {
  std::optional<Stratum> best;
  std::vector<std::size_t> held;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].layer != layer || !holds(rows_[i], terms, sum)) continue;
    if (rows_[i].schedule) {
      const auto clock = schedule_at(*rows_[i].schedule, calendars_, terms.at).holds;
      if (!clock) return;  // Nobody knows which row holds: this book knows no price.
      if (!*clock) continue;
    }
    held.push_back(i);
    const Stratum stratum = stratum_of(rows_[i], closeness_[i]);
    if (!best || stratum > *best) best = stratum;
  }
  for (const std::size_t i : held) {
    if (stratum_of(rows_[i], closeness_[i]) != *best) continue;
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      if (quote.prices[leaf] || !rows_[i].prices[leaf]) continue;
      quote.prices[leaf] = rows_[i].prices[leaf];
      quote.rows[leaf] = static_cast<int>(i);
    }
  }
}

QuoteCard Tariff::card(const Terms& terms) const {
  QuoteCard card;
  card.of = of_;
  card.until = kEver;
  std::set<std::int64_t> bounds{0};
  std::set<int, std::greater<>> layers;
  for (const auto& row : rows_) {
    card.until = std::min(card.until, next_change(row, calendars_, terms.at));
    layers.insert(row.layer);
    if (row.tier) bounds.insert(row.tier->bound());
  }
  for (const std::int64_t bound : bounds) {
    Quote quote;
    for (const int layer : layers) fill_layer(layer, terms, bound, quote);
    card.steps.push_back({bound, quote});
  }
  return card;
}

void Pricer::renew(const Terms& terms) {
  terms_ = terms;
  card_ = tariff_->card(terms);
  fresh_ = true;
}

nlohmann::json to_json(const Tariff& tariff) {
  nlohmann::json object{{"model", tariff.model()}, {"rows", nlohmann::json::array()}};
  for (const auto& row : tariff.rows()) object["rows"].push_back(to_json(row));
  for (const auto& row : tariff.rows()) {
    if (!row.schedule || row.schedule->holidays.empty()) continue;
    const auto calendar = tariff.calendars().find(row.schedule->holidays);
    if (calendar == tariff.calendars().end()) continue;
    object["calendars"][calendar->first] = to_json(calendar->second);
  }
  return object;
}

Tariff tariff_from_json(const nlohmann::json& tariff, const std::string& where) {
  Fields fields(tariff, where);
  const std::string model = fields.text("model");
  std::vector<PriceRow> rows;
  for (Fields& row : fields.list("rows")) {
    rows.push_back(read_price_row(row));
    row.done();
  }
  Calendars calendars;
  if (const nlohmann::json* given = fields.any("calendars")) {
    for (const auto& [name, calendar] : given->items()) {
      calendars[name] = calendar_from_json(calendar, fields.where("calendars") + "." + name);
    }
  }
  fields.done();
  return {model, std::move(rows), std::move(calendars), where};
}

}  // namespace pingjia::harness
