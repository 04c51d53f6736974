#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/catalog/model_shape.h"

namespace pingjia::kernels {

/// The models of a catalogue in the format of catalog/models.json (README.md beside it); `where`
/// names it in errors. Throws Error for a missing, unknown or impossible value.
std::vector<ModelShape> parse_model_catalog(std::string_view text, const std::string& where);

/// The models that the program carries.
const std::vector<ModelShape>& shipped_models();

/// The model of that name or alias, case aside; a name that ends in ".json" is a file: a Hugging
/// Face config.json. Throws Error that names the nearest for an unknown one.
ModelShape find_model(const std::string& name);

}  // namespace pingjia::kernels
