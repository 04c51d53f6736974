#pragma once

#include <string_view>

namespace pingjia::harness {

/// Whether two names mean the same model beyond doubt: equal but for case, for "-", "_", "." or " "
/// between words, for the folder or owner before the last "/", and for ".gguf". A size, a variant
/// ("base", "instruct") or a quantisation that only one of them names makes them two models. An
/// empty name is nobody's.
bool same_model(std::string_view a, std::string_view b);

}  // namespace pingjia::harness
