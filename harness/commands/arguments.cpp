#include "harness/commands/arguments.h"

#include <boost/program_options.hpp>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

namespace po = boost::program_options;

po::options_description described(const CommandUsage& usage) {
  po::options_description options;
  for (const auto& option : usage.options) {
    // The library's spelling of an option with one letter and one dash.
    const std::string name = option.name.size() == 1 ? "," + option.name : option.name;
    if (option.value.empty()) {
      options.add_options()(name.c_str(), option.help.c_str());
    } else {
      options.add_options()(name.c_str(), po::value<std::string>(), option.help.c_str());
    }
  }
  return options;
}

[[noreturn]] void refuse(const CommandUsage& usage, const std::string& problem,
                         const std::string& mend) {
  throw Error("pingjia " + usage.command, problem,
              mend.empty() ? "see 'pingjia help " + usage.command + "'" : mend);
}

std::string nearest_option(const CommandUsage& usage, std::string name) {
  while (!name.empty() && name[0] == '-') name.erase(0, 1);
  std::vector<std::string_view> known;
  for (const auto& option : usage.options) known.push_back(option.name);
  const std::string best = nearest(name, known);
  return best.empty() ? "" : "did you mean '--" + best + "'?";
}

std::string dashed(const std::string& name) {
  return (name.size() == 1 ? "-" : "--") + name;
}

// One line for a flag or an option with its value.
std::string option_line(const OptionHelp& option) {
  std::string line = "  " + dashed(option.name) + (option.value.empty() ? "" : " " + option.value);
  line.resize(std::max<std::size_t>(line.size() + 2, 24), ' ');
  return line + option.help + "\n";
}

}  // namespace

Arguments::Arguments(const CommandUsage& usage, std::span<const std::string> arguments) {
  try {
    const auto options = described(usage);
    const auto parsed =
        po::command_line_parser({arguments.begin(), arguments.end()})
            .options(options)
            .style(po::command_line_style::allow_long | po::command_line_style::long_allow_next |
                   po::command_line_style::long_allow_adjacent |
                   po::command_line_style::allow_short |
                   po::command_line_style::allow_dash_for_short |
                   po::command_line_style::short_allow_next)
            .allow_unregistered()
            .run();
    for (const auto& option : parsed.options) {
      if (option.position_key >= 0 || option.string_key.empty()) {
        positionals_.insert(positionals_.end(), option.original_tokens.begin(),
                            option.original_tokens.end());
      } else if (option.unregistered) {
        const auto& token = option.original_tokens.front();
        refuse(usage, "unknown option '" + token + "'", nearest_option(usage, token));
      } else {
        const auto& key = option.string_key;
        values_[key[0] == '-' ? key.substr(1) : key].push_back(
            option.value.empty() ? "" : option.value.front());
      }
    }
  } catch (const po::error& wrong) {
    refuse(usage, wrong.what(), "");
  }
  if (positionals_.size() < usage.least || positionals_.size() > usage.most) {
    refuse(usage,
           "takes " + (usage.positionals.empty() ? "no arguments" : usage.positionals) + ", got " +
               std::to_string(positionals_.size()),
           "");
  }
}

std::optional<std::string> Arguments::value(const std::string& option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(const std::string& option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::string usage_text(const CommandUsage& usage) {
  std::string text = "pingjia " + usage.command;
  if (!usage.positionals.empty()) text += " " + usage.positionals;
  for (const auto& option : usage.options) {
    text += " [" + dashed(option.name) + (option.value.empty() ? "" : " " + option.value) + "]";
  }
  text += "\n\n" + usage.help + "\n";
  if (!usage.options.empty()) text += "\n";
  for (const auto& option : usage.options) text += option_line(option);
  return text;
}

}  // namespace pingjia::harness
