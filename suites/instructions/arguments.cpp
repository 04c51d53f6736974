#include "suites/instructions/arguments.h"

#include <nlohmann/json.hpp>

namespace pingjia::suites {

std::string InstructionArguments::text(const char* key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || !found->is_string()) throw BadArgument{key};
  return found->get<std::string>();
}

std::vector<std::string> InstructionArguments::texts(const char* key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || !found->is_array()) throw BadArgument{key};
  std::vector<std::string> read;
  for (const auto& one : *found) {
    if (!one.is_string()) throw BadArgument{key};
    read.push_back(one.get<std::string>());
  }
  return read;
}

std::int64_t InstructionArguments::integer(const char* key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || !found->is_number()) throw BadArgument{key};
  // The Hub's Parquet copy has turned whole numbers into 3.0.
  const auto value = found->get<double>();
  if (!(value >= -1e9 && value <= 1e9)) throw BadArgument{key};
  return static_cast<std::int64_t>(value);
}

bool InstructionArguments::counted(std::int64_t count, const char* relation_key,
                                   const char* count_key) const {
  const auto relation = text(relation_key);
  const auto wanted = integer(count_key);
  if (relation == "less than") return count < wanted;
  if (relation == "at least") return count >= wanted;
  throw BadArgument{relation_key};
}

}  // namespace pingjia::suites
