#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// Reads the keys of one JSON object and refuses those nobody asked for:
///
///     Fields fields(read_json_file(file), file.string());
///     spec.name = fields.text("name");
///     spec.retries = fields.optional_integer("retries", 0, 10).value_or(0);
///     for (Fields& system : fields.list("systems")) { …; system.done(); }
///     fields.done();
///
/// Every getter throws Error that names the file and the place ("run.json: systems[0].price") for a
/// missing key, a value of another type, or one out of range. The optional ones have no value for a
/// missing key and for null. The object must outlive its Fields.
class Fields {
 public:
  /// `where` is usually the file. Throws Error when `object` is not an object.
  Fields(const nlohmann::json& object, std::string where);
  Fields(nlohmann::json&&, std::string) = delete;

  bool has(const std::string& key) const;

  std::string text(const std::string& key);
  std::optional<std::string> optional_text(const std::string& key);
  /// One of `names`; the nearest is suggested for another.
  std::string one_of(const std::string& key, std::span<const std::string_view> names);
  std::optional<std::string> optional_one_of(const std::string& key,
                                             std::span<const std::string_view> names);

  bool flag(const std::string& key);
  std::optional<bool> optional_flag(const std::string& key);

  /// A whole number in [low, high]; 3.0 is one, 3.5 is not.
  std::int64_t integer(const std::string& key, std::int64_t low = kLowest,
                       std::int64_t high = kHighest);
  std::optional<std::int64_t> optional_integer(const std::string& key, std::int64_t low = kLowest,
                                               std::int64_t high = kHighest);

  /// A number in [low, high].
  double number(const std::string& key, double low = -kInfinity, double high = kInfinity);
  std::optional<double> optional_number(const std::string& key, double low = -kInfinity,
                                        double high = kInfinity);

  /// An exact decimal, such as a price: "0.10" or 0.1 gives its digits without exponent ("0.10",
  /// "0.1"). A JSON number of more than 15 digits is refused, because reading it has already
  /// rounded it: it must be given as a text. An exponent beyond 30 is refused.
  std::string decimal_text(const std::string& key);
  std::optional<std::string> optional_decimal_text(const std::string& key);

  /// A list of texts.
  std::vector<std::string> texts(const std::string& key);
  std::optional<std::vector<std::string>> optional_texts(const std::string& key);

  Fields object(const std::string& key);
  std::optional<Fields> optional_object(const std::string& key);

  /// A list of objects. The optional one is empty where the key is missing.
  std::vector<Fields> list(const std::string& key);
  std::vector<Fields> optional_list(const std::string& key);

  /// The value itself, for what this class has no getter for; nullptr where it is missing.
  const nlohmann::json* any(const std::string& key);

  /// Reads "schema_version"; throws Error for one above `newest`, written by a later pingjia.
  int schema_version(int newest);

  /// Throws Error for the first key that no getter asked for, with the nearest that one did.
  void done() const;

  /// The place of this object, or of one of its keys, for an Error of the caller.
  std::string where() const;
  std::string where(const std::string& key) const;

 private:
  static constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  Fields(const nlohmann::json& object, std::string file, std::string path);

  const nlohmann::json* find(const std::string& key);
  template <class T>
  T required(const std::string& key, std::optional<T> value) const;
  [[noreturn]] void refuse(const std::string& key, const std::string& expected) const;

  const nlohmann::json* object_;
  std::string file_;
  std::string path_;
  std::set<std::string> asked_;
};

}  // namespace pingjia::harness
