#pragma once

#include <string>
#include <vector>

#include "reports/contest.h"
#include "reports/html/answers.h"
#include "reports/html/sample_texts.h"

namespace pingjia::reports {

/// What the page's sample browser reads, before it is packed.
struct SampleData {
  /// A JSON object: what sample_columns.h names, and "chunks" (the first question of each),
  /// "limit" (bytes of a text), "cut" ([texts, bytes] left out).
  std::string names;
  std::string columns;              ///< Binary, sample_columns.h.
  std::vector<std::string> chunks;  ///< JSON arrays of questions, sample_texts.h.
};

/// Packed: zlib's format in base64.
struct PackedSamples {
  std::string names;
  std::string columns;
  std::vector<std::string> chunks;
  std::size_t size() const;
};

/// `limit` is the most bytes of one text; a chunk ends after about a thousand samples or a
/// megabyte.
SampleData sample_data(const std::vector<SuiteAnswers>& suites,
                       const std::vector<Contestant>& contestants, std::size_t limit);

PackedSamples pack(const SampleData& data);

/// The same within a budget of about 2,000 bytes a sample and 96 MB in all: texts are cut until
/// they fit, so that 1,000 samples make a page under 3 MB and 200,000 one that opens.
PackedSamples packed_samples(const std::vector<SuiteAnswers>& suites,
                             const std::vector<Contestant>& contestants);

/// Appends the data as `<script type="application/octet-stream">` blocks "sample-names",
/// "sample-columns", "sample-chunk-0" …; nothing where there is no sample.
void write_sample_data(std::string& out, const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports
