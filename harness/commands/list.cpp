#include "harness/commands/list.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

const CommandUsage kListUsage{"list",
                              "[suites|adapters|scorers|reports|dialects]",
                              0,
                              1,
                              "Lists what there is: what a run file may name, and output formats.",
                              {{"json", "", "as JSON"}}};

namespace {

using nlohmann::json;

template <class Make>
json rows_json(Table<Make> table) {
  json rows = json::array();
  for (const auto& row : table) rows.push_back({{"name", row.name}, {"help", row.help}});
  return rows;
}

json suites_json(const World& world) {
  json rows = json::array();
  for (const auto& name : list_suites(world.suite_folders)) {
    json row{{"name", name}};
    try {
      const Suite suite = load_suite(name, world.suite_folders);
      std::string help = suite.title + "; " + std::to_string(suite.samples.size()) + " samples, " +
                         suite.licence + "; protocols:";
      for (const auto& protocol : suite.protocols) help += " " + protocol.name;
      row["help"] = help;
      row["source"] = suite.source;
    } catch (const Error& error) {
      // External data that is not here: the suite is known, and this says how to get it.
      row["help"] = std::string("not usable here: ") + error.what();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

json rows_of(const World& world, const std::string& kind) {
  if (kind == "suites") return suites_json(world);
  if (kind == "adapters") return rows_json(world.adapters);
  if (kind == "scorers") return rows_json(world.scorers);
  if (kind == "reports") return rows_json(world.reports);
  if (kind == "dialects") return rows_json(world.dialects);
  const std::vector<std::string_view> known{"suites", "adapters", "scorers", "reports", "dialects"};
  throw Error("pingjia list", "there are no '" + kind + "'", suggest(kind, known));
}

void print_rows(std::ostream& out, const std::string& title, const json& rows) {
  out << title << "\n";
  for (const auto& row : rows) {
    std::string name = "  " + row.at("name").get<std::string>();
    name.resize(std::max<std::size_t>(name.size() + 2, 16), ' ');
    out << name << row.at("help").get<std::string>() << "\n";
    if (row.contains("source"))
      out << std::string(16, ' ') << row["source"].get<std::string>() << "\n";
  }
}

}  // namespace

int list(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kListUsage, raw);
  json all;
  std::vector<std::string> wanted = arguments.positionals();
  if (wanted.empty()) wanted = {"suites", "adapters", "scorers", "reports", "dialects"};
  for (const auto& kind : wanted) {
    all[kind] = rows_of(world, kind);
  }
  if (arguments.has("json")) {
    world.out << all.dump(2) << "\n";
    return kDone;
  }
  for (const auto& kind : wanted) print_rows(world.out, kind, all[kind]);
  return kDone;
}

}  // namespace pingjia::harness
