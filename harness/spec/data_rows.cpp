#include "harness/spec/data_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/archive.h"
#include "harness/base/csv.h"
#include "harness/base/error.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::string_view kSubject = "{subject}";

const json& list_of(const json& whole, const std::string& key, const std::string& where) {
  const json* list = &whole;
  if (!key.empty()) {
    const auto found = whole.is_object() ? whole.find(key) : whole.end();
    if (found == whole.end()) throw Error(where, "has no '" + key + "'", "check \"rows\"");
    list = &*found;
  }
  if (!list->is_array()) throw Error(where, "is no list of rows", "name its key in \"rows\"");
  return *list;
}

}  // namespace

bool fits_pattern(std::string_view path, std::string_view pattern, std::string& subject) {
  const auto at = pattern.find(kSubject);
  subject.clear();
  if (at == std::string_view::npos) return path == pattern;
  const auto head = pattern.substr(0, at);
  const auto tail = pattern.substr(at + kSubject.size());
  if (path.size() <= head.size() + tail.size()) return false;
  if (!path.starts_with(head) || !path.ends_with(tail)) return false;
  subject = path.substr(head.size(), path.size() - head.size() - tail.size());
  return subject.find('/') == std::string::npos && subject[0] != '.';
}

std::string with_subject(std::string pattern, const std::string& subject) {
  if (const auto at = pattern.find(kSubject); at != std::string::npos) {
    pattern.replace(at, kSubject.size(), subject);
  }
  return pattern;
}

DataRows::~DataRows() = default;

DataRows::DataRows(const ExternalData& data, std::string_view bytes, const std::string& where,
                   const std::string& subject) {
  if (data.member.empty()) {
    const bool packed = data.file.ends_with(".gz");
    add_text(data, packed ? decompress(bytes, where) : std::string(bytes), where, subject);
    return;
  }
  std::string found;
  const auto members = read_archive(bytes, where, [&](const std::string& path) {
    return fits_pattern(path, data.member, found);
  });
  if (members.empty()) {
    throw Error(where, "holds no file '" + data.member + "'", "check \"member\" of the suite");
  }
  for (const auto& member : members) {
    fits_pattern(member.path, data.member, found);
    add_text(data, member.content, where + ": " + member.path, found.empty() ? subject : found);
  }
}

void DataRows::add(json object, const std::string& where, const std::string& subject) {
  if (!object.is_object()) throw Error(where, "is no JSON object", "restore the published file");
  if (!subject.empty() && !object.contains("subject")) object["subject"] = subject;
  rows_.push_back({std::make_unique<json>(std::move(object)), where});
}

void DataRows::add_text(const ExternalData& data, std::string_view text, const std::string& where,
                        const std::string& subject) {
  std::size_t number = 0;
  const auto place = [&] { return fmt::format("{}: row {}", where, ++number); };
  if (data.format == "json") {
    const json whole = parse_json(text, where);
    for (const auto& row : list_of(whole, data.rows, where)) add(row, place(), subject);
    return;
  }
  if (data.format == "csv") {
    auto table = parse_csv(text, where);
    auto names = data.columns;
    if (names.empty() && !table.empty()) {
      names = table.front();
      table.erase(table.begin());
    }
    for (auto& cells : table) {
      const auto at = place();
      if (cells.size() != names.size()) {
        throw Error(at, fmt::format("has {} cells, {} are named", cells.size(), names.size()),
                    "check \"columns\" of the suite");
      }
      json row = json::object();
      for (std::size_t i = 0; i < cells.size(); ++i) row[names[i]] = std::move(cells[i]);
      add(std::move(row), at, subject);
    }
    return;
  }
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto at = place();
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    add(parse_json(line, at), at, subject);
  }
}

}  // namespace pingjia::harness
