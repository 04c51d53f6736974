#include "adapters/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::adapters {

extern const std::string_view kRecipesJson;

namespace {

using nlohmann::json;

Recipe recipe_of(const json& row) {
  Recipe recipe;
  recipe.name = row.at("name").get<std::string>();
  recipe.title = row.at("title").get<std::string>();
  recipe.program = row.at("program").get<std::string>();
  recipe.bundled = row.value("bundled", false);
  recipe.model_is_file = row.at("model") == "file";
  recipe.arguments = row.at("arguments").get<std::vector<std::vector<std::string>>>();
  recipe.environment = row.value("environment", std::map<std::string, std::string>{});
  recipe.pass_environment = row.value("pass_environment", std::vector<std::string>{});
  recipe.ready = row.at("ready").get<std::string>();
  recipe.api = row.at("api").get<std::string>();
  recipe.facts = row.value("facts", "");
  recipe.metrics = row.value("metrics", "");
  recipe.request = row.value("request", json::object()).dump();
  return recipe;
}

}  // namespace

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all = [] {
    std::vector<Recipe> rows;
    const json parsed = json::parse(kRecipesJson);
    for (const auto& row : parsed.at("recipes")) rows.push_back(recipe_of(row));
    return rows;
  }();
  return all;
}

const Recipe& find_recipe(std::string_view name, const std::string& where) {
  std::vector<std::string_view> names;
  for (const auto& recipe : recipes()) {
    if (recipe.name == name) return recipe;
    names.push_back(recipe.name);
  }
  throw harness::Error(where, "unknown recipe '" + std::string(name) + "'",
                       harness::suggest(name, names));
}

bool has_placeholder(const Recipe& recipe, std::string_view name) {
  const std::string wanted = "{" + std::string(name) + "}";
  const auto names_it = [&wanted](const std::string& text) {
    return text.find(wanted) != std::string::npos;
  };
  for (const auto& group : recipe.arguments) {
    if (std::any_of(group.begin(), group.end(), names_it)) return true;
  }
  return std::any_of(recipe.environment.begin(), recipe.environment.end(),
                     [&names_it](const auto& entry) { return names_it(entry.second); });
}

std::optional<std::string> fill_in(std::string_view text, const RecipeValues& values) {
  std::string filled;
  while (!text.empty()) {
    const auto open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    const auto found = values.find(std::string(text.substr(open + 1, close - open - 1)));
    if (found == values.end()) return std::nullopt;
    filled += found->second;
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
  }
  return filled;
}

std::vector<std::string> recipe_arguments(const Recipe& recipe, const RecipeValues& values) {
  std::vector<std::string> arguments;
  for (const auto& group : recipe.arguments) {
    std::vector<std::string> words;
    for (const auto& word : group) {
      if (auto filled = fill_in(word, values)) words.push_back(std::move(*filled));
    }
    if (words.size() < group.size()) continue;
    arguments.insert(arguments.end(), words.begin(), words.end());
  }
  return arguments;
}

std::vector<std::string> recipe_environment(const Recipe& recipe, const RecipeValues& values) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : recipe.environment) {
    if (const auto filled = fill_in(value, values)) environment.push_back(name + "=" + *filled);
  }
  return environment;
}

}  // namespace pingjia::adapters
