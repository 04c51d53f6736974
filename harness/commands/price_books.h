#pragma once

#include <string>
#include <vector>

#include "harness/commands/world.h"
#include "harness/money/price_format.h"

namespace pingjia::harness {

/// One price file a user named, read.
struct BookFile {
  std::string name;
  ImportedPrices prices;
};

/// Reads a price file of any known format; "shipped" is the one that came with the program. `date`
/// is when its prices were read, where the format does not say so; empty: today.
BookFile read_book(const World& world, const std::string& file, const std::string& date);

/// The books laid over each other, later ones above; the shipped one where there is none.
PriceBook overlaid_books(const World& world, const std::vector<std::string>& files);

/// "today" and "now" are the present instant; another text is an instant. Throws Error.
UnixSeconds instant_of(const World& world, const std::string& text, const std::string& where);

}  // namespace pingjia::harness
