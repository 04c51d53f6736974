#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "kernels/catalog/model_shape.h"

namespace pingjia::kernels {

/// The shape that a Hugging Face config.json describes: the families Llama, Mistral, Mixtral,
/// Qwen2, Qwen3 and their MoE, gpt-oss, DeepSeek-V2 and -V3, Kimi-K2, Gemma 1 to 3, Phi; of a model
/// of several modes the part under "text_config". What a family leaves to its code's defaults (the
/// heads of Gemma 3) is filled in as transformers 4.56 does. The name is the config's
/// "_name_or_path", else the file's folder. Throws Error that names the file and key for another
/// family and for a missing or impossible value.
ModelShape hugging_face_shape(const nlohmann::json& config, const std::string& name,
                              const std::string& where);

/// The same of a file, or of a folder that holds a config.json.
ModelShape read_hugging_face_config(const std::filesystem::path& file);

}  // namespace pingjia::kernels
