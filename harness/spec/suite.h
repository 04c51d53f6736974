#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "harness/spec/request.h"
#include "harness/spec/sample.h"

namespace pingjia::harness {

/// How a suite is asked and marked. Its name is part of every score's name, because the same
/// questions under another protocol give another number.
struct Protocol {
  std::string name;
  std::string help;
  Mode mode = Mode::kGenerate;
  std::string system;                 ///< System message; empty sends none.
  std::string prompt = "{question}";  ///< {question}, {choices}, {A} … are replaced.
  std::string choice_line = "{letter}. {choice}\n";  ///< {choices} is these lines, joined.
  std::vector<Sample> shots;  ///< Few-shot examples, each a user and an assistant turn.
  std::string shot_answer = "{gold}";
  /// kLoglikelihood: what is scored for each choice: {letter} and {choice} are replaced.
  std::string continuation = "{letter}";
  /// kLoglikelihood: choices are compared per byte of their continuation, so that long ones are not
  /// at a disadvantage (lm-evaluation-harness calls the accuracy acc_norm).
  bool per_byte = false;
  Sampling sampling;
  std::string scorer;                 ///< A name of the scorer table.
  std::string scorer_options = "{}";  ///< JSON object, checked by the scorer.
};

/// Samples, protocols and the hash that says whether two runs asked the same.
struct Suite {
  std::string name;
  std::string title;
  std::string licence;
  std::string source;
  std::vector<Protocol> protocols;
  std::vector<Sample> samples;
  std::string sha256;  ///< Of the suite file and of the external data it names.
};

/// Reads `FILE.json`, or finds `NAME.json` in `folders` in their order. Throws Error for a missing
/// file, a bad field, a wrong hash of external data, a repeated sample id.
Suite load_suite(const std::string& name, std::span<const std::filesystem::path> folders);

/// Names of the suites in `folders`, sorted.
std::vector<std::string> list_suites(std::span<const std::filesystem::path> folders);

/// The protocol called `name`, or the first when `name` is empty; throws Error otherwise.
const Protocol& find_protocol(const Suite& suite, const std::string& name,
                              const std::string& where);

/// The messages and continuations that `protocol` makes of `sample`; id, seed and timeout are
/// the caller's.
Request make_request(const Protocol& protocol, const Sample& sample);

/// "A", "B", … for choice 0, 1, …
std::string choice_letter(std::size_t index);

}  // namespace pingjia::harness
