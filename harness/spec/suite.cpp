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

std::optional<Path> find_suite(const std::string& name, std::span<const Path> folders) {
  const bool is_path = name.ends_with(".json");
  if (is_path && is_file(name)) return Path(name);
  for (const auto& folder : folders) {
    auto file = folder / (is_path ? name : name + ".json");
    if (is_file(file)) return file;
  }
  return std::nullopt;
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

// Data folders may hold other JSON; a broken suite must still be listed, so nothing is parsed.
bool looks_like_suite(const Path& path) {
  if (path.extension() != ".json" || !is_file(path)) return false;
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return text.find("\"protocols\"") != std::string::npos;
}

}  // namespace

Suite load_suite(const std::string& name, std::span<const Path> folders) {
  const auto found = find_suite(name, folders);
  if (!found) refuse_unknown(name, folders);
  const auto where = found->string();
  const auto json = read_json_file(*found);
  auto file = parse_suite_file(json, where);
  if (file.suite.name != found->stem().string()) {
    throw Error(where, "its name is '" + file.suite.name + "'",
                "name the file " + file.suite.name + ".json, or change \"name\"");
  }
  std::string content = json.dump();
  if (file.data) {
    file.suite.samples = read_external_data(*file.data, data_folders(*found, folders), where);
    content += "\n" + file.data->sha256;
  }
  check_samples(file.suite, where);
  file.suite.sha256 = sha256_hex(content);
  return std::move(file.suite);
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
