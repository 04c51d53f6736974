#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace pingjia::adapters::engines {

enum class FlashAttention { kAuto, kOff, kOn };

/// The `options` of a load line; adapters/engines/README.md says what each does.
struct WorkerOptions {
  std::string model;               ///< GGUF file.
  std::string chat_template_file;  ///< Jinja text instead of the model's own template.
  int threads = 1;
  int parallel = 1;        ///< Most sequences decoded together.
  int context = 0;         ///< Tokens of one request, prompt and answer; 0: see README.
  int batch = 512;         ///< Most prompt tokens of one step.
  int ubatch = 512;        ///< Most tokens the engine computes at once.
  int gpu_layers = -1;     ///< -1: all, where there is a GPU.
  std::uint64_t seed = 0;  ///< Of requests that bring none.
  FlashAttention flash_attention = FlashAttention::kAuto;
  bool reproducible = true;  ///< Answers must not depend on what else is in a batch.
  bool reuse_prefix = true;
  bool thinking = true;  ///< Passed to templates that can switch reasoning off.
  bool verbose = false;  ///< The engine's own notes on standard error.
};

/// Every key of `options`.
std::vector<std::string> worker_option_names();

/// Throws WorkerError (bad_request) for an unknown key, a wrong type or a value out of range.
WorkerOptions parse_worker_options(const nlohmann::json& options);

}  // namespace pingjia::adapters::engines
