#include "harness/spec/model_name.h"

#include <string>

namespace pingjia::harness {

namespace {

std::string plain(std::string_view name) {
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::string text;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      text += static_cast<char>(c - 'A' + 'a');
    } else {
      text += c == '_' || c == '.' || c == ' ' ? '-' : c;
    }
  }
  constexpr std::string_view kEnding = "-gguf";
  if (text.ends_with(kEnding)) text.erase(text.size() - kEnding.size());
  return text;
}

}  // namespace

bool same_model(std::string_view a, std::string_view b) {
  const std::string name = plain(a);
  return !name.empty() && name == plain(b);
}

}  // namespace pingjia::harness
