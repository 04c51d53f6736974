#include "reports/html/script.h"

#include <fmt/format.h>

#include "harness/base/base64.h"
#include "harness/base/sha256.h"

namespace pingjia::reports {

// html/script/*.js, embedded by CMake (reports/CMakeLists.txt).
extern const std::string_view kStateScript;
extern const std::string_view kWordsScript;
extern const std::string_view kFigureScript;
extern const std::string_view kSampleStoreScript;
extern const std::string_view kSampleSearchScript;
extern const std::string_view kSampleDetailScript;
extern const std::string_view kSampleListScript;
extern const std::string_view kPriceScript;
extern const std::string_view kWordDiffScript;
extern const std::string_view kCompareScript;
extern const std::string_view kRevaluationScript;
extern const std::string_view kHardwareChartScript;
extern const std::string_view kHardwareScript;
extern const std::string_view kStartScript;

std::string page_script() {
  std::string script = "\"use strict\";\n";
  for (const auto part :
       {kStateScript, kWordsScript, kFigureScript, kSampleStoreScript, kSampleSearchScript,
        kSampleDetailScript, kSampleListScript, kPriceScript, kWordDiffScript, kCompareScript,
        kRevaluationScript, kHardwareChartScript, kHardwareScript, kStartScript}) {
    script += part;
  }
  return script;
}

std::string policy_hash(std::string_view text) {
  return "sha256-" + harness::base64(harness::sha256(text));
}

std::string data_block(std::string_view id, std::string_view json) {
  // In JSON "<" stands in strings alone, where < means the same.
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, safe);
}

}  // namespace pingjia::reports
