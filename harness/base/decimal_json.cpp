#include "harness/base/decimal_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 100;

// What nlohmann's parser calls as it reads; builds the value, its fractions as texts.
class Builder {
 public:
  explicit Builder(std::string where) : where_(std::move(where)) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) { return put(value); }
  bool number_float(double, const std::string& text) { return put(text); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(json::object()); }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (open_.back()->contains(name)) {
      throw Error(where_, "key '" + name + "' given twice in one object", "keep one of them");
    }
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t place, const std::string&, const json::exception&) {
    throw Error(where_, fmt::format("wrong JSON at byte {}", place), "JSON is expected");
  }

  json take() { return std::move(root_); }

 private:
  json& place(json value) {
    if (open_.empty()) return root_ = std::move(value);
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return parent.back();
    }
    return parent[key_] = std::move(value);
  }
  bool put(json value) {
    place(std::move(value));
    return true;
  }
  bool open(json value) {
    if (open_.size() >= kDeepest) {
      throw Error(where_, fmt::format("nested deeper than {}", kDeepest), "keep it flat");
    }
    open_.push_back(&place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string where_;
  json root_;
  std::vector<json*> open_;
  std::string key_;
};

}  // namespace

json parse_decimal_json(std::string_view text, const std::string& where) {
  Builder builder(where);
  json::sax_parse(text, &builder, json::input_format_t::json, true, true);
  return builder.take();
}

}  // namespace pingjia::harness
