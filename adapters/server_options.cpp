#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/server.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::adapters {

namespace {

using harness::AdapterContext;
using harness::Error;
using nlohmann::json;

constexpr double kReadySeconds = 600;
constexpr std::int64_t kMost = 1'000'000'000;

// Options that go on to the openai adapter as they stand.
constexpr const char* kRequestKeys[] = {
    "stream",      "include_usage",  "extra_body",        "max_tokens_field", "seed_field",
    "top_k_field", "idle_timeout_s", "connect_timeout_s", "content_timeout_s"};

// Options that are placeholders of recipes as they stand.
constexpr const char* kValueKeys[] = {"threads", "gpu_layers", "tensor_parallel"};

std::filesystem::path under(const std::filesystem::path& base, const std::string& path) {
  return std::filesystem::absolute(base / path);
}

std::string model_of(const std::string& model, const Recipe& recipe, const AdapterContext& context,
                     const std::string& where) {
  if (!recipe.model_is_file) return model;
  const auto file = under(context.base, model);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) {
    throw Error(where, "no model file " + file.string(), "correct the path or fetch the model");
  }
  return file.string();
}

std::string program_of(const std::optional<std::string>& given, const Recipe& recipe,
                       const AdapterContext& context) {
  if (given) {
    return given->find('/') == std::string::npos ? *given : under(context.base, *given).string();
  }
  std::error_code failed;
  const auto ours = context.programs / recipe.program;
  if (recipe.bundled && std::filesystem::exists(ours, failed)) return ours.string();
  return recipe.program;
}

// An option that would reach no flag of the engine must not look as if it were obeyed.
void refuse_without_placeholder(const harness::Fields& fields, const Recipe& recipe,
                                const std::string& key) {
  const bool reaches = has_placeholder(recipe, key) ||
                       (key == "context" && has_placeholder(recipe, "context_total"));
  if (!fields.has(key) || reaches) return;
  throw Error(fields.where(key), "recipe '" + recipe.name + "' has no place for \"" + key + "\"",
              "leave it out, or write the engine's own flag into \"arguments\"");
}

}  // namespace

ServerOptions read_server_options(const json& options, const AdapterContext& context) {
  harness::Fields fields(options, context.where);
  ServerOptions server;
  server.recipe = &find_recipe(fields.text("recipe"), fields.where("recipe"));
  const Recipe& recipe = *server.recipe;
  const std::string model = fields.text("model");
  server.model = model_of(model, recipe, context, fields.where("model"));
  server.program = program_of(fields.optional_text("program"), recipe, context);
  server.port = static_cast<int>(fields.optional_integer("port", 1, 65'535).value_or(0));
  const auto count = [&fields](const char* key) -> std::optional<int> {
    const auto value = fields.optional_integer(key, 1, kMost);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
  };
  for (const char* key : {"parallel", "context"}) refuse_without_placeholder(fields, recipe, key);
  server.parallel = count("parallel");
  server.context = count("context");
  for (const char* key : kValueKeys) {
    refuse_without_placeholder(fields, recipe, key);
    if (const auto value = fields.optional_integer(key, 0, kMost)) {
      server.values[key] = std::to_string(*value);
    }
  }
  server.arguments = fields.optional_texts("arguments").value_or(std::vector<std::string>{});
  auto names = recipe.pass_environment;
  for (auto& name : fields.optional_texts("environment").value_or(std::vector<std::string>{})) {
    names.push_back(std::move(name));
  }
  server.environment = child_environment(context.environment, names, fields.where("environment"));
  server.ready_timeout = static_cast<harness::Nanos>(
      fields.optional_number("ready_timeout_s", 0, 86'400).value_or(kReadySeconds) * 1e9);
  json request = json::parse(recipe.request);
  request["model"] = recipe.model_is_file ? std::filesystem::path(model).stem().string() : model;
  for (const char* key : kRequestKeys) {
    if (const json* value = fields.any(key)) request[key] = *value;
  }
  server.request = request.dump();
  fields.done();
  return server;
}

}  // namespace pingjia::adapters
