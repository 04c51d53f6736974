#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters {

/// One row of catalog/providers.json, its defaults filled in.
struct Provider {
  std::string name;
  std::string title;
  std::string base_url;
  std::string api_key_env;
  std::string max_tokens_field;
  std::string seed_field;
  std::string top_k_field;
  bool include_usage = true;
  std::string probe;
  std::string auth;  ///< "bearer" or "api-key".
  std::string extra_body = "{}";
};

/// Every provider, in the order of the file, which is compiled in.
const std::vector<Provider>& providers();

/// Throws Error naming `where` and the nearest known name.
const Provider& find_provider(std::string_view name, const std::string& where);

/// What a URL without a catalogue row is asked: the dialect's plain form.
Provider unnamed_provider();

}  // namespace pingjia::adapters
