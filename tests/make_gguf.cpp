// Writes model files for tests and measurements:
//   pingjia-make-gguf oracle FILE [--answer TEXT]
//   pingjia-make-gguf random FILE [--params 60M] [--seed N]
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle_gguf.h"

namespace {

constexpr char kUsage[] =
    "usage: pingjia-make-gguf oracle FILE [--answer TEXT]   always answers TEXT (42)\n"
    "       pingjia-make-gguf random FILE [--params 60M] [--seed 1]\n";

/// The value of option `name`, or `otherwise`.
std::string option(const std::vector<std::string>& arguments, std::string_view name,
                   std::string otherwise) {
  for (std::size_t i = 2; i + 1 < arguments.size(); i += 2) {
    if (arguments[i] == name) otherwise = arguments[i + 1];
  }
  return otherwise;
}

/// "60M" is 60,000,000; throws std::exception for anything but digits with K, M or G.
std::size_t count_of(const std::string& text) {
  std::size_t used = 0;
  const std::size_t number = std::stoul(text, &used);
  const std::string unit = text.substr(used);
  if (unit.empty()) return number;
  if (unit == "K") return number * 1000;
  if (unit == "M") return number * 1000 * 1000;
  if (unit == "G") return number * 1000 * 1000 * 1000;
  throw std::invalid_argument("bad count " + text);
}

int make(const std::vector<std::string>& arguments) {
  using namespace pingjia::tests;
  const std::string& file = arguments[1];
  if (arguments[0] == "oracle") {
    OracleTable table;
    table.answer(kAssistantToken, option(arguments, "--answer", "42"));
    write_oracle_gguf(file, table);
    std::printf("%s\n", file.c_str());
    return 0;
  }
  const RandomShape shape = shape_with(count_of(option(arguments, "--params", "60M")));
  const auto seed = count_of(option(arguments, "--seed", "1"));
  std::printf("%s: %zu parameters\n", file.c_str(), write_random_gguf(file, shape, seed));
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 2 || (arguments[0] != "oracle" && arguments[0] != "random")) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    return make(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pingjia-make-gguf: %s\n", error.what());
    return 2;
  }
}
