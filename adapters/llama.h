#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// The worker, beside pingjia itself.
inline constexpr std::string_view kLlamaWorker = "pingjia-llama-worker";

/// Row "llama": a GGUF model in our own worker, `pingjia-llama-worker`, over the process protocol.
/// Its options:
///   model               GGUF file, relative to the run file; its SHA-256 goes into the facts
///   chat_template_file  Jinja text instead of the model's own template
///   env, load_timeout_s as in "process"
/// and those of adapters/engines/README.md (threads, parallel, context, batch, gpu_layers …),
/// checked before the worker is started.
std::unique_ptr<harness::Adapter> make_llama(const nlohmann::json& options,
                                             const harness::AdapterContext& context);

}  // namespace pingjia::adapters
