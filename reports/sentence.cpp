#include "reports/sentence.h"

namespace pingjia::reports {

std::string Sentence::text() const {
  std::string out;
  std::size_t from = 0;
  for (const auto& value : fill) {
    const std::size_t at = pattern.find("{}", from);
    if (at == std::string::npos) break;
    out += pattern.substr(from, at - from) + value;
    from = at + 2;
  }
  return out + pattern.substr(from);
}

}  // namespace pingjia::reports
