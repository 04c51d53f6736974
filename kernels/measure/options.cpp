#include "kernels/measure/options.h"

#include <charconv>

#include "harness/base/error.h"

namespace pingjia::kernels {
namespace {

using harness::Error;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    if (comma > begin) parts.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return parts;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

double seconds(const std::string& text) {
  const bool minutes = text.ends_with('m');
  const std::string_view digits =
      std::string_view(text).substr(0, text.size() - (minutes || text.ends_with('s') ? 1 : 0));
  const auto value = number<double>(digits);
  if (!value || !(*value > 0)) {
    throw Error("--budget", "'" + text + "' is no time", "write 300s or 5m");
  }
  return *value * (minutes ? 60 : 1);
}

int threads(const std::string& text) {
  const auto value = number<int>(text);
  if (!value || *value < 1 || *value > 4096) {
    throw Error("--threads", "'" + text + "' is no number of threads", "write 1 to 4096");
  }
  return *value;
}

std::vector<std::string> caches(const std::string& text) {
  if (text == "both") return {"hot", "cold"};
  if (text == "hot" || text == "cold") return {text};
  throw Error("--cache", "'" + text + "' is unknown", "write hot, cold or both");
}

bool every_isa(const std::string& text) {
  if (text != "all" && text != "best") {
    throw Error("--isa", "'" + text + "' is unknown", "write best or all");
  }
  return text == "all";
}

bool check_only(const std::string& text) {
  if (text != "only") throw Error("--check", "'" + text + "' is unknown", "write only");
  return true;
}

/// Whether the flag was one of ours.
bool take(const std::string& flag, const std::string& value, Options& options) {
  if (flag == "--model") {
    options.models = split(value);
  } else if (flag == "--budget") {
    options.budget = seconds(value);
  } else if (flag == "--out") {
    options.out = value;
  } else if (flag == "--threads") {
    options.threads = threads(value);
  } else if (flag == "--cache") {
    options.caches = caches(value);
  } else if (flag == "--check") {
    options.check_only = check_only(value);
  } else if (flag == "--device") {
    options.device = value;
  } else if (flag == "--isa") {
    options.every_isa = every_isa(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace

const char* const kUsage =
    "pingjia-kernels [--model=NAME,...] [--budget=300s] [--out=DIR] [--threads=N]\n"
    "                [--cache=hot|cold|both] [--isa=best|all] [--device=cpu|cuda] [--check=only]\n"
    "                [--benchmark_filter=...]\n"
    "pingjia-kernels compare A.json B.json\n"
    "\n"
    "  --model      models of the catalogue, or a Hugging Face config.json (ends in .json)\n"
    "  --budget     time for all rows together\n"
    "  --out        folder for kernels.json, kernels.samples and benchmark.json\n"
    "  --cache      operands from the caches or from memory; otherwise what suits each row\n"
    "  --check      only: every row once against its reference, and no times\n"
    "  --device     what to measure: the processor, or the first GPU\n"
    "  --isa        every instruction set that is here, not only the best\n"
    "\n";

Options take_options(std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> left;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    // "--budget 300s" too: the value may stand apart.
    const bool apart = equals == std::string::npos && i + 1 < arguments.size();
    const std::string value = equals != std::string::npos ? argument.substr(equals + 1)
                              : apart                     ? arguments[i + 1]
                                                          : "";
    if (flag == "--benchmark_filter" && equals != std::string::npos) options.filter = value;
    if (i == 0 || !take(flag, value, options)) {
      left.push_back(argument);
    } else if (apart) {
      ++i;
    }
  }
  arguments = left;
  return options;
}

}  // namespace pingjia::kernels
