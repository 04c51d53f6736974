#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/table.h"
#include "harness/money/price_book.h"

namespace pingjia::harness {

/// Where a catalogue came from; every row of it says so.
struct PriceSource {
  std::string name;  ///< "litellm_model_prices.json sha256:0123456789ab"
  std::string date;  ///< When it was read, "2026-08-01".
};

/// One model of a catalogue, and how much of its plain price is known.
struct ImportedModel {
  std::string provider;
  std::string model;
  std::string kind;  ///< "chat", "embedding", … where the catalogue says so.
  /// "priced": input and output; "free": both zero; "partial": one of them; "unknown": neither.
  std::string_view state;
};

/// Something of a catalogue that our leaves cannot say, or that it leaves open.
struct ImportClass {
  std::size_t count = 0;
  std::string example;  ///< The first model in which it was met.
};

/// A catalogue, read.
struct ImportedPrices {
  PriceBook book;
  std::vector<ImportedModel> models;
  std::map<std::string, ImportClass> classes;
  /// Names of providers that other catalogues call otherwise, with the common one.
  std::map<std::string, std::string> aliases;

  void note(const std::string& what, const std::string& example) {
    ImportClass& one = classes[what];
    if (one.count++ == 0) one.example = example;
  }
};

/// A format of price catalogue.
struct PriceFormat {
  /// Whether a file (parse_decimal_json) is of this format.
  bool (*recognises)(const nlohmann::json& file);
  /// Throws Error naming `where` for a misspelt price key or a negative price.
  ImportedPrices (*read)(const nlohmann::json& file, const PriceSource& source,
                         const std::string& where);
};

/// A price file of any of `formats` or our own, whichever it is. `text` is the file's. Throws
/// Error.
ImportedPrices read_prices(Table<PriceFormat> formats, std::string_view text,
                           const PriceSource& source, const std::string& where);

/// The state of a model by its plain row.
std::string_view import_state(const LeafPrices& plain);

}  // namespace pingjia::harness
