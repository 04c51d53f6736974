#include "harness/summary/kernel_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr int kTableSchemaVersion = 1;
constexpr std::array<std::string_view, 4> kStatuses{"ok", "rejected", "absent", "failed"};
constexpr std::array<std::string_view, 2> kUnits{"B/s", "FLOP/s"};
constexpr std::array<std::string_view, 2> kCaches{"hot", "cold"};

json or_null(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

json times_json(const std::optional<KernelTimes>& times) {
  if (!times) return nullptr;
  return {{"samples", times->samples},
          {"median", times->median},
          {"low", times->low},
          {"high", times->high},
          {"quartile1", times->quartile1},
          {"quartile3", times->quartile3}};
}

json row_json(const KernelRow& row) {
  return {{"name", kernel_row_name(row)},
          {"op", row.op},
          {"type", row.type},
          {"model", row.model},
          {"shape", row.shape},
          {"implementation", row.implementation},
          {"ours", row.ours},
          {"cache", row.cache},
          {"status", kernel_status_name(row.status)},
          {"reason", row.reason},
          {"flops", row.flops},
          {"bytes", row.bytes},
          {"seconds", times_json(row.seconds)},
          {"cycles", times_json(row.cycles)},
          {"clock_hz", or_null(row.clock_hz)},
          {"other_clocks", row.other_clocks},
          {"joules", or_null(row.joules)},
          {"roof", row.roof ? json(*row.roof) : json(nullptr)},
          {"roof_fraction", or_null(row.roof_fraction)},
          {"first_sample", row.first_sample}};
}

double positive(Fields& fields, const std::string& key) {
  const double value = fields.number(key, 0);
  if (value > 0) return value;
  throw Error(fields.where(key), "is 0", "give a number above 0");
}

std::optional<KernelTimes> times_of(Fields& row, const std::string& key) {
  auto fields = row.optional_object(key);
  if (!fields) return std::nullopt;
  KernelTimes times;
  times.samples = fields->integer("samples", 1);
  times.median = positive(*fields, "median");
  times.low = positive(*fields, "low");
  times.high = positive(*fields, "high");
  times.quartile1 = positive(*fields, "quartile1");
  times.quartile3 = positive(*fields, "quartile3");
  return times;
}

std::map<std::string, std::int64_t> shape_of(Fields& row) {
  Fields fields = row.object("shape");
  std::map<std::string, std::int64_t> shape;
  for (const auto& [key, ignored] : row.any("shape")->items()) shape[key] = fields.integer(key, 0);
  return shape;
}

// Tables of the time before there were others have none.
std::map<std::string, double> other_clocks_of(Fields& row) {
  std::map<std::string, double> clocks;
  auto fields = row.optional_object("other_clocks");
  if (!fields) return clocks;
  for (const auto& [key, ignored] : row.any("other_clocks")->items()) {
    clocks[key] = positive(*fields, key);
  }
  return clocks;
}

// What only several values together can have wrong.
void check(const KernelRow& row, const Fields& fields) {
  if (row.status == KernelRow::kOk && !row.seconds) {
    throw Error(fields.where(), "is \"ok\" without seconds", "give them, or another status");
  }
  if (row.status != KernelRow::kOk && row.reason.empty()) {
    throw Error(fields.where("reason"),
                "is empty where the status is \"" + kernel_status_name(row.status) + "\"",
                "say why the row has no result");
  }
  if (row.cycles && (!row.seconds || row.cycles->samples != row.seconds->samples)) {
    throw Error(fields.where("cycles.samples"), "is another number than that of seconds",
                "keep time and cycles of the same samples");
  }
}

KernelRow row_of(Fields& fields) {
  KernelRow row;
  row.op = fields.text("op");
  row.type = fields.text("type");
  row.model = fields.text("model");
  row.shape = shape_of(fields);
  row.implementation = fields.text("implementation");
  row.ours = fields.flag("ours");
  row.cache = fields.one_of("cache", kCaches);
  const auto status = fields.one_of("status", kStatuses);
  row.status = static_cast<KernelRow::Status>(
      std::find(kStatuses.begin(), kStatuses.end(), status) - kStatuses.begin());
  row.reason = fields.text("reason");
  row.flops = fields.number("flops", 0);
  row.bytes = fields.number("bytes", 0);
  row.seconds = times_of(fields, "seconds");
  row.cycles = times_of(fields, "cycles");
  row.clock_hz = fields.optional_number("clock_hz", 0);
  row.other_clocks = other_clocks_of(fields);
  row.joules = fields.optional_number("joules", 0);
  row.roof = fields.optional_text("roof");
  row.roof_fraction = fields.optional_number("roof_fraction", 0);
  row.first_sample = fields.integer("first_sample", 0);
  check(row, fields);
  return row;
}

KernelRoof roof_of(Fields& fields) {
  KernelRoof roof;
  roof.name = fields.text("name");
  roof.value = positive(fields, "value");
  roof.unit = fields.one_of("unit", kUnits);
  roof.maker = fields.text("maker");
  return roof;
}

}  // namespace

std::string kernel_status_name(KernelRow::Status status) {
  return std::string(kStatuses[static_cast<std::size_t>(status)]);
}

std::string kernel_row_name(const KernelRow& row) {
  auto name = fmt::format("{}/{}/{}", row.op, row.type, row.model);
  for (const auto& [key, value] : row.shape) name += fmt::format("/{}:{}", key, value);
  return name + "/" + row.cache + "/" + row.implementation;
}

json kernel_table_to_json(const KernelTable& table) {
  json roofs = json::array();
  for (const auto& roof : table.roofs) {
    roofs.push_back(
        {{"name", roof.name}, {"value", roof.value}, {"unit", roof.unit}, {"maker", roof.maker}});
  }
  json rows = json::array();
  for (const auto& row : table.rows) rows.push_back(row_json(row));
  return {{"schema_version", kTableSchemaVersion},
          {"context", table.context},
          {"roofs", std::move(roofs)},
          {"rows", std::move(rows)}};
}

KernelTable kernel_table_from_json(const json& json, const std::string& where) {
  Fields fields(json, where);
  fields.schema_version(kTableSchemaVersion);
  KernelTable table;
  Fields context = fields.object("context");
  for (const auto& [key, ignored] : fields.any("context")->items()) {
    table.context[key] = context.text(key);
  }
  std::set<std::string> roofs;
  for (Fields& roof : fields.list("roofs")) {
    table.roofs.push_back(roof_of(roof));
    if (roofs.insert(table.roofs.back().name).second) continue;
    throw Error(roof.where("name"), "a second roof of this name", "give each roof its own");
  }
  std::set<std::string> names;
  for (Fields& row : fields.list("rows")) {
    table.rows.push_back(row_of(row));
    const auto& read = table.rows.back();
    if (read.roof && !roofs.contains(*read.roof)) {
      throw Error(row.where("roof"), "no roof '" + *read.roof + "' in this table",
                  "add it to \"roofs\"");
    }
    if (names.insert(kernel_row_name(read)).second) continue;
    throw Error(row.where(), "a second row " + kernel_row_name(read), "keep one of them");
  }
  return table;
}

}  // namespace pingjia::harness
