#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace pingjia::suites {

/// What one instruction asks for, as the data set's own kwargs say: "num_words": 300. Keys that are
/// null are missing. Every getter throws BadArgument for a missing key or another type.
class InstructionArguments {
 public:
  struct BadArgument {
    std::string key;
  };

  explicit InstructionArguments(const nlohmann::json& values) : values_(values) {}
  std::string text(const char* key) const;
  std::vector<std::string> texts(const char* key) const;
  std::int64_t integer(const char* key) const;

  /// Whether `count` is what `relation_key` ("less than" or "at least") and `count_key` ask for.
  bool counted(std::int64_t count, const char* relation_key, const char* count_key) const;

 private:
  const nlohmann::json& values_;
};

}  // namespace pingjia::suites
