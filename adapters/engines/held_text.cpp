#include "adapters/engines/held_text.h"

#include <algorithm>

#include "harness/base/utf8.h"

namespace pingjia::adapters::engines {
HeldText::HeldText(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::size_t HeldText::first_stop() const {
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops_) {
    first = std::min(first, held_.find(stop));
  }
  return first;
}

std::size_t HeldText::held_for_stops() const {
  std::size_t most = 0;
  for (const std::string& stop : stops_) {
    for (std::size_t n = std::min(stop.size() - 1, held_.size()); n > most; --n) {
      if (std::string_view(held_).ends_with(std::string_view(stop).substr(0, n))) {
        most = n;
      }
    }
  }
  return most;
}

std::string HeldText::add(std::string_view bytes) {
  if (stopped_) {
    return {};
  }
  held_.append(bytes);
  std::size_t show = first_stop();
  if (show != std::string::npos) {
    stopped_ = true;
    const std::string shown = harness::valid_utf8(std::string_view(held_).substr(0, show));
    held_.clear();
    return shown;
  }
  show = held_.size() - held_for_stops();
  show = harness::whole_code_points(std::string_view(held_).substr(0, show));
  const std::string shown = harness::valid_utf8(std::string_view(held_).substr(0, show));
  held_.erase(0, show);
  return shown;
}

std::string HeldText::finish() {
  const std::string shown = harness::valid_utf8(held_);
  held_.clear();
  return shown;
}

}  // namespace pingjia::adapters::engines
