#pragma once

#include <string>
#include <vector>

namespace pingjia::harness {

/// One question of a suite; prompt templates know these fields and no others.
struct Sample {
  std::string id;
  std::string question;
  std::string gold;                  ///< The expected answer, in the scorer's terms.
  std::vector<std::string> choices;  ///< Multiple choice: the texts of A, B, C …
  std::string cluster;               ///< Samples of one cluster are not independent; empty = own.
};

}  // namespace pingjia::harness
