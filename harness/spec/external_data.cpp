#include "harness/spec/external_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/sha256.h"
#include "harness/spec/data_lock.h"
#include "harness/spec/data_rows.h"
#include "harness/spec/row_reader.h"

namespace pingjia::harness {

namespace {

using Path = std::filesystem::path;

bool holds_all(const Path& folder, const std::vector<std::string>& files) {
  std::error_code ignored;
  return std::all_of(files.begin(), files.end(), [&](const std::string& file) {
    return std::filesystem::is_regular_file(folder / file, ignored);
  });
}

Path find_folder(const ExternalData& data, std::span<const Path> folders,
                 const std::string& where) {
  std::vector<std::string> searched;
  const auto files = data.files();
  for (const auto& folder : folders) {
    std::error_code ignored;
    if (holds_all(folder, files)) return folder;
    if (std::filesystem::is_directory(folder, ignored)) searched.push_back(folder.string());
  }
  const auto suite = Path(where).stem().string();
  throw MissingData(
      where, "its data file " + data.file + " was not found",
      fmt::format("{}put it into one of these folders: {}; or name the folder that has it: "
                  "\"data\" in the run file, or PINGJIA_DATA",
                  data.origin.known() ? "run `pingjia fetch " + suite + "`, or " : "",
                  fmt::join(searched, ", ")),
      data.origin.known());
}

// One file's bytes, its subject, and whether the folder's lock knows it so.
struct FileBytes {
  std::string name;
  std::string subject;
  std::string bytes;
  std::string sha256;
};

std::string combined_hash(const std::vector<FileBytes>& files) {
  if (files.size() == 1) return files[0].sha256;
  std::string lines;
  for (const auto& file : files) lines += file.sha256 + "  " + file.name + "\n";
  return sha256_hex(lines);
}

void check_lock(const FileBytes& file, const DataLock& lock, const Path& folder,
                const std::string& where) {
  const auto locked = lock.find(file.name);
  const auto place = (folder / file.name).string();
  if (!locked) {
    throw Error(place, "nothing pins it: " + where + " knows no sha256, and no fetch recorded one",
                "run `pingjia fetch " + Path(where).stem().string() + "`, with --from " + place +
                    " where the file is already the right one");
  }
  if (locked->sha256 == file.sha256) return;
  throw Error(
      place,
      fmt::format("its sha256 is {}, but it was {} when it was fetched on {} ({} bytes now, "
                  "{} then)",
                  file.sha256, locked->sha256, locked->fetched, file.bytes.size(), locked->bytes),
      "restore the file, or fetch it again");
}

std::vector<FileBytes> read_pinned(const ExternalData& data, std::span<const Path> folders,
                                   const std::string& where) {
  const auto folder = find_folder(data, folders, where);
  std::vector<FileBytes> files;
  for (const auto& name : data.files()) {
    FileBytes file{name, "", read_file(folder / name), ""};
    fits_pattern(name, data.file, file.subject);
    file.sha256 = sha256_hex(file.bytes);
    files.push_back(std::move(file));
  }
  if (data.sha256.empty()) {
    const DataLock lock(folder);
    for (const auto& file : files) check_lock(file, lock, folder, where);
    return files;
  }
  const auto found = combined_hash(files);
  if (found == data.sha256) return files;
  const auto& text = files[0].bytes;
  throw Error((folder / data.file).string(),
              fmt::format("its sha256 is {}, but {} expects {} ({} bytes, {} lines found; {} "
                          "samples expected)",
                          found, where, data.sha256, text.size(),
                          std::count(text.begin(), text.end(), '\n'), data.count),
              "restore the published file; if another edition is meant, put its sha256 and count "
              "into the suite");
}

void leave_out(const ExternalData& data, std::vector<Sample>& samples, const std::string& where) {
  for (const auto& [id, why] : data.exclude) {
    const auto removed =
        std::erase_if(samples, [&id = id](const Sample& sample) { return sample.id == id; });
    if (removed == 0) {
      throw Error(where, "excludes '" + id + "', which is not in the data", "remove it");
    }
  }
}

}  // namespace

std::vector<std::string> ExternalData::files() const {
  if (subjects.empty()) return {file};
  std::vector<std::string> all;
  for (const auto& subject : subjects) all.push_back(with_subject(file, subject));
  return all;
}

LoadedData read_external_data(const ExternalData& data, std::span<const Path> folders,
                              const std::string& where) {
  const auto files = read_pinned(data, folders, where);
  const RowReader reader(data);
  LoadedData loaded;
  loaded.sha256 = combined_hash(files);
  for (const auto& file : files) {
    const DataRows rows(data, file.bytes, file.name, file.subject);
    for (const auto& row : rows.rows()) {
      loaded.samples.push_back(reader.read(*row.object, loaded.samples.size(), row.where));
    }
  }
  if (data.count != 0 && loaded.samples.size() != data.count) {
    throw Error(
        data.file,
        fmt::format("holds {} samples, but {} says {}", loaded.samples.size(), where, data.count),
        "correct \"count\" in the suite");
  }
  leave_out(data, loaded.samples, where);
  return loaded;
}

std::map<std::string, std::string> read_preambles(const ExternalData& data,
                                                  std::span<const Path> folders,
                                                  const std::string& where) {
  std::map<std::string, std::string> preambles;
  for (const auto& file : read_pinned(data, folders, where)) {
    const auto at = data.after.empty() ? 0 : file.bytes.find(data.after);
    if (at == std::string::npos) {
      throw Error(file.name, "does not hold the text that \"after\" names", "correct the suite");
    }
    preambles[file.subject] = file.bytes.substr(at + data.after.size());
  }
  return preambles;
}

}  // namespace pingjia::harness
