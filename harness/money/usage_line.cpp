#include "harness/money/usage_line.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> kKeys{"id",           "usage", "at",
                                                "service_tier", "batch", "region"};
constexpr std::int64_t kMostTokens = std::numeric_limits<std::int64_t>::max();

// What nlohmann's parser calls as it reads: no value is built, and digits come as they stand.
class Reader {
 public:
  Reader(UsageLine& line, const std::string& where) : line_(line), where_(where) {}

  bool null() {
    if (depth_ == 2 || key_ != kId) return true;
    refuse("\"id\" is null", "give each line its id");
  }
  bool boolean(bool value) {
    if (depth_ != 1 || key_ != kBatch) refuse_kind(value ? "true" : "false");
    line_.batch = value;
    return true;
  }
  bool number_integer(std::int64_t value) {
    if (depth_ == 1 && key_ == kId) return id(std::to_string(value));
    return count(std::to_string(value));
  }
  bool number_unsigned(std::uint64_t value) {
    if (depth_ == 1 && key_ == kId) return id(std::to_string(value));
    return count(std::to_string(value));
  }
  bool number_float(double, const std::string& text) {
    if (depth_ == 1 && key_ == kId) return id(text);
    return count(text);
  }
  bool string(std::string& value) {
    if (depth_ != 1) refuse_kind("'" + value + "'");
    switch (key_) {
      case kId:
        return id(json(value).dump(-1, ' ', false, json::error_handler_t::replace));
      case kAt:
        line_.at = parse_instant(value, where_ + ": at");
        return true;
      case kServiceTier:
        line_.service_tier = value;
        return true;
      case kRegion:
        line_.region = value;
        return true;
      default:
        refuse_kind("'" + value + "'");
    }
  }
  bool binary(json::binary_t&) { return false; }
  bool start_object(std::size_t) {
    if (depth_ == 2 || (depth_ == 1 && key_ != kUsage)) refuse_kind("an object");
    ++depth_;
    return true;
  }
  bool end_object() {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) { refuse_kind("a list"); }
  bool end_array() { return true; }
  bool key(std::string& name) { return depth_ == 2 ? leaf_key(name) : line_key(name); }
  bool parse_error(std::size_t place, const std::string&, const json::exception&) {
    refuse(fmt::format("wrong JSON at byte {}", place),
           R"(write {"id": 1, "usage": {"input": 5}})");
  }

  void finish() const {
    if (line_.id.empty()) refuse("\"id\" is missing", "give each line its id");
    if ((seen_ >> kUsage & 1) == 0) refuse("\"usage\" is missing", "give the tokens by leaf");
  }

 private:
  enum Key { kId, kUsage, kAt, kServiceTier, kBatch, kRegion };

  [[noreturn]] void refuse(const std::string& what, const std::string& mend) const {
    throw Error(where_, what, mend);
  }
  std::string place() const {
    if (depth_ == 0) return "the line";
    return depth_ == 2 ? "usage." + std::string(leaf_names()[leaf_]) : std::string(kKeys[key_]);
  }
  [[noreturn]] void refuse_kind(const std::string& found) const {
    const std::string expected = depth_ == 0      ? "an object"
                                 : depth_ == 2    ? "a whole number of tokens"
                                 : key_ == kUsage ? "an object of leaves"
                                 : key_ == kBatch ? "true or false"
                                 : key_ == kId    ? "a text or a number"
                                                  : "a text";
    refuse(fmt::format("{}: expected {}, found {}", place(), expected, found), "change the value");
  }

  bool line_key(const std::string& name) {
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
      if (kKeys[i] != name) continue;
      key_ = static_cast<Key>(i);
      if (seen_ >> i & 1) refuse("key '" + name + "' given twice", "keep one of them");
      seen_ |= 1U << i;
      return true;
    }
    refuse("unknown key '" + name + "'", suggest(name, kKeys));
  }
  bool leaf_key(const std::string& name) {
    const auto leaf = leaf_of(name);
    if (!leaf) refuse("unknown leaf '" + name + "' in usage", suggest(name, leaf_names()));
    leaf_ = static_cast<std::size_t>(*leaf);
    if (leaves_ >> leaf_ & 1) refuse("leaf '" + name + "' given twice", "keep one of them");
    leaves_ |= 1U << leaf_;
    return true;
  }

  bool id(std::string text) {
    line_.id = std::move(text);
    return true;
  }

  bool count(const std::string& text) {
    if (depth_ != 2) refuse_kind(text);
    auto plain = plain_decimal(text);
    if (!plain) refuse_kind(text);
    if (const auto point = plain->find('.'); point != std::string::npos) {
      if (plain->find_first_not_of('0', point + 1) != std::string::npos) refuse_kind(text);
      plain->erase(point);
    }
    if (plain->front() == '-' && *plain != "-0") {
      refuse(place() + ": " + text + " is negative", "count no less than 0 tokens");
    }
    std::int64_t tokens = 0;
    const auto [end, error] = std::from_chars(plain->data(), plain->data() + plain->size(), tokens);
    if (error != std::errc() || tokens > kMostTokens - total_) {
      refuse(place() + ": " + text + " makes more than 2^63 - 1 tokens", "check the count");
    }
    total_ += tokens;
    line_.counts[leaf_] = tokens;
    line_.counted = true;
    return true;
  }

  UsageLine& line_;
  const std::string& where_;
  int depth_ = 0;
  Key key_ = kId;
  std::size_t leaf_ = 0;
  unsigned seen_ = 0;
  unsigned leaves_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace

UsageLine parse_usage_line(std::string_view text, const std::string& where) {
  UsageLine line;
  Reader reader(line, where);
  json::sax_parse(text, &reader);
  reader.finish();
  return line;
}

}  // namespace pingjia::harness
