#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// An input of a published case, with who says so.
struct GivenInput {
  std::string key;
  std::string value;  ///< As a calculator's option takes it.
  std::string source;
  std::string date;
};

/// A published case: the inputs that `--example` gives a calculator.
struct WorkedExample {
  std::string name;
  std::string title;
  std::vector<GivenInput> inputs;
};

/// The examples of one calculator ("training", "breakeven") in a catalogue of them, the default
/// first. Throws Error naming `where` for a catalogue of another shape.
std::vector<WorkedExample> worked_examples(std::string_view catalogue,
                                           const std::string& calculator, const std::string& where);

}  // namespace pingjia::harness
