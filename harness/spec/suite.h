#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/spec/request.h"
#include "harness/spec/sample.h"

namespace pingjia::harness {

/// Shots that a protocol takes from its suite's pool ("shot_data").
struct ShotRule {
  std::size_t count = 0;
  bool same_subject = false;  ///< Only those of the sample's subject.
  bool random = false;        ///< Drawn for each sample by its id; else the first ones of the pool.
};

/// A score that somebody has published under a protocol, to be reproduced.
struct PublishedScore {
  std::string model;
  std::string protocol;
  double score = 0;    ///< In points of 100.
  std::string source;  ///< Who says so, and when.
};

/// How a suite is asked and marked. Its name is part of every score's name, because the same
/// questions under another protocol give another number.
struct Protocol {
  std::string name;
  std::string help;
  Mode mode = Mode::kGenerate;
  std::string system;                 ///< System message; empty sends none.
  std::string prompt = "{question}";  ///< {question}, {choices}, {A} … are replaced.
  std::string choice_line = "{letter}. {choice}\n";  ///< {choices} is these lines, joined.
  std::string source;          ///< Whose protocol it is, and where that stands.
  std::string preamble;        ///< Before the first user message's text; {subject}, {preamble}.
  std::vector<Sample> shots;   ///< Few-shot examples, each a user and an assistant turn.
  ShotRule pool;               ///< Shots after those.
  bool shots_as_text = false;  ///< Shots stand in the one user message instead.
  std::string shot_separator = "\n\n";  ///< After each shot, when they are text.
  /// Choices are put in another order for each sample and repeat, always the same one.
  bool shuffle_choices = false;
  int repeats = 1;  ///< How often a sample is asked where the run file does not say.
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
  std::vector<PublishedScore> published;
  bool withhold = false;  ///< Reports must not show its texts: the publisher asks for it.
  std::vector<Sample> shot_pool;
  std::string shot_pool_problem;  ///< Why the pool is empty: its data is not here.
  std::map<std::string, std::string> subject_names;  ///< Subject -> how prompts call it.
  std::map<std::string, std::string> preambles;      ///< Subject -> text of {preamble}.
};

/// Reads `FILE.json`, or finds `NAME.json` in `folders` in their order. Throws Error for a missing
/// file, a bad field, a wrong hash of external data, a repeated sample id.
Suite load_suite(const std::string& name, std::span<const std::filesystem::path> folders);

/// Names of the suites in `folders`, sorted.
std::vector<std::string> list_suites(std::span<const std::filesystem::path> folders);

/// The protocol called `name`, or the first when `name` is empty; throws Error otherwise.
const Protocol& find_protocol(const Suite& suite, const std::string& name,
                              const std::string& where);

/// A suite file without its external data: what a list shows of a suite whose data is not here.
Suite describe_suite(const std::string& name, std::span<const std::filesystem::path> folders);

/// The sample as it is asked and marked in one repeat: its choices in the order that the protocol
/// gives them, and the gold letter that goes with it.
Sample as_asked(const Protocol& protocol, const Sample& sample, int repeat);

/// The shots of one sample, in order: the protocol's own, then those from the pool. A pool's sample
/// that asks the same is passed over.
std::vector<const Sample*> shots_of(const Suite& suite, const Protocol& protocol,
                                    const Sample& sample);

/// The messages and continuations that `protocol` makes of `sample` (as asked); id, seed and
/// timeout are the caller's.
Request make_request(const Suite& suite, const Protocol& protocol, const Sample& sample);

/// "A", "B", … for choice 0, 1, …
std::string choice_letter(std::size_t index);

}  // namespace pingjia::harness
