#include "adapters/catalog/providers.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::adapters {

extern const std::string_view kProvidersJson;

namespace {

using nlohmann::json;

Provider provider_of(const json& row) {
  Provider provider;
  provider.name = row.value("name", "");
  provider.title = row.value("title", "");
  provider.base_url = row.value("base_url", "");
  provider.api_key_env = row.value("api_key_env", "");
  provider.max_tokens_field = row.at("max_tokens_field").get<std::string>();
  provider.seed_field = row.at("seed_field").get<std::string>();
  provider.top_k_field = row.at("top_k_field").get<std::string>();
  provider.include_usage = row.at("include_usage").get<bool>();
  provider.probe = row.at("probe").get<std::string>();
  provider.auth = row.at("auth").get<std::string>();
  provider.extra_body = row.at("extra_body").dump();
  return provider;
}

const json& catalogue() {
  static const json parsed = json::parse(kProvidersJson);
  return parsed;
}

}  // namespace

const std::vector<Provider>& providers() {
  static const std::vector<Provider> all = [] {
    std::vector<Provider> rows;
    for (const auto& row : catalogue().at("providers")) {
      json filled = catalogue().at("defaults");
      filled.update(row);
      rows.push_back(provider_of(filled));
    }
    return rows;
  }();
  return all;
}

const Provider& find_provider(std::string_view name, const std::string& where) {
  std::vector<std::string_view> names;
  for (const auto& provider : providers()) {
    if (provider.name == name) return provider;
    names.push_back(provider.name);
  }
  throw harness::Error(where, "unknown provider '" + std::string(name) + "'",
                       harness::suggest(name, names) + " (or give base_url)");
}

Provider unnamed_provider() {
  return provider_of(catalogue().at("defaults"));
}

}  // namespace pingjia::adapters
