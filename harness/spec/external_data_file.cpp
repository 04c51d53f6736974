#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/archive.h"
#include "harness/base/error.h"
#include "harness/spec/external_data.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 4> kFormats = {"jsonl", "csv", "json", "text"};
constexpr std::array<std::string_view, 5> kGoldKinds = {"text", "letter", "index", "label",
                                                        "first"};
constexpr std::string_view kSubject = "{subject}";

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void check_path(const ExternalData& data, const Fields& fields) {
  const std::filesystem::path file(data.file);
  const bool climbs = std::find(file.begin(), file.end(), "..") != file.end();
  if (file.empty() || file.is_absolute() || climbs) {
    throw Error(fields.where("file"), "'" + data.file + "' leads out of the data folders",
                "name the file relative to a data folder, without '..'");
  }
}

std::string parse_sha256(Fields& fields) {
  const auto sha256 = fields.optional_text("sha256").value_or("");
  const bool fits =
      sha256.size() == 64 && sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!sha256.empty() && !fits) {
    throw Error(fields.where("sha256"), "expected 64 lower-case hexadecimal digits",
                "copy the output of sha256sum");
  }
  return sha256;
}

DataOrigin parse_origin(Fields fields) {
  DataOrigin origin;
  origin.url = fields.optional_text("url").value_or("");
  origin.hub = fields.optional_text("hub").value_or("");
  origin.path = fields.optional_text("path").value_or("");
  origin.revision = fields.optional_text("revision").value_or(origin.revision);
  origin.config = fields.optional_text("config").value_or("");
  origin.split = fields.optional_text("split").value_or("");
  origin.token_env = fields.optional_text("token_env").value_or("");
  fields.done();
  if (origin.url.empty() == origin.hub.empty()) {
    throw Error(fields.where(), "needs either \"url\" or \"hub\"", "give one of them");
  }
  const bool by_rows = !origin.config.empty() && !origin.split.empty();
  if (!origin.hub.empty() && by_rows == !origin.path.empty()) {
    throw Error(fields.where("hub"), "needs either \"path\", or \"config\" and \"split\"",
                "say which file or which rows are meant");
  }
  return origin;
}

// "choices": a field that holds the list, or one expression for each.
void parse_choices(Fields& mapping, FieldMap& map) {
  const auto* const choices = mapping.any("choices");
  if (choices == nullptr) return;
  if (choices->is_array()) {
    map.choices = mapping.texts("choices");
  } else {
    map.expressions["choices"] = mapping.text("choices");
  }
}

FieldMap::Replacement parse_replacement(const nlohmann::json& entry, const Fields& data) {
  const bool texts = entry.is_array() && (entry.size() == 2 || entry.size() == 3) &&
                     std::all_of(entry.begin(), entry.end(),
                                 [](const nlohmann::json& part) { return part.is_string(); });
  FieldMap::Replacement replacement;
  if (texts) {
    replacement = {entry[0], entry[1], entry.size() == 3 ? entry[2].get<std::string>() : ""};
    const auto& field = replacement.field;
    if (field.empty() || field == "question" || field == "choices" || field == "solution") {
      return replacement;
    }
  }
  throw Error(data.where("replace"), "expected [pattern, text] or [pattern, text, field]",
              "a field is question, choices or solution; without it, question and choices");
}

FieldMap parse_fields(Fields mapping, Fields& data) {
  FieldMap map;
  map.gold_is = data.optional_one_of("gold_is", kGoldKinds).value_or("text");
  map.expressions["question"] = mapping.text("question");
  if (map.gold_is != "first") map.expressions["gold"] = mapping.text("gold");
  if (map.gold_is == "label") map.expressions["labels"] = mapping.text("labels");
  for (const auto* ours : {"id", "cluster", "subject", "solution", "date"}) {
    if (auto theirs = mapping.optional_text(ours)) map.expressions[ours] = *theirs;
  }
  parse_choices(mapping, map);
  mapping.done();
  if (const auto* const replace = data.any("replace")) {
    for (const auto& entry : *replace) map.replace.push_back(parse_replacement(entry, data));
  }
  return map;
}

void parse_id(Fields& fields, ExternalData& data) {
  const auto id = fields.optional_text("id");
  if (id && data.fields.expressions.contains("id")) {
    throw Error(fields.where("id"), "given beside a field for it", "keep one of them");
  }
  data.id = id.value_or("{index}");
  if (!holds(data.id, "{index}")) {
    throw Error(fields.where("id"), "must hold {index}", "write for example \"name-{index}\"");
  }
}

void parse_subjects(Fields& fields, ExternalData& data) {
  data.subjects = fields.optional_texts("subjects").value_or(std::vector<std::string>{});
  if (data.subjects.empty() == holds(data.file, kSubject)) {
    throw Error(fields.where("subjects"), "go with {subject} in \"file\", and only with it",
                "give both or neither");
  }
  data.member = fields.optional_text("member").value_or("");
  if (data.member.empty() == is_archive_name(data.file)) {
    throw Error(fields.where("member"), "goes with an archive (.zip, .tar, .tar.gz), and only so",
                "name the files in it that are meant");
  }
}

void parse_exclusions(Fields& fields, ExternalData& data) {
  for (auto& list : fields.optional_list("exclude")) {
    const auto why = list.text("why");
    for (const auto& id : list.texts("ids")) data.exclude[id] = why;
    list.done();
  }
}

}  // namespace

ExternalData parse_external_data(Fields fields) {
  ExternalData data;
  data.file = fields.text("file");
  check_path(data, fields);
  data.format = fields.one_of("format", kFormats);
  parse_subjects(fields, data);
  data.sha256 = parse_sha256(fields);
  if (auto origin = fields.optional_object("from")) data.origin = parse_origin(*origin);
  if (data.sha256.empty() && !data.origin.known()) {
    throw Error(fields.where(), "has neither \"sha256\" nor \"from\"",
                "say which bytes are meant, or where they come from");
  }
  data.count = static_cast<std::size_t>(fields.optional_integer("count", 1).value_or(0));
  if (data.format == "text") {
    data.after = fields.optional_text("after").value_or("");
  } else {
    data.rows = data.format == "json" ? fields.optional_text("rows").value_or("") : "";
    if (data.format == "csv") {
      data.columns = fields.optional_texts("columns").value_or(std::vector<std::string>{});
    }
    data.fields = parse_fields(fields.object("fields"), fields);
    parse_id(fields, data);
    parse_exclusions(fields, data);
  }
  fields.done();
  return data;
}

}  // namespace pingjia::harness
