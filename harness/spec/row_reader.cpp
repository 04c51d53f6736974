#include "harness/spec/row_reader.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr auto kMend = "check \"fields\" of the suite";

// ASCII only: the first letter upper, the rest lower case.
std::string capitalize(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 0 && text[i] >= 'a' && text[i] <= 'z') text[i] = static_cast<char>(text[i] - 32);
    if (i > 0 && text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] + 32);
  }
  return text;
}

// The field that a path with dots names; a key with dots in it comes first.
const json& value_at(const json& row, const std::string& path, const std::string& where) {
  if (row.is_object()) {
    if (const auto found = row.find(path); found != row.end()) return *found;
    if (const auto dot = path.find('.'); dot != std::string::npos) {
      const auto outer = row.find(path.substr(0, dot));
      if (outer != row.end()) return value_at(*outer, path.substr(dot + 1), where);
    }
  }
  throw Error(where, "has no field '" + path + "'", kMend);
}

// Numbers become the text that JSON writes for them.
std::string text_of(const json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  throw Error(where, "expected a text or a number", kMend);
}

std::string evaluate(const std::string& expression, const json& row, const std::string& where) {
  if (expression == "*") return row.dump();
  if (expression.find('{') == std::string::npos) {
    return text_of(value_at(row, expression, where), where + ": " + expression);
  }
  std::string text;
  for (std::size_t at = 0; at < expression.size();) {
    const auto open = expression.find('{', at);
    text += expression.substr(at, open - at);
    if (open == std::string::npos) break;
    const auto close = expression.find('}', open);
    if (close == std::string::npos) throw Error(where, "a brace is never closed", kMend);
    auto name = expression.substr(open + 1, close - open - 1);
    constexpr std::string_view kCapitalize = ":capitalize";
    const bool capital = name.ends_with(kCapitalize);
    if (capital) name.resize(name.size() - kCapitalize.size());
    auto value = text_of(value_at(row, name, where), where + ": " + name);
    text += capital ? capitalize(std::move(value)) : value;
    at = close + 1;
  }
  return text;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

struct RowReader::Impl {
  const ExternalData& data;
  std::vector<std::unique_ptr<RE2>> patterns;  // Of data.fields.replace, one each.

  std::string field(const json& row, const std::string& ours, const std::string& where) const {
    const auto known = data.fields.expressions.find(ours);
    return known == data.fields.expressions.end() ? "" : evaluate(known->second, row, where);
  }

  std::string replaced(std::string text, std::string_view field) const {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const auto& replacement = data.fields.replace[i];
      const bool meant =
          replacement.field.empty() ? field != "solution" : replacement.field == field;
      if (meant) RE2::GlobalReplace(&text, *patterns[i], replacement.text);
    }
    return text;
  }

  std::vector<std::string> choices(const json& row, const std::string& where) const {
    std::vector<std::string> texts;
    for (const auto& expression : data.fields.choices) {
      texts.push_back(evaluate(expression, row, where));
    }
    if (const auto known = data.fields.expressions.find("choices");
        known != data.fields.expressions.end()) {
      const json& list = value_at(row, known->second, where);
      if (!list.is_array()) throw Error(where, "'" + known->second + "' is no list", kMend);
      for (const auto& choice : list) texts.push_back(text_of(choice, where));
    }
    for (auto& text : texts) text = replaced(std::move(text), "choices");
    return texts;
  }

  std::string gold(const json& row, const std::string& where) const {
    const auto& kind = data.fields.gold_is;
    if (kind == "first") return "A";
    const auto text = field(row, "gold", where);
    if (kind == "letter") return trimmed(text);
    if (kind == "index") {
      const bool digits = !text.empty() && text.size() < 3 &&
                          text.find_first_not_of("0123456789") == std::string::npos;
      if (!digits) throw Error(where, "'" + text + "' is no index of a choice", kMend);
      return choice_letter(std::stoul(text));
    }
    if (kind == "label") {
      const json& labels = value_at(row, data.fields.expressions.at("labels"), where);
      const auto found = std::find(labels.begin(), labels.end(), json(text));
      if (found == labels.end()) throw Error(where, "'" + text + "' is none of its labels", kMend);
      return choice_letter(static_cast<std::size_t>(found - labels.begin()));
    }
    return text;
  }

  std::string id(const json& row, std::size_t index, const Sample& sample,
                 const std::string& where) const {
    if (data.fields.expressions.contains("id")) return field(row, "id", where);
    std::string id = data.id;
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{"{index}", std::to_string(index)},
          {"{subject}", sample.subject}}) {
      if (const auto at = id.find(name); at != std::string::npos)
        id.replace(at, name.size(), value);
    }
    return id;
  }
};

RowReader::RowReader(const ExternalData& data) : impl_(new Impl{data, {}}) {
  for (const auto& [pattern, text, field] : data.fields.replace) {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    auto compiled = std::make_unique<RE2>(pattern, quiet);
    std::string problem;
    if (!compiled->ok() || !compiled->CheckRewriteString(text, &problem)) {
      throw Error("\"replace\": " + pattern, compiled->ok() ? problem : compiled->error(),
                  "correct the pattern");
    }
    impl_->patterns.push_back(std::move(compiled));
  }
}

RowReader::~RowReader() = default;

Sample RowReader::read(const json& row, std::size_t index, const std::string& where) const {
  const Impl& map = *impl_;
  Sample sample;
  sample.subject = map.field(row, "subject", where);
  sample.id = map.id(row, index, sample, where);
  sample.question = map.replaced(map.field(row, "question", where), "question");
  sample.choices = map.choices(row, where);
  sample.gold = map.gold(row, where);
  sample.cluster = map.field(row, "cluster", where);
  sample.solution = map.replaced(map.field(row, "solution", where), "solution");
  sample.date = map.field(row, "date", where);
  return sample;
}

}  // namespace pingjia::harness
