#include "adapters/table.h"

#include <array>

#include "adapters/openai.h"
#include "adapters/server.h"
#include "adapters/wire/openai_chat.h"
#include "adapters/echo.h"
#include "adapters/llama.h"
#include "adapters/process.h"
#include "adapters/replay.h"

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
using AdapterRow = harness::Row<harness::MakeAdapter>;

constexpr std::array kAdapters = {
    AdapterRow{"llama", "a GGUF model in our own llama.cpp worker", make_llama},
    AdapterRow{"process", "any program that speaks the process protocol", make_process},
    AdapterRow{"echo", "the null model: answers at once, computes nothing", make_echo},
    AdapterRow{"replay", "answers from the records of an old run", make_replay},
};

}  // namespace

harness::Table<harness::MakeAdapter> adapters() { return kAdapters; }

harness::Table<harness::DecodeBody> dialects() { return kDialects; }
harness::Table<harness::MakeAdapter> adapters() {
  return kAdapters;
}

harness::Table<harness::DecodeBody> dialects() {
  return {};
}

}  // namespace pingjia::adapters
