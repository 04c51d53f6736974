#include "harness/spec/suite.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"
#include "harness/base/sha256.h"
#include "harness/spec/suite_file.h"

namespace pingjia::harness {

namespace {

using Path = std::filesystem::path;

bool is_file(const Path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

// Data folders may hold other JSON; a broken suite must still be listed, so nothing is parsed.
bool looks_like_suite(const Path& path) {
  if (path.extension() != ".json" || !is_file(path)) return false;
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return text.find("\"protocols\"") != std::string::npos;
}

// A run file may have the name of a suite: it is passed over where a suite of that name follows.
std::optional<Path> find_suite(const std::string& name, std::span<const Path> folders) {
  const bool is_path = name.ends_with(".json");
  if (is_path && is_file(name)) return Path(name);
  std::optional<Path> found;
  for (const auto& folder : folders) {
    auto file = folder / (is_path ? name : name + ".json");
    if (looks_like_suite(file)) return file;
    if (!found && is_file(file)) found = std::move(file);
  }
  return found;
}

[[noreturn]] void refuse_unknown(const std::string& name, std::span<const Path> folders) {
  const auto known = list_suites(folders);
  const std::vector<std::string_view> names(known.begin(), known.end());
  throw Error("suite '" + name + "'",
              name.ends_with(".json") ? "no such file" : "no suite of that name",
              known.empty() ? "no suites were found: check the folders" : suggest(name, names));
}

// The folders in their order, then those of the suite file; each followed by its sibling "data"
// folder and one within it, so that data lies beside the suites or in a tree of its own.
std::vector<Path> data_folders(const Path& suite_file, std::span<const Path> folders) {
  std::vector<Path> all;
  auto add = [&all](const Path& folder) {
    for (auto path : {folder, folder / "data", folder / ".." / "data"}) {
      path = path.lexically_normal();
      if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(path);
    }
  };
  for (const auto& folder : folders) add(folder);
  add(suite_file.has_parent_path() ? suite_file.parent_path() : Path("."));
  return all;
}

// A suite file found and parsed, its data not yet read.
struct FoundSuite {
  Path path;
  std::string content;  // What its hash is of.
  SuiteFile file;
};

FoundSuite open_suite(const std::string& name, std::span<const Path> folders) {
  const auto path = find_suite(name, folders);
  if (!path) refuse_unknown(name, folders);
  const auto json = read_json_file(*path);
  FoundSuite found{*path, json.dump(), parse_suite_file(json, path->string())};
  if (found.file.suite.name != path->stem().string()) {
    throw Error(path->string(), "its name is '" + found.file.suite.name + "'",
                "name the file " + found.file.suite.name + ".json, or change \"name\"");
  }
  return found;
}

// Shots are needed by some protocols only: the others do without the data of theirs.
void load_shots(SuiteFile& file, std::span<const Path> folders, const std::string& where) {
  try {
    if (file.shot_data) {
      file.suite.shot_pool = read_external_data(*file.shot_data, folders, where).samples;
    }
    if (file.preambles) file.suite.preambles = read_preambles(*file.preambles, folders, where);
  } catch (const Error& error) {
    file.suite.shot_pool_problem = error.what();
  }
}

}  // namespace

Suite load_suite(const std::string& name, std::span<const Path> folders) {
  auto [path, content, file] = open_suite(name, folders);
  const auto where = path.string();
  const auto data = data_folders(path, folders);
  if (file.data) {
    auto loaded = read_external_data(*file.data, data, where);
    file.suite.samples = std::move(loaded.samples);
    content += "\n" + loaded.sha256;
  }
  load_shots(file, data, where);
  check_samples(file.suite, where);
  file.suite.sha256 = sha256_hex(content);
  return std::move(file.suite);
}

Suite describe_suite(const std::string& name, std::span<const Path> folders) {
  return open_suite(name, folders).file.suite;
}

SuiteData describe_data(const std::string& name, std::span<const Path> folders) {
  auto found = open_suite(name, folders);
  SuiteData data;
  data.file = found.path.string();
  for (auto* part : {&found.file.data, &found.file.shot_data, &found.file.preambles}) {
    if (*part) data.parts.push_back(std::move(**part));
  }
  return data;
}

std::vector<std::string> list_suites(std::span<const Path> folders) {
  std::set<std::string> names;
  for (const auto& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (looks_like_suite(entry.path())) names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

const Protocol& find_protocol(const Suite& suite, const std::string& name,
                              const std::string& where) {
  if (name.empty()) return suite.protocols.front();
  std::vector<std::string_view> names;
  for (const auto& protocol : suite.protocols) {
    if (protocol.name == name) return protocol;
    names.push_back(protocol.name);
  }
  throw Error(where, "suite '" + suite.name + "' has no protocol '" + name + "'",
              suggest(name, names));
}

}  // namespace pingjia::harness
