#include "adapters/table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "adapters/catalog/genai_prices.h"
#include "adapters/catalog/litellm_prices.h"
#include "adapters/catalog/openrouter_prices.h"
#include "adapters/catalog/providers.h"
#include "adapters/echo.h"
#include "adapters/http/download.h"
#include "adapters/llama.h"
#include "adapters/openai.h"
#include "adapters/process.h"
#include "adapters/replay.h"
#include "adapters/server.h"
#include "adapters/wire/openai_chat.h"

namespace pingjia::adapters {

extern const std::string_view kPricesJson;
extern const std::string_view kAdaptersPage;
extern const std::string_view kWorkedExamplesJson;

namespace {

using AdapterRow = harness::Row<harness::MakeAdapter>;
using DialectRow = harness::Row<harness::DecodeBody>;
using PriceFormatRow = harness::Row<harness::PriceFormat>;

constexpr std::array kAdapters = {
    AdapterRow{"llama", "a GGUF model in our own llama.cpp worker", make_llama},
    AdapterRow{"server", "launches an engine by a recipe (engines/recipes.json), asks it over HTTP",
               make_server},
    AdapterRow{"openai", "any server of the OpenAI chat dialect (catalog/providers.json)",
               make_openai},
    AdapterRow{"process", "any program that speaks the process protocol", make_process},
    AdapterRow{"echo", "the null model: answers at once, computes nothing", make_echo},
    AdapterRow{"replay", "answers from the records of an old run", make_replay},
};

constexpr std::array kDialects = {
    DialectRow{"openai", "OpenAI chat completions, streamed or whole", decode_openai},
};

// The server comes with llama.cpp's build, for the recipe of its name.
constexpr std::array<std::string_view, 2> kEnginePrograms = {kLlamaWorker, "llama-server"};
constexpr std::array kPriceFormats = {
    PriceFormatRow{"litellm",
                   "model_prices_and_context_window.json of BerriAI/litellm",
                   {is_litellm_prices, read_litellm_prices}},
    PriceFormatRow{"genai-prices",
                   "prices/new_data/v2/data.json of pydantic/genai-prices",
                   {is_genai_prices, read_genai_prices}},
    PriceFormatRow{"openrouter",
                   "the list of openrouter.ai/api/v1/models",
                   {is_openrouter_prices, read_openrouter_prices}},
};

}  // namespace

harness::Table<harness::MakeAdapter> adapters() {
  return kAdapters;
}

harness::Table<harness::DecodeBody> dialects() {
  return kDialects;
}

harness::Table<harness::PriceFormat> price_formats() {
  return kPriceFormats;
}

harness::Download downloader() {
  return download;
}

std::string_view price_catalog() {
  return kPricesJson;
}

std::string_view worked_examples() {
  return kWorkedExamplesJson;
}

std::span<const std::string_view> key_variables() {
  static const std::vector<std::string_view> variables = [] {
    std::vector<std::string_view> names;
    for (const auto& provider : providers()) {
      if (!provider.api_key_env.empty()) names.push_back(provider.api_key_env);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }();
  return variables;
}

std::span<const std::string_view> engine_programs() {
  return kEnginePrograms;
}

std::string_view manual_page() {
  return kAdaptersPage;
}

}  // namespace pingjia::adapters
