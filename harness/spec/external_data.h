#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/spec/sample.h"

namespace pingjia::harness {

/// Where a publisher's file comes from; exactly one of `url` and `hub` is given. "{subject}" in any
/// of them stands for each subject of the data.
struct DataOrigin {
  std::string url;   ///< A file, such as raw GitHub at a commit.
  std::string hub;   ///< A data set of the Hugging Face Hub: "owner/name" …
  std::string path;  ///< … and a file in it at `revision`, resolved to a commit;
  std::string revision = "main";
  std::string config;  ///< or a configuration and split of it, by the rows API.
  std::string split;
  std::string token_env;  ///< Environment variable with the token of a gated set.

  bool known() const { return !url.empty() || !hub.empty(); }
};

/// How a row of the publisher's becomes a sample. An expression is the name of a field (dots lead
/// into objects), or a text with fields in braces, "{ctx_a} {ctx_b:capitalize}"; "*" is the whole
/// row as JSON.
struct FieldMap {
  std::map<std::string, std::string> expressions;  ///< Our name -> expression.
  std::vector<std::string> choices;                ///< One expression each, where no field has all.
  std::string gold_is = "text";                    ///< text, letter, index, label or first.
  struct Replacement {
    std::string pattern;  ///< RE2
    std::string text;
    std::string field;  ///< question, choices or solution; empty: the first two.
  };
  std::vector<Replacement> replace;  ///< In order.
};

/// The "data" of a suite file: samples that lie in files of their publisher's, pinned by hash.
struct ExternalData {
  std::string file;    ///< Relative to a data folder; may hold "{subject}".
  std::string member;  ///< Of an archive: the files in it, "data/test/{subject}_test.csv".
  std::string format;  ///< jsonl: an object a line; json: a list; csv.
  std::string rows;    ///< json: the key that holds the list; empty: the whole.
  std::vector<std::string> columns;   ///< csv without a line of names.
  std::vector<std::string> subjects;  ///< Of a `file` with "{subject}".
  std::string after;                  ///< text: what stands before and with this is cut off.
  std::string
      sha256;  ///< Of the file; of "sha256  path" lines for several. Empty: pinned by fetch.
  std::size_t count = 0;  ///< Of samples before exclusion; 0: not known.
  std::string id;         ///< Of each sample: {index} is its row, {subject}. Or a field has it.
  FieldMap fields;
  std::map<std::string, std::string> exclude;  ///< Sample id -> why it is left out.
  DataOrigin origin;

  /// The files, relative to a data folder.
  std::vector<std::string> files() const;
};

/// Reads and checks the keys of a "data" object. `pooled` samples (shots) may lack nothing else.
ExternalData parse_external_data(Fields fields);

/// What a data folder holds of one `ExternalData`.
struct LoadedData {
  std::vector<Sample> samples;
  std::string sha256;  ///< As `ExternalData::sha256`, of what was read.
};

/// No folder has a suite's data.
class MissingData : public Error {
 public:
  MissingData(const std::string& where, const std::string& problem, const std::string& mend,
              bool fetchable)
      : Error(where, problem, mend), fetchable_(fetchable) {}
  /// Whether `pingjia fetch` knows where it comes from.
  bool fetchable() const { return fetchable_; }

 private:
  bool fetchable_;
};

/// Finds the files in the first of `folders` that has them, checks their hashes against the suite
/// file (`where`) or, where that names none, against the folder's lock, and reads the samples.
/// Throws MissingData when no folder has them, Error when a hash or the count differs, when nothing
/// pins them, and for a row without the fields named: a score over other data than stated is worse
/// than none.
LoadedData read_external_data(const ExternalData& data,
                              std::span<const std::filesystem::path> folders,
                              const std::string& where);

/// Subject -> text, of a suite's "preambles": text files, found and checked likewise.
std::map<std::string, std::string> read_preambles(const ExternalData& data,
                                                  std::span<const std::filesystem::path> folders,
                                                  const std::string& where);

}  // namespace pingjia::harness
