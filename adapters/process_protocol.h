#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/process_version.h"
#include "harness/record/completion.h"
#include "harness/spec/request.h"

namespace pingjia::adapters {

// The process protocol of adapters/README.md: lines to bytes and back, nothing else.

/// What we write; each ends with "\n".
std::string hello_line();
/// `options` is a JSON object; "parallel" is added unless it is there.
std::string load_line(const std::string& options, int parallel);
std::string request_line(const harness::Request& request);
std::string cancel_line(const std::string& id);
std::string stats_line();
std::string shutdown_line();

/// What the child writes.
struct HelloLine {
  int protocol = 0;
  std::string name;
  std::string version;
  std::vector<std::string> capabilities;
  bool test_double = false;

  bool can(std::string_view capability) const;
};

struct ReadyLine {
  std::string model;
  std::string model_sha256;
  std::string device;
  std::string details = "{}";  ///< JSON object.
};

struct DeltaLine {
  std::string id;
  std::string text;
  std::optional<std::int64_t> tokens;
  std::optional<harness::Nanos> t_ns;
  bool reasoning = false;
};

struct DoneLine {
  std::string id;
  std::string finish;
  harness::Usage usage;  ///< maker is empty where the child gave none.
  harness::ServerTimings timings;
};

struct ScoresLine {
  std::string id;
  std::vector<harness::ContinuationScore> scores;
  harness::Usage usage;
  harness::ServerTimings timings;
};

struct ErrorLine {
  std::string id;  ///< Empty: it concerns no request.
  harness::FailureClass kind = harness::FailureClass::kServer;
  std::string kind_raw;
  std::string message;
};

struct StatsLine {
  std::string details = "{}";  ///< JSON object.
};

/// A JSON object of a type this version does not know; ignored.
struct OtherLine {
  std::string type;
};

/// Not JSON, or a known type of another shape. `id` is set where it could still be read.
struct GarbageLine {
  std::string id;
  std::string why;
};

using ChildLine = std::variant<HelloLine, ReadyLine, DeltaLine, DoneLine, ScoresLine, ErrorLine,
                               StatsLine, OtherLine, GarbageLine>;

/// Never throws.
ChildLine read_child_line(std::string_view line);

}  // namespace pingjia::adapters
