#pragma once

#include <string>
#include <vector>

namespace pingjia::reports {

/// A sentence made from numbers and names: an English pattern with "{}" for each of them, in their
/// order. Formats for people print text(); the page looks its pattern up in other languages.
struct Sentence {
  std::string pattern;
  std::vector<std::string> fill;

  std::string text() const;
};

}  // namespace pingjia::reports
