#include "harness/money/price_book.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

void check_calendars(const std::vector<PriceRow>& rows, const Calendars& calendars,
                     const std::string& where) {
  for (const auto& row : rows) {
    if (!row.schedule || row.schedule->holidays.empty()) continue;
    if (calendars.contains(row.schedule->holidays)) continue;
    std::vector<std::string_view> known;
    for (const auto& [name, calendar] : calendars) known.push_back(name);
    throw Error(where, "unknown holiday calendar '" + row.schedule->holidays + "'",
                suggest(row.schedule->holidays, known));
  }
}

void check_collisions(const std::vector<PriceRow>& rows, const std::string& where) {
  std::map<std::tuple<std::string_view, std::string_view, int>, std::vector<const PriceRow*>>
      models;
  for (const auto& row : rows) models[{row.provider, row.model, row.layer}].push_back(&row);
  for (const auto& [key, same] : models) {
    for (std::size_t i = 0; i < same.size(); ++i) {
      for (std::size_t k = i + 1; k < same.size(); ++k) {
        if (!rows_collide(*same[i], *same[k])) continue;
        throw Error(where,
                    "two rows price " + row_text(*same[i]) + " at the same time: the other is " +
                        row_text(*same[k]),
                    "end the first with valid_to where the second begins with valid_from");
      }
    }
  }
}

}  // namespace

PriceBook::PriceBook(std::vector<PriceRow> rows, Calendars calendars, const std::string& where)
    : rows_(std::move(rows)), calendars_(std::move(calendars)) {
  check_calendars(rows_, calendars_, where);
  check_collisions(rows_, where);
}

void PriceBook::overlay(const PriceBook& above) {
  int layer = 0;
  for (const auto& row : rows_) layer = std::max(layer, row.layer + 1);
  for (PriceRow row : above.rows_) {
    row.layer += layer;
    if (row.schedule && !row.schedule->holidays.empty()) {
      // Two books may each have a calendar of that name.
      const std::string own = row.schedule->holidays;
      const HolidayCalendar& calendar = above.calendars_.at(own);
      const auto known = calendars_.find(own);
      const bool other = known != calendars_.end() && known->second.days != calendar.days;
      if (other) row.schedule->holidays += "#" + std::to_string(layer);
      calendars_[row.schedule->holidays] = calendar;
    }
    rows_.push_back(std::move(row));
  }
}

Tariff PriceBook::tariff(const PriceQuery& query, const std::string& where) const {
  std::map<std::string, int> providers;  // provider -> how closely it names the model
  std::map<std::string, std::vector<PriceRow>> rows;
  for (const auto& row : rows_) {
    if (!query.provider.empty() && row.provider != query.provider) continue;
    const auto close = closeness(row, query.model);
    if (!close) continue;
    auto& best = providers[row.provider];
    best = std::max(best, *close);
    rows[row.provider].push_back(row);
  }
  if (providers.empty()) return {};
  const auto closest = std::max_element(providers.begin(), providers.end(),
                                        [](auto& a, auto& b) { return a.second < b.second; });
  std::string rivals;
  for (const auto& [provider, close] : providers) {
    if (close != closest->second || provider == closest->first) continue;
    rivals += (rivals.empty() ? "" : ", ") + provider;
  }
  if (!rivals.empty()) {
    throw Error(where, "several providers price '" + query.model + "'",
                "name one of them: " + closest->first + ", " + rivals);
  }
  return {query.model, std::move(rows.at(closest->first)), calendars_, where};
}

std::string PriceBook::suggestion(const PriceQuery& query) const {
  std::set<std::string_view> providers;
  std::vector<std::string_view> models;
  std::string other;  // A provider that has the model, where not the one asked for.
  for (const auto& row : rows_) {
    providers.insert(row.provider);
    if (query.provider.empty() || row.provider == query.provider) models.push_back(row.model);
    if (other.empty() && closeness(row, query.model)) other = row.provider;
  }
  if (!query.provider.empty() && !providers.contains(query.provider)) {
    const std::vector<std::string_view> known(providers.begin(), providers.end());
    const auto meant = nearest(query.provider, known);
    if (!meant.empty()) return "did you mean provider '" + meant + "'?";
  }
  if (!other.empty()) return "it is priced for provider '" + other + "'";
  const auto meant = nearest(query.model, models);
  return meant.empty() ? "see 'pingjia prices show'" : "did you mean '" + meant + "'?";
}

}  // namespace pingjia::harness
