#include "harness/commands/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/sha256.h"
#include "harness/commands/data_origin.h"
#include "harness/spec/data_lock.h"
#include "harness/spec/data_rows.h"
#include "harness/spec/row_reader.h"
#include "harness/spec/suite_file.h"

namespace pingjia::harness {

const CommandUsage kFetchUsage{
    "fetch",
    "SUITE...",
    1,
    1000,
    "Fetches the published data of suites into a data folder, and checks it: its sha256 and its\n"
    "number of rows where the suite names them. Where it names no sha256, the first fetch pins "
    "the\n"
    "files in DIR/pingjia.lock.json, and whatever comes later must be the same. A file appears "
    "whole\n"
    "or not at all; a broken fetch goes on where it stopped. HF_ENDPOINT and "
    "PINGJIA_ROWS_ENDPOINT\n"
    "name other servers than the Hub's.",
    {{"data", "DIR", "the data folder (default: PINGJIA_DATA, else ./data)"},
     {"from", "PATH", "take the files from this file or folder instead of the network"},
     {"accept-new", "", "where the publisher's data has changed, pin what it is now"}}};

namespace {

using Path = std::filesystem::path;

struct StagedFile {
  std::string name;
  std::string subject;
  OriginFile content;
  std::string sha256;
  std::size_t rows = 0;
  bool fresh = false;  // Not what lies in the folder already.
};

class SuiteFetch {
 public:
  SuiteFetch(const World& world, Path folder, std::string from, bool accept_new)
      : world_(world),
        folder_(std::move(folder)),
        from_(std::move(from)),
        accept_new_(accept_new),
        lock_(folder_) {}

  void fetch(const std::string& suite) {
    const auto data = describe_data(suite, world_.suite_folders);
    where_ = data.file;
    if (data.parts.empty()) {
      world_.out << suite << ": its samples are in the suite file; nothing to fetch\n";
    }
    for (const auto& part : data.parts) fetch_part(part);
  }

 private:
  void fetch_part(const ExternalData& data) {
    std::vector<StagedFile> files;
    for (const auto& name : data.files()) files.push_back(stage(data, name));
    const auto samples = check_rows(data, files);
    check_hash(data, files, samples);
    for (auto& file : files) {
      if (file.fresh) install(data, file);
      report(data, file);
    }
  }

  // As it lies in the folder when that is what is meant; else from its origin.
  StagedFile stage(const ExternalData& data, const std::string& name) {
    StagedFile file;
    file.name = name;
    fits_pattern(name, data.file, file.subject);
    std::error_code ignored;
    const auto target = folder_ / name;
    if (from_.empty() && std::filesystem::is_regular_file(target, ignored)) {
      file.content.bytes = read_file(target);
      file.sha256 = sha256_hex(file.content.bytes);
      const auto locked = lock_.find(name);
      const bool known = locked ? locked->sha256 == file.sha256 : file.sha256 == data.sha256;
      if (known && !accept_new_) return file;
    }
    file.content = from_.empty() ? download(data, file) : copy(data, name);
    file.sha256 = sha256_hex(file.content.bytes);
    file.fresh = true;
    return file;
  }

  OriginFile download(const ExternalData& data, const StagedFile& file) {
    if (!data.origin.known()) {
      throw Error(where_, "names no place where " + file.name + " can be fetched",
                  "get it from the publisher and use --from");
    }
    std::string flat = file.name;
    std::replace(flat.begin(), flat.end(), '/', '_');
    make_folder(folder_ / ".parts");
    world_.err << "fetching " << file.name << "\n";
    return fetch_origin(world_, data.origin, file.subject, folder_ / ".parts" / flat);
  }

  OriginFile copy(const ExternalData& data, const std::string& name) const {
    Path path = from_;
    if (std::filesystem::is_directory(path)) {
      path /= name;
      if (!std::filesystem::exists(path)) path = Path(from_) / Path(name).filename();
    } else if (!data.subjects.empty()) {
      throw Error(from_, "is one file, but " + data.file + " is one for each subject",
                  "name the folder that has them");
    }
    return {read_file(path), path.string(), ""};
  }

  std::size_t check_rows(const ExternalData& data, std::vector<StagedFile>& files) const {
    if (data.format == "text") return files.size();
    const RowReader reader(data);
    std::size_t samples = 0;
    for (auto& file : files) {
      const DataRows rows(data, file.content.bytes, file.name, file.subject);
      for (const auto& row : rows.rows()) reader.read(*row.object, samples++, row.where);
      file.rows = rows.rows().size();
    }
    if (data.count != 0 && samples != data.count) {
      throw Error(data.file,
                  fmt::format("what came holds {} rows, but {} says {}: the publisher's data has "
                              "changed",
                              samples, where_, data.count),
                  "get the edition that the suite means, and use --from");
    }
    return samples;
  }

  void check_hash(const ExternalData& data, const std::vector<StagedFile>& files,
                  std::size_t samples) const {
    std::string hash = files[0].sha256;
    if (files.size() > 1) {
      std::string lines;
      for (const auto& file : files) lines += file.sha256 + "  " + file.name + "\n";
      hash = sha256_hex(lines);
    }
    if (!data.sha256.empty() && hash != data.sha256) {
      throw Error(data.file,
                  fmt::format("what came has sha256 {} ({} rows), but {} pins {}", hash, samples,
                              where_, data.sha256),
                  "nothing was written; get the edition that the suite means, and use --from");
    }
    if (!data.sha256.empty() || accept_new_) return;
    for (const auto& file : files) check_lock(file);
  }

  void check_lock(const StagedFile& file) const {
    const auto locked = lock_.find(file.name);
    if (!locked || locked->sha256 == file.sha256) return;
    throw Error(
        file.name,
        fmt::format("has changed since {}: sha256 {} then, {} now; {} rows then, {} now; {} bytes "
                    "then, {} now; revision {} then, {} now",
                    locked->fetched, locked->sha256, file.sha256, locked->rows, file.rows,
                    locked->bytes, file.content.bytes.size(), named(locked->revision),
                    named(file.content.revision)),
        "nothing was written; --accept-new pins what it is now, and old scores no longer compare");
  }

  static std::string named(const std::string& revision) {
    return revision.empty() ? "unknown" : revision;
  }

  void install(const ExternalData& data, const StagedFile& file) {
    const auto target = folder_ / file.name;
    make_folder(target.parent_path());
    write_file(target, file.content.bytes);
    newly_pinned_ = data.sha256.empty() && !lock_.find(file.name);
    lock_.put(file.name, {file.sha256, file.content.bytes.size(), file.rows, file.content.from,
                          file.content.revision, world_.timestamp()});
  }

  void report(const ExternalData& data, const StagedFile& file) const {
    const auto pin = !data.sha256.empty() ? "as the suite pins it"
                     : file.fresh && newly_pinned_
                         ? "pinned now: the suite knows no hash of it, so this fetch decides"
                         : "as pinned in pingjia.lock.json";
    world_.out << fmt::format("{}: {}{} rows, sha256 {}, {}\n", (folder_ / file.name).string(),
                              file.fresh ? "" : "already here, ", file.rows, file.sha256, pin);
  }

  const World& world_;
  Path folder_;
  std::string from_;
  bool accept_new_;
  DataLock lock_;
  std::string where_;
  bool newly_pinned_ = false;
};

}  // namespace

int fetch(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kFetchUsage, raw);
  const auto usual = world.environment("PINGJIA_DATA").value_or("data");
  const Path folder = arguments.value("data").value_or(usual);
  make_folder(folder);
  SuiteFetch fetch(world, folder, arguments.value("from").value_or(""),
                   arguments.has("accept-new"));
  for (const auto& suite : arguments.positionals()) fetch.fetch(suite);
  std::error_code not_empty;
  std::filesystem::remove(folder / ".parts", not_empty);
  return kDone;
}

}  // namespace pingjia::harness
