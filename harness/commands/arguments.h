#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pingjia::harness {

/// One option of a command. `value` names what follows it; empty for a flag.
struct OptionHelp {
  std::string name;   ///< Without dashes: "resume".
  std::string value;  ///< "DIR"
  std::string help;
};

/// What a command takes; `pingjia help X` prints it, and the parser obeys it.
struct CommandUsage {
  std::string command;
  std::string positionals;  ///< "FILE", "A B", "[DIR...]"
  std::size_t least = 0;    ///< How many positionals.
  std::size_t most = 0;
  std::string help;
  std::vector<OptionHelp> options;
};

/// Parsed arguments.
class Arguments {
 public:
  /// Throws Error for an unknown option (naming the nearest), a missing value, or the wrong number
  /// of positionals.
  Arguments(const CommandUsage& usage, std::span<const std::string> arguments);

  bool has(const std::string& option) const { return values_.contains(option); }
  /// The last one given.
  std::optional<std::string> value(const std::string& option) const;
  /// Every value of an option that may be given more than once, in order.
  std::vector<std::string> values(const std::string& option) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positionals_;
};

/// "pingjia run FILE [--resume DIR]", then the help and the options.
std::string usage_text(const CommandUsage& usage);

}  // namespace pingjia::harness
