#include "harness/money/price_book.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/record/record.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, kLeaves> kLeafNames{
    "input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"};

bool matches(const PriceRow& row, const PriceQuery& query) {
  if (!query.provider.empty() && row.provider != query.provider) return false;
  if (query.at && row.valid_from && *query.at < *row.valid_from) return false;
  if (query.at && row.valid_to && *query.at >= *row.valid_to) return false;
  if (!query.at && row.valid_to) return false;
  if (row.model.ends_with('*')) {
    return query.model.starts_with(std::string_view(row.model).substr(0, row.model.size() - 1));
  }
  return row.model == query.model;
}

// Larger is more specific: exact models above every prefix, then the longer, then the later.
auto rank(const PriceRow& row) {
  constexpr auto kAlways = std::numeric_limits<UnixSeconds>::min();
  return std::tuple(!row.model.ends_with('*'), row.model.size(), row.valid_from.value_or(kAlways));
}

bool overlap(const PriceRow& a, const PriceRow& b) {
  if (a.provider != b.provider || a.model != b.model) return false;
  const bool a_first = a.valid_to && b.valid_from && *a.valid_to <= *b.valid_from;
  const bool b_first = b.valid_to && a.valid_from && *b.valid_to <= *a.valid_from;
  return !a_first && !b_first;
}

PriceRow read_row(Fields& fields) {
  PriceRow row;
  bool any = false;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    const std::string key(kLeafNames[leaf]);
    if (const auto price = fields.optional_decimal_text(key)) {
      row.prices[leaf] = parse_price(*price, fields.where(key));
      any = true;
    }
  }
  if (!any) {
    throw Error(fields.where(), "names no price", "give \"input\" and \"output\" in USD per Mtok");
  }
  row.currency = fields.optional_text("currency").value_or("USD");
  if (row.currency != "USD") {
    throw Error(fields.where("currency"), "'" + row.currency + "' has no rate of exchange here",
                "give the price in USD");
  }
  row.source = fields.optional_text("source").value_or("");
  row.date = fields.optional_text("date").value_or("");
  if (!row.date.empty()) parse_instant(row.date, fields.where("date"));
  return row;
}

void read_book_keys(Fields& fields, PriceRow& row) {
  row.provider = fields.optional_text("provider").value_or("");
  row.model = fields.optional_text("model").value_or("");
  const auto instant = [&](const std::string& key) -> std::optional<UnixSeconds> {
    const auto text = fields.optional_text(key);
    if (!text) return std::nullopt;
    return parse_instant(*text, fields.where(key));
  };
  row.valid_from = instant("valid_from");
  row.valid_to = instant("valid_to");
  if (row.valid_from && row.valid_to && *row.valid_from >= *row.valid_to) {
    throw Error(fields.where("valid_to"), "is not after valid_from", "swap or mend the dates");
  }
}

void check_overlaps(const std::vector<PriceRow>& rows, const std::string& where) {
  std::vector<const PriceRow*> sorted;
  for (const auto& row : rows) sorted.push_back(&row);
  std::sort(sorted.begin(), sorted.end(), [](const PriceRow* a, const PriceRow* b) {
    return std::tie(a->provider, a->model, a->valid_from) <
           std::tie(b->provider, b->model, b->valid_from);
  });
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (!overlap(*sorted[i - 1], *sorted[i])) continue;
    throw Error(
        where,
        "two rows price " + sorted[i]->provider + " " + sorted[i]->model + " at the same time",
        "end the first with valid_to where the second begins with valid_from");
  }
}

}  // namespace

std::string_view leaf_name(Leaf leaf) {
  return kLeafNames[static_cast<std::size_t>(leaf)];
}

const PriceRow* PriceBook::find(const PriceQuery& query) const {
  const PriceRow* best = nullptr;
  bool rivals = false;
  for (const auto& row : rows_) {
    if (!matches(row, query)) continue;
    if (best != nullptr && best->provider != row.provider) rivals = true;
    if (best == nullptr || rank(row) > rank(*best)) best = &row;
  }
  return rivals ? nullptr : best;
}

PriceRow price_row_from_json(const nlohmann::json& row, const std::string& where) {
  Fields fields(row, where);
  PriceRow read = read_row(fields);
  read_book_keys(fields, read);
  fields.done();
  return read;
}

PriceBook price_book_from_json(const nlohmann::json& book, const std::string& where) {
  Fields fields(book, where);
  fields.schema_version(kSchemaVersion);
  std::vector<PriceRow> rows;
  for (Fields& row : fields.list("rows")) {
    PriceRow read = read_row(row);
    row.text("provider");
    row.text("model");
    read_book_keys(row, read);
    if (read.source.empty() || read.date.empty()) {
      throw Error(row.where(), "has no source or no date", "say where and when it was read");
    }
    row.done();
    rows.push_back(std::move(read));
  }
  fields.done();
  check_overlaps(rows, where);
  return PriceBook(std::move(rows));
}

PriceBook load_price_book(const std::filesystem::path& file) {
  return price_book_from_json(read_json_file(file), file.string());
}

nlohmann::json to_json(const PriceRow& row) {
  nlohmann::json object{{"currency", row.currency}, {"source", row.source}};
  if (!row.date.empty()) object["date"] = row.date;
  if (!row.provider.empty()) object["provider"] = row.provider;
  if (!row.model.empty()) object["model"] = row.model;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    if (row.prices[leaf]) object[std::string(kLeafNames[leaf])] = price_text(*row.prices[leaf]);
  }
  if (row.valid_from) object["valid_from"] = instant_text(*row.valid_from);
  if (row.valid_to) object["valid_to"] = instant_text(*row.valid_to);
  return object;
}

}  // namespace pingjia::harness
