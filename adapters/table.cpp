#include "adapters/table.h"

#include <array>

#include "adapters/openai.h"
#include "adapters/server.h"
#include "adapters/wire/openai_chat.h"

namespace pingjia::adapters {

namespace {

constexpr std::array kAdapters = {
    harness::Row<harness::MakeAdapter>{
        "openai", "any server of the OpenAI chat dialect over HTTP (catalog/providers.json)",
        &make_openai},
    harness::Row<harness::MakeAdapter>{
        "server", "launches an engine by a recipe (engines/recipes.json) and asks it over HTTP",
        &make_server},
};

constexpr std::array kDialects = {
    harness::Row<harness::DecodeBody>{"openai", "OpenAI chat completions, streamed or whole",
                                      &decode_openai},
};

}  // namespace

harness::Table<harness::MakeAdapter> adapters() { return kAdapters; }

harness::Table<harness::DecodeBody> dialects() { return kDialects; }

}  // namespace pingjia::adapters
