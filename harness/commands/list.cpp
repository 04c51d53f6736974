#include "harness/commands/list.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/spec/external_data.h"
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

// Data that is not here: the suite is known all the same, and this says how to get it.
std::string state_of(const std::string& name, std::span<const std::filesystem::path> folders) {
  try {
    return std::to_string(load_suite(name, folders).samples.size()) + " samples";
  } catch (const MissingData& error) {
    return error.fetchable() ? "not here: pingjia fetch " + name
                             : std::string("not here: ") + error.what();
  } catch (const Error& error) {
    return std::string("not usable here: ") + error.what();
  }
}

json suite_json(const std::string& name, std::span<const std::filesystem::path> folders) {
  json row{{"name", name}};
  try {
    const Suite suite = describe_suite(name, folders);
    const std::string state = state_of(name, folders);
    row["title"] = suite.title;
    row["state"] = state;
    row["help"] = suite.title + "; " + state;
    row["licence"] = suite.licence;
    row["source"] = suite.source;
    row["protocols"] = json::array();
    for (const auto& protocol : suite.protocols) {
      row["protocols"].push_back(
          {{"name", protocol.name}, {"help", protocol.help}, {"source", protocol.source}});
    }
    row["published"] = json::array();
    for (const auto& score : suite.published) {
      row["published"].push_back({{"model", score.model},
                                  {"protocol", score.protocol},
                                  {"score", score.score},
                                  {"source", score.source}});
    }
  } catch (const Error& error) {
    row["help"] = std::string("not usable: ") + error.what();
  }
  return row;
}

json suites_json(const World& world) {
  auto folders = world.suite_folders;
  if (const auto data = world.environment("PINGJIA_DATA")) folders.emplace_back(*data);
  json rows = json::array();
  for (const auto& name : list_suites(world.suite_folders)) {
    rows.push_back(suite_json(name, folders));
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

// What a score of the suite would mean: whose data and protocols, and the figures to reproduce.
void print_suite(std::ostream& out, const json& row) {
  const std::string indent(16, ' ');
  const auto text = [](const json& object, const char* key) {
    return object.at(key).get<std::string>();
  };
  out << indent << "source " << text(row, "source") << "; licence " << text(row, "licence") << "\n";
  for (const auto& protocol : row.at("protocols")) {
    const auto source = text(protocol, "source");
    out << indent << row["name"].get<std::string>() << "/" << text(protocol, "name")
        << (source.empty() ? "" : " [" + source + "]") << ": " << text(protocol, "help") << "\n";
  }
  for (const auto& score : row.at("published")) {
    out << indent << "published " << score.at("score").dump() << " " << text(score, "model") << " "
        << text(score, "protocol") << " (" << text(score, "source") << ")\n";
  }
}

void print_rows(std::ostream& out, const std::string& title, const json& rows) {
  out << title << "\n";
  for (const auto& row : rows) {
    std::string name = "  " + row.at("name").get<std::string>();
    name.resize(std::max<std::size_t>(name.size() + 2, 16), ' ');
    out << name << row.at("help").get<std::string>() << "\n";
    if (row.contains("source")) print_suite(out, row);
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
