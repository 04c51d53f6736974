#include "harness/base/json_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace pingjia::harness {

namespace {

constexpr int kDeepest = 100;

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

// Of the byte at `offset`; columns count characters, so that an editor finds them.
Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

// The parser's words without its own tag and place, which are ours to give.
std::string reason_of(std::string_view what) {
  const auto column = what.find("column ");
  auto colon = what.find(": ", column == std::string_view::npos ? 0 : column);
  if (colon == std::string_view::npos) colon = what.find("] ");
  if (colon != std::string_view::npos) what.remove_prefix(colon + 2);
  constexpr std::size_t kLongest = 160;
  return std::string(what.substr(0, kLongest));
}

// Refuses what the parser would let pass: a key given twice (it keeps the last one) and nesting
// that would exhaust the stack of whoever walks the value.
class Strict {
 public:
  bool operator()(int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (depth >= kDeepest) problem_ = fmt::format("nested deeper than {}", kDeepest);
      if (event == Event::object_start) keys_.emplace_back();
    } else if (event == Event::object_end) {
      keys_.pop_back();
    } else if (event == Event::key) {
      auto key = parsed.get<std::string>();
      if (!keys_.back().insert(key).second && problem_.empty()) {
        problem_ = fmt::format("key '{}' given twice in one object", key);
      }
    }
    if (!problem_.empty()) throw std::invalid_argument(problem_);
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
  std::string problem_;
};

}  // namespace

nlohmann::json parse_json(std::string_view text, const std::string& where) {
  constexpr auto kMend = "JSON with // comments is expected";
  try {
    return nlohmann::json::parse(text, Strict(), true, true);
  } catch (const nlohmann::json::parse_error& error) {
    const Place place = place_of(text, error.byte > 0 ? error.byte - 1 : 0);
    throw Error(
        where,
        fmt::format("line {}, column {}: {}", place.line, place.column, reason_of(error.what())),
        kMend);
  } catch (const nlohmann::json::exception& error) {
    throw Error(where, reason_of(error.what()), kMend);
  } catch (const std::invalid_argument& error) {
    throw Error(where, error.what(), "keep one of them, and keep it flat");
  }
}

nlohmann::json read_json_file(const std::filesystem::path& file) {
  return parse_json(read_file(file), file.string());
}

}  // namespace pingjia::harness
