#include "harness/base/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// What stands there, short enough for one line.
std::string shown(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

// Of a JSON number: leading zeros and the exponent do not count.
std::ptrdiff_t significant_digits(const std::string& number) {
  const auto mantissa = number.substr(0, number.find_first_of("eE"));
  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string::npos) return 0;
  return std::count_if(mantissa.begin() + static_cast<std::ptrdiff_t>(first), mantissa.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Fields::Fields(const json& object, std::string where)
    : Fields(object, std::move(where), std::string()) {}

Fields::Fields(const json& object, std::string file, std::string path)
    : object_(&object), file_(std::move(file)), path_(std::move(path)) {
  if (!object.is_object()) {
    throw Error(where(), "expected an object, found " + shown(object), "write {\"key\": value, …}");
  }
}

std::string Fields::where() const {
  return path_.empty() ? file_ : file_ + ": " + path_;
}

std::string Fields::where(const std::string& key) const {
  return file_ + ": " + (path_.empty() ? key : path_ + "." + key);
}

bool Fields::has(const std::string& key) const {
  const auto found = object_->find(key);
  return found != object_->end() && !found->is_null();
}

const json* Fields::find(const std::string& key) {
  asked_.insert(key);
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

void Fields::refuse(const std::string& key, const std::string& expected) const {
  throw Error(where(key), fmt::format("expected {}, found {}", expected, shown(object_->at(key))),
              "change the value");
}

template <class T>
T Fields::required(const std::string& key, std::optional<T> value) const {
  if (value) return std::move(*value);
  // A misspelt key reads as a missing one: name the spelling that is there.
  std::vector<std::string_view> unknown;
  for (const auto& [name, ignored] : object_->items()) {
    if (!asked_.contains(name)) unknown.push_back(name);
  }
  const auto meant = nearest(key, unknown);
  throw Error(where(), "missing key '" + key + "'",
              meant.empty() ? "add it" : "is '" + meant + "' meant to be it?");
}

std::optional<std::string> Fields::optional_text(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse(key, "a text");
  return value->get<std::string>();
}

std::string Fields::text(const std::string& key) {
  return required(key, optional_text(key));
}

std::optional<std::string> Fields::optional_one_of(const std::string& key,
                                                   std::span<const std::string_view> names) {
  auto value = optional_text(key);
  if (value && std::find(names.begin(), names.end(), *value) == names.end()) {
    throw Error(where(key), "unknown value '" + *value + "'", suggest(*value, names));
  }
  return value;
}

std::string Fields::one_of(const std::string& key, std::span<const std::string_view> names) {
  return required(key, optional_one_of(key, names));
}

std::optional<bool> Fields::optional_flag(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) refuse(key, "true or false");
  return value->get<bool>();
}

bool Fields::flag(const std::string& key) {
  return required(key, optional_flag(key));
}

std::optional<std::int64_t> Fields::optional_integer(const std::string& key, std::int64_t low,
                                                     std::int64_t high) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::int64_t number = 0;
  if (value->is_number_unsigned()) {
    if (value->get<std::uint64_t>() > static_cast<std::uint64_t>(kHighest)) {
      refuse(key, "a whole number below 2^63");
    }
    number = value->get<std::int64_t>();
  } else if (value->is_number_integer()) {
    number = value->get<std::int64_t>();
  } else if (value->is_number_float()) {
    // Beyond 2^53 a double no longer says which whole number was meant.
    const double real = value->get<double>();
    if (real != std::trunc(real) || std::abs(real) > 9007199254740992.0) {
      refuse(key, "a whole number");
    }
    number = static_cast<std::int64_t>(real);
  } else {
    refuse(key, "a whole number");
  }
  if (number < low) refuse(key, fmt::format("at least {}", low));
  if (number > high) refuse(key, fmt::format("at most {}", high));
  return number;
}

std::int64_t Fields::integer(const std::string& key, std::int64_t low, std::int64_t high) {
  return required(key, optional_integer(key, low, high));
}

std::optional<double> Fields::optional_number(const std::string& key, double low, double high) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) refuse(key, "a number");
  const auto number = value->get<double>();
  if (number < low) refuse(key, fmt::format("at least {}", low));
  if (number > high) refuse(key, fmt::format("at most {}", high));
  return number;
}

double Fields::number(const std::string& key, double low, double high) {
  return required(key, optional_number(key, low, high));
}

std::optional<std::string> Fields::optional_decimal_text(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string() && !value->is_number()) refuse(key, "a decimal number");
  const auto written = value->is_string() ? value->get<std::string>() : value->dump();
  const auto plain = plain_decimal(written);
  if (!plain) refuse(key, "a decimal number");
  if (value->is_number_float()) {
    if (significant_digits(written) > 15) {
      throw Error(where(key), "a number of so many digits is rounded by reading it",
                  "write it as a text, in quotes");
    }
  }
  return plain;
}

std::string Fields::decimal_text(const std::string& key) {
  return required(key, optional_decimal_text(key));
}

std::optional<std::vector<std::string>> Fields::optional_texts(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) refuse(key, "a list of texts");
  std::vector<std::string> texts;
  for (const auto& item : *value) {
    if (!item.is_string()) {
      throw Error(where(key) + fmt::format("[{}]", texts.size()),
                  "expected a text, found " + shown(item), "change the value");
    }
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<std::string> Fields::texts(const std::string& key) {
  return required(key, optional_texts(key));
}

std::optional<Fields> Fields::optional_object(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  return Fields(*value, file_, path_.empty() ? key : path_ + "." + key);
}

Fields Fields::object(const std::string& key) {
  return required(key, optional_object(key));
}

std::vector<Fields> Fields::optional_list(const std::string& key) {
  std::vector<Fields> items;
  const json* value = find(key);
  if (value == nullptr) return items;
  if (!value->is_array()) refuse(key, "a list of objects");
  items.reserve(value->size());
  for (const auto& item : *value) {
    const auto path = fmt::format("{}[{}]", path_.empty() ? key : path_ + "." + key, items.size());
    items.push_back(Fields(item, file_, path));
  }
  return items;
}

std::vector<Fields> Fields::list(const std::string& key) {
  auto items = optional_list(key);
  if (!has(key)) required(key, std::optional<bool>());
  return items;
}

const json* Fields::any(const std::string& key) {
  return find(key);
}

int Fields::schema_version(int newest) {
  const auto version = integer("schema_version", 1);
  if (version > newest) {
    throw Error(where("schema_version"),
                fmt::format("version {} is newer than this program's {}", version, newest),
                "use the pingjia that wrote it, or a later one");
  }
  return static_cast<int>(version);
}

void Fields::done() const {
  for (const auto& [key, ignored] : object_->items()) {
    if (asked_.contains(key)) continue;
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    throw Error(where(), "unknown key '" + key + "'", suggest(key, known));
  }
}

}  // namespace pingjia::harness
