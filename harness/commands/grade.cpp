#include "harness/commands/grade.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <istream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/fields.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

namespace po = boost::program_options;
using nlohmann::json;

constexpr auto kWhere = "grade";

po::options_description described() {
  po::options_description description("pingjia grade --scorer NAME [--options JSON] < LINES");
  description.add_options()("help", "this text")("scorer", po::value<std::string>(),
                                                 "name of the scorer: see `pingjia list scorers`")(
      "options", po::value<std::string>()->default_value("{}"),
      "JSON object with options of the scorer");
  return description;
}

po::variables_map read_arguments(std::span<const std::string> arguments) {
  const std::vector<std::string> copied(arguments.begin(), arguments.end());
  po::variables_map values;
  try {
    // No positional arguments: a stray word would otherwise be passed over.
    po::positional_options_description none;
    po::store(po::command_line_parser(copied).options(described()).positional(none).run(), values);
    po::notify(values);
  } catch (const po::error& error) {
    throw Error(kWhere, error.what(), "see `pingjia grade --help`");
  }
  if (values.count("help") == 0 && values.count("scorer") == 0) {
    throw Error(kWhere, "--scorer is missing", "name one: see `pingjia list scorers`");
  }
  return values;
}

// A scorer for each set of options that the lines ask for: few, so all are kept, up to a bound.
class Scorers {
 public:
  Scorers(MakeScorer make, json options) : make_(make), options_(std::move(options)) {
    at("", nullptr, kWhere + std::string(": --options"));
  }

  const Scorer& at(const std::string& protocol, const json* options, const std::string& where) {
    const auto key = protocol + "\n" + (options == nullptr ? "" : options->dump());
    const auto known = made_.find(key);
    if (known != made_.end()) return *known->second;
    json merged = options_;
    if (!protocol.empty()) merged["protocol"] = protocol;
    if (options != nullptr) merged.update(*options);
    constexpr std::size_t kMost = 256;
    if (made_.size() >= kMost) made_.clear();
    return *made_.emplace(key, make_(merged, where)).first->second;
  }

 private:
  MakeScorer make_;
  json options_;
  std::map<std::string, std::unique_ptr<Scorer>> made_;
};

// The gold may be written as a JSON number, or be an object of the data set's own.
std::string gold_text(Fields& fields) {
  const json* const gold = fields.any("gold");
  return gold != nullptr && (gold->is_number() || gold->is_object()) ? gold->dump()
                                                                     : fields.text("gold");
}

json graded(const json& line, Scorers& scorers, const std::string& where) {
  Fields fields(line, where);
  const json* const id = fields.any("id");
  if (id == nullptr || id->is_structured()) {
    throw Error(where, "\"id\" is missing, or neither text nor number", "give each line its id");
  }
  const auto gold = gold_text(fields);
  const auto answer = fields.text("answer");
  const auto choices = fields.optional_texts("choices").value_or(std::vector<std::string>{});
  const auto protocol = fields.optional_text("protocol").value_or("");
  const json* const options = fields.any("options");
  if (options != nullptr) fields.object("options");
  fields.done();
  const auto grade = scorers.at(protocol, options, where).grade({gold, choices}, answer);
  json marked{{"id", *id},
              {"verdict", verdict_name(grade.verdict)},
              {"extracted", grade.extracted ? json(*grade.extracted) : json(nullptr)}};
  if (!grade.instructions.empty()) marked["instructions"] = grade.instructions;
  return marked;
}

}  // namespace

int grade(Table<MakeScorer> scorers, std::span<const std::string> arguments, std::istream& in,
          std::ostream& out) {
  const auto values = read_arguments(arguments);
  if (values.count("help") > 0) {
    out << described();
    return 0;
  }
  const auto& row = find_row(scorers, "scorer", values["scorer"].as<std::string>(), kWhere);
  const std::string options_where = std::string(kWhere) + ": --options";
  const auto options = parse_json(values["options"].as<std::string>(), options_where);
  // Only that it is an object; the scorer checks its keys.
  const Fields checked(options, options_where);
  Scorers made(row.make, options);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto where = fmt::format("standard input, line {}", number);
    out << graded(parse_json(line, where), made, where)
               .dump(-1, ' ', false, json::error_handler_t::replace)
        << '\n';
  }
  out.flush();
  if (!out) throw Error("standard output", "cannot be written", "check the disk or the pipe");
  return 0;
}

}  // namespace pingjia::harness
