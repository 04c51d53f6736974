#include "harness/spec/external_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/base/sha256.h"
#include "harness/spec/prompt_template.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 1> kFormats = {"jsonl"};

std::filesystem::path find_data(const ExternalData& data,
                                std::span<const std::filesystem::path> folders,
                                const std::string& where) {
  std::vector<std::string> searched;
  for (const auto& folder : folders) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / data.file, ignored)) return folder / data.file;
    if (std::filesystem::is_directory(folder, ignored)) searched.push_back(folder.string());
  }
  throw Error(where, "its data file " + data.file + " was not found",
              fmt::format("put it into one of these folders: {}; or name the folder that has it: "
                          "\"data\" in the run file, or PINGJIA_DATA",
                          fmt::join(searched, ", ")));
}

// Numbers become the text that JSON writes for them.
std::string text_of(const nlohmann::json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  throw Error(where, "expected a text or a number", "check the field mapping of the suite");
}

class RowReader {
 public:
  explicit RowReader(const ExternalData& data) : data_(data), id_(data.id) {}

  Sample read(const nlohmann::json& row, std::size_t index, const std::string& where) const {
    Sample sample;
    sample.id = data_.fields.contains("id")
                    ? field(row, "id", where)
                    : id_.expand([&](std::string_view) { return std::to_string(index); });
    sample.question = field(row, "question", where);
    sample.gold = field(row, "gold", where);
    if (data_.fields.contains("cluster")) sample.cluster = field(row, "cluster", where);
    if (data_.fields.contains("choices")) {
      const auto& choices = value(row, "choices", where);
      if (!choices.is_array()) throw Error(where, "choices are no list", "check the mapping");
      for (const auto& choice : choices) sample.choices.push_back(text_of(choice, where));
    }
    return sample;
  }

 private:
  const nlohmann::json& value(const nlohmann::json& row, const std::string& ours,
                              const std::string& where) const {
    const auto& theirs = data_.fields.at(ours);
    const auto found = row.is_object() ? row.find(theirs) : row.end();
    if (found == row.end()) {
      throw Error(where, "has no field '" + theirs + "'", "check the field mapping of the suite");
    }
    return *found;
  }
  std::string field(const nlohmann::json& row, const std::string& ours,
                    const std::string& where) const {
    return text_of(value(row, ours, where), where + ": " + data_.fields.at(ours));
  }

  const ExternalData& data_;
  PromptTemplate id_;
};

std::vector<Sample> read_lines(const ExternalData& data, std::string_view text,
                               const std::string& file) {
  const RowReader reader(data);
  std::vector<Sample> samples;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto where = fmt::format("{}: row {}", file, number);
    samples.push_back(reader.read(parse_json(line, where), samples.size(), where));
  }
  return samples;
}

void check_path(const ExternalData& data, const Fields& fields) {
  const std::filesystem::path file(data.file);
  const bool climbs = std::find(file.begin(), file.end(), "..") != file.end();
  if (file.empty() || file.is_absolute() || climbs) {
    throw Error(fields.where("file"), "'" + data.file + "' leads out of the data folders",
                "name the file relative to a data folder, without '..'");
  }
}

}  // namespace

ExternalData parse_external_data(Fields fields) {
  ExternalData data;
  data.file = fields.text("file");
  check_path(data, fields);
  data.sha256 = fields.text("sha256");
  if (data.sha256.size() != 64 ||
      data.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw Error(fields.where("sha256"), "expected 64 lower-case hexadecimal digits",
                "copy the output of sha256sum");
  }
  data.format = fields.one_of("format", kFormats);
  data.count = static_cast<std::size_t>(fields.integer("count", 1));
  auto mapping = fields.object("fields");
  for (const auto* ours : {"question", "gold"}) data.fields[ours] = mapping.text(ours);
  for (const auto* ours : {"id", "choices", "cluster"}) {
    if (auto theirs = mapping.optional_text(ours)) data.fields[ours] = *theirs;
  }
  mapping.done();
  const auto id = fields.optional_text("id");
  if (id && data.fields.contains("id")) {
    throw Error(fields.where("id"), "given beside a field for it", "keep one of them");
  }
  data.id = id.value_or("{index}");
  if (PromptTemplate(data.id).names() != std::vector<std::string>{"index"}) {
    throw Error(fields.where("id"), "must hold {index} once, and no other placeholder",
                "write for example \"name-{index}\"");
  }
  fields.done();
  return data;
}

std::vector<Sample> read_external_data(const ExternalData& data,
                                       std::span<const std::filesystem::path> folders,
                                       const std::string& where) {
  const auto file = find_data(data, folders, where);
  const auto text = read_file(file);
  const auto found = sha256_hex(text);
  if (found != data.sha256) {
    throw Error(file.string(),
                fmt::format("its sha256 is {}, but {} expects {} ({} bytes, {} lines found; {} "
                            "samples expected)",
                            found, where, data.sha256, text.size(),
                            std::count(text.begin(), text.end(), '\n'), data.count),
                "restore the published file; if another edition is meant, put its sha256 and count "
                "into the suite");
  }
  auto samples = read_lines(data, text, file.string());
  if (samples.size() != data.count) {
    throw Error(file.string(),
                fmt::format("holds {} samples, but {} says {}", samples.size(), where, data.count),
                "correct \"count\" in the suite");
  }
  return samples;
}

}  // namespace pingjia::harness
