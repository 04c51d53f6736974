#include "harness/spec/run_spec.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kLoadModes{"closed", "constant", "poisson"};
constexpr int kMostConnections = 65'536;
constexpr double kLongest = 1e7;  // seconds

// The name becomes part of record keys, file names and table rows.
void check_name(const std::string& name, const std::string& where) {
  const bool fits =
      !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != '|' && c != '/' && c != '\\' &&
               c != 0x7f;
      });
  if (!fits || name == "*" || name[0] == '.') {
    throw Error(where, "'" + name + "' cannot be a name",
                "use 1 to 80 letters, digits, '-', '_' or '.', without spaces");
  }
}

// A nested object as text, for the part that knows its keys.
std::string object_text(Fields& fields, const std::string& key) {
  const json* value = fields.any(key);
  if (value == nullptr || value->is_null()) return "";
  if (!value->is_object()) throw Error(fields.where(key), "not an object", "write {…}");
  return value->dump();
}

SystemSpec read_system(Fields& fields) {
  SystemSpec system;
  system.name = fields.text("name");
  check_name(system.name, fields.where("name"));
  system.adapter = fields.text("adapter");
  const std::string options = object_text(fields, "options");
  if (!options.empty()) system.options = options;
  system.price = object_text(fields, "price");
  system.hardware = object_text(fields, "hardware");
  fields.done();
  return system;
}

// "2025-01-31", so that dates compare as texts; empty where there is none.
std::string read_date(Fields& fields, const std::string& key) {
  const auto date = fields.optional_text(key).value_or("");
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  bool fits = date.size() == 10 && date[4] == '-' && date[7] == '-';
  for (const std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9}) fits = fits && digit(date[at]);
  if (!date.empty() && !fits) {
    throw Error(fields.where(key), "'" + date + "' is no date", "write it as 2025-01-31");
  }
  return date;
}

SuiteSpec read_suite(Fields& fields) {
  SuiteSpec suite;
  suite.suite = fields.text("suite");
  suite.protocol = fields.optional_text("protocol").value_or("");
  if (const auto limit = fields.optional_integer("limit", 1, 1'000'000'000)) {
    suite.limit = static_cast<std::size_t>(*limit);
  }
  if (const auto repeats = fields.optional_integer("repeats", 1, 100'000)) {
    suite.repeats = static_cast<int>(*repeats);
  }
  suite.half_width = fields.optional_number("half_width", 1e-6, 0.5);
  suite.since = read_date(fields, "since");
  suite.until = read_date(fields, "until");
  suite.exclude = fields.optional_texts("exclude").value_or(std::vector<std::string>{});
  suite.systems = fields.optional_texts("systems").value_or(std::vector<std::string>{});
  fields.done();
  return suite;
}

Load read_load(Fields& fields) {
  Load load;
  const std::string mode = fields.optional_one_of("mode", kLoadModes).value_or("closed");
  load.mode = mode == "closed"     ? LoadMode::kClosed
              : mode == "constant" ? LoadMode::kConstant
                                   : LoadMode::kPoisson;
  load.warmup = static_cast<int>(fields.optional_integer("warmup", 0, 10'000).value_or(0));
  if (load.mode == LoadMode::kClosed) {
    load.concurrency =
        static_cast<int>(fields.optional_integer("concurrency", 1, kMostConnections).value_or(8));
  } else {
    load.rate = fields.number("rate", 1e-6, 1e6);
    load.max_in_flight = static_cast<int>(
        fields.optional_integer("max_in_flight", 1, kMostConnections).value_or(256));
  }
  fields.done();
  return load;
}

void check_references(const RunSpec& spec, const std::string& where) {
  std::set<std::string> names;
  std::vector<std::string_view> known;
  for (const auto& system : spec.systems) {
    if (!names.insert(system.name).second) {
      throw Error(where, "two systems are called '" + system.name + "'", "rename one");
    }
    known.push_back(system.name);
  }
  for (const auto& suite : spec.suites) {
    for (const auto& name : suite.systems) {
      if (!names.contains(name)) {
        throw Error(where, "suite '" + suite.suite + "' names an unknown system '" + name + "'",
                    suggest(name, known));
      }
    }
  }
}

void check_not_empty(const RunSpec& spec, const std::string& where) {
  if (spec.systems.empty()) throw Error(where, "'systems' is empty", "name at least one");
  if (spec.suites.empty()) throw Error(where, "'suites' is empty", "name at least one");
}

json parsed(const std::string& text) {
  return text.empty() ? json(nullptr) : json::parse(text);
}

json load_json(const Load& load) {
  json object{{"warmup", load.warmup}};
  if (load.mode == LoadMode::kClosed) {
    object["mode"] = "closed";
    object["concurrency"] = load.concurrency;
  } else {
    object["mode"] = load.mode == LoadMode::kConstant ? "constant" : "poisson";
    object["rate"] = load.rate;
    object["max_in_flight"] = load.max_in_flight;
  }
  return object;
}

}  // namespace

RunSpec load_run_spec(const std::filesystem::path& file) {
  const json object = read_json_file(file);
  RunSpec spec = run_spec_from_json(object, file.string());
  spec.base = std::filesystem::absolute(file).parent_path();
  return spec;
}

RunSpec run_spec_from_json(const json& object, const std::string& where) {
  Fields fields(object, where);
  RunSpec spec;
  spec.name = fields.optional_text("name").value_or("");
  if (!spec.name.empty()) check_name(spec.name, fields.where("name"));
  spec.seed = static_cast<std::uint64_t>(
      fields.optional_integer("seed", 0, std::numeric_limits<std::int64_t>::max()).value_or(1));
  for (auto& system : fields.list("systems")) spec.systems.push_back(read_system(system));
  for (auto& suite : fields.list("suites")) spec.suites.push_back(read_suite(suite));
  if (auto load = fields.optional_object("load")) spec.load = read_load(*load);
  spec.retries = static_cast<int>(fields.optional_integer("retries", 0, 10).value_or(0));
  spec.timeout_s = fields.optional_number("timeout_s", 0, kLongest).value_or(600);
  spec.idle_baseline_s = fields.optional_number("idle_baseline_s", 0, 3600).value_or(5);
  spec.budget_usd = fields.optional_decimal_text("budget_usd");
  spec.data = fields.optional_text("data").value_or("");
  spec.base = fields.optional_text("base").value_or("");
  fields.done();
  check_not_empty(spec, where);
  check_references(spec, where);
  return spec;
}

json to_json(const RunSpec& spec) {
  json object{
      {"name", spec.name},          {"seed", spec.seed},           {"load", load_json(spec.load)},
      {"retries", spec.retries},    {"timeout_s", spec.timeout_s}, {"data", spec.data},
      {"base", spec.base.string()}, {"systems", json::array()},    {"suites", json::array()}};
  object["idle_baseline_s"] = spec.idle_baseline_s;
  object["budget_usd"] = spec.budget_usd ? json(*spec.budget_usd) : json(nullptr);
  for (const auto& system : spec.systems) {
    object["systems"].push_back({{"name", system.name},
                                 {"adapter", system.adapter},
                                 {"options", parsed(system.options)},
                                 {"price", parsed(system.price)},
                                 {"hardware", parsed(system.hardware)}});
  }
  for (const auto& suite : spec.suites) {
    json entry{{"suite", suite.suite}, {"protocol", suite.protocol}, {"since", suite.since},
               {"until", suite.until}, {"exclude", suite.exclude},   {"systems", suite.systems}};
    entry["repeats"] = suite.repeats ? json(*suite.repeats) : json(nullptr);
    entry["half_width"] = suite.half_width ? json(*suite.half_width) : json(nullptr);
    entry["limit"] = suite.limit ? json(*suite.limit) : json(nullptr);
    object["suites"].push_back(std::move(entry));
  }
  return object;
}

}  // namespace pingjia::harness
