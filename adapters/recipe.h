#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pingjia::adapters {

/// How to launch one engine: a row of engines/recipes.json, which explains the fields.
struct Recipe {
  std::string name;
  std::string title;
  std::string program;
  bool bundled = false;  ///< pingjia may have built it: look beside its own programs first.
  bool model_is_file = false;
  std::vector<std::vector<std::string>> arguments;
  std::map<std::string, std::string> environment;
  std::vector<std::string> pass_environment;
  std::string ready;
  std::string api;
  std::string facts;
  std::string metrics;         ///< Empty where there is none.
  std::string request = "{}";  ///< JSON object: options of the openai adapter.
};

/// Every recipe, in the order of the file, which is compiled in.
const std::vector<Recipe>& recipes();

/// Throws Error naming `where` and the nearest known name.
const Recipe& find_recipe(std::string_view name, const std::string& where);

/// Whether any argument or variable of the recipe has the placeholder {NAME}.
bool has_placeholder(const Recipe& recipe, std::string_view name);

/// Values of placeholders; one without a value drops what names it.
using RecipeValues = std::map<std::string, std::string>;

/// The text with its placeholders filled in; nothing when one of them has no value.
std::optional<std::string> fill_in(std::string_view text, const RecipeValues& values);

/// The engine's arguments, the program not among them.
std::vector<std::string> recipe_arguments(const Recipe& recipe, const RecipeValues& values);

/// NAME=value of the variables the recipe sets.
std::vector<std::string> recipe_environment(const Recipe& recipe, const RecipeValues& values);

}  // namespace pingjia::adapters
