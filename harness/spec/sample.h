#pragma once

#include <string>
#include <vector>

namespace pingjia::harness {

/// One question of a suite.
struct Sample {
  std::string id;
  std::string question;
  std::string gold;                  ///< The expected answer, in the scorer's terms.
  std::vector<std::string> choices;  ///< Multiple choice: the texts of A, B, C …
  std::string cluster;               ///< Samples of one cluster are not independent; empty = own.
  std::string subject =
      "";  ///< Of a suite with subjects: shots may come from it, and a macro mean does.
  std::string solution = "";  ///< A worked solution, for shots: {solution}.
  std::string date = "";      ///< "2025-02-06": when it was published; empty: unknown.
};

}  // namespace pingjia::harness
