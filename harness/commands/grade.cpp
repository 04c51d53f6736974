#include "harness/commands/grade.h"

#include <fmt/format.h>

#include <istream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

const CommandUsage kGradeUsage{
    "grade",
    "",
    0,
    0,
    "Marks answers without a run. Standard input: one JSON object a line, {\"id\", \"gold\",\n"
    "\"answer\"} and, where they apply, \"choices\", \"protocol\" and \"options\". Standard "
    "output: for\n"
    "each, in the same order, {\"id\", \"verdict\", \"extracted\"}; the verdict is right, wrong,\n"
    "undecided or parse_failed.",
    {{"scorer", "NAME", "name of the scorer: see 'pingjia list scorers'"},
     {"options", "JSON", "object with options of the scorer"}}};

namespace {

using nlohmann::json;

constexpr auto kWhere = "pingjia grade";

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

int grade(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kGradeUsage, raw);
  const auto scorer = arguments.value("scorer");
  if (!scorer) throw Error(kWhere, "needs --scorer", "name one: see 'pingjia list scorers'");
  const auto& row = find_row(world.scorers, "scorer", *scorer, kWhere);
  const std::string options_where = std::string(kWhere) + ": --options";
  const auto options = parse_json(arguments.value("options").value_or("{}"), options_where);
  // Only that it is an object; the scorer checks its keys.
  const Fields checked(options, options_where);
  Scorers made(row.make, options);
  std::string line;
  for (std::size_t number = 1; std::getline(world.in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto where = fmt::format("standard input, line {}", number);
    world.out << graded(parse_json(line, where), made, where)
                     .dump(-1, ' ', false, json::error_handler_t::replace)
              << '\n';
  }
  return kDone;
}

}  // namespace pingjia::harness
