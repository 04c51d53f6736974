#include "adapters/table.h"

#include <array>

#include "adapters/echo.h"
#include "adapters/llama.h"
#include "adapters/process.h"
#include "adapters/replay.h"

namespace pingjia::adapters {

namespace {

using AdapterRow = harness::Row<harness::MakeAdapter>;

constexpr std::array kAdapters = {
    AdapterRow{"llama", "a GGUF model in our own llama.cpp worker", make_llama},
    AdapterRow{"process", "any program that speaks the process protocol", make_process},
    AdapterRow{"echo", "the null model: answers at once, computes nothing", make_echo},
    AdapterRow{"replay", "answers from the records of an old run", make_replay},
};

}  // namespace

harness::Table<harness::MakeAdapter> adapters() {
  return kAdapters;
}

harness::Table<harness::DecodeBody> dialects() {
  return {};
}

}  // namespace pingjia::adapters
