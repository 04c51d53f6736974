#include "suites/scorers/ifeval.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/fields.h"
#include "suites/extract/plain_text.h"
#include "suites/extract/think_tags.h"
#include "suites/instructions/instruction.h"

namespace pingjia::suites {

namespace {

using nlohmann::json;
using View = std::string_view;

struct Item {
  std::vector<const Instruction*> instructions;
  std::vector<json> arguments;
  std::string problem;  // what is wrong with it; empty for nothing
};

Item read_item(const std::string& gold) {
  Item item;
  const auto object = json::parse(gold, nullptr, false);
  const bool shaped = object.is_object() && object.contains("instruction_id_list") &&
                      object["instruction_id_list"].is_array() && object.contains("kwargs") &&
                      object["kwargs"].is_array() &&
                      object["kwargs"].size() == object["instruction_id_list"].size();
  if (!shaped) {
    item.problem = "gold is no object with instruction_id_list and kwargs of one length";
    return item;
  }
  for (const auto& name : object["instruction_id_list"]) {
    const auto* const found =
        name.is_string() ? find_instruction(name.get<std::string>()) : nullptr;
    if (found == nullptr) {
      item.problem =
          "unknown instruction " + name.dump(-1, ' ', false, json::error_handler_t::replace);
      return item;
    }
    item.instructions.push_back(found);
  }
  for (const auto& kwargs : object["kwargs"]) {
    item.arguments.push_back(kwargs.is_object() ? kwargs : json::object());
  }
  return item;
}

std::string without_stars(std::string text) {
  std::erase(text, '*');
  return text;
}

// The answer as it is; loosely, also without its first line, its last, both, and without stars.
std::vector<std::string> forms_of(const std::string& answer, bool loose) {
  std::vector<std::string> forms{answer};
  if (!loose) return forms;
  const auto first = std::min(answer.find('\n'), answer.size());
  const auto last = answer.rfind('\n');
  const auto body = first < answer.size() ? answer.substr(first + 1) : "";
  const auto head = last != std::string::npos ? answer.substr(0, last) : "";
  const auto middle =
      last != std::string::npos && last > first ? answer.substr(first + 1, last - first - 1) : "";
  for (const auto& form : {body, head, middle}) forms.emplace_back(trim(form));
  for (std::size_t i = 0; i < 4; ++i) forms.push_back(without_stars(forms[i]));
  return forms;
}

class Ifeval final : public harness::Scorer {
 public:
  explicit Ifeval(bool loose) : loose_(loose) {}

  harness::Grade grade(const harness::Question& question, View answer) const override {
    harness::Grade grade;
    const auto item = read_item(question.gold);
    if (!item.problem.empty()) {
      grade.verdict = harness::Verdict::kUndecided;
      grade.rule = item.problem;
      return grade;
    }
    const auto response = without_thinking(answer);
    std::vector<bool> followed;
    try {
      followed = marks(item, response);
    } catch (const InstructionArguments::BadArgument& bad) {
      grade.verdict = harness::Verdict::kUndecided;
      grade.rule = "kwargs lack a good \"" + bad.key + "\"";
      return grade;
    }
    const auto count = std::count(followed.begin(), followed.end(), true);
    grade.instructions = followed;
    grade.rule = loose_ ? "loose" : "strict";
    // An empty answer follows nothing, and is no answer.
    if (trim(response).empty()) return grade;
    grade.extracted = std::to_string(count) + "/" + std::to_string(followed.size());
    const bool all = count == static_cast<std::ptrdiff_t>(followed.size());
    grade.verdict = all ? harness::Verdict::kRight : harness::Verdict::kWrong;
    return grade;
  }
  View version() const override { return "ifeval-1"; }

 private:
  std::vector<bool> marks(const Item& item, const std::string& response) const {
    const auto forms = forms_of(response, loose_);
    std::vector<bool> followed;
    for (std::size_t i = 0; i < item.instructions.size(); ++i) {
      const InstructionArguments asked(item.arguments[i]);
      followed.push_back(std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
        return !trim(form).empty() && item.instructions[i]->follows(form, asked);
      }));
    }
    return followed;
  }

  bool loose_;
};

}  // namespace

std::unique_ptr<harness::Scorer> make_ifeval(const json& options, const std::string& where) {
  constexpr std::array<View, 2> kProtocols = {"strict", "loose"};
  harness::Fields fields(options, where);
  const bool loose = fields.optional_one_of("protocol", kProtocols) == "loose";
  fields.done();
  return std::make_unique<Ifeval>(loose);
}

}  // namespace pingjia::suites
