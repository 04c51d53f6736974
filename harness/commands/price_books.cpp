#include "harness/commands/price_books.h"

#include <filesystem>

#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/base/sha256.h"

namespace pingjia::harness {

BookFile read_book(const World& world, const std::string& file, const std::string& date) {
  constexpr std::size_t kShownDigits = 12;
  if (file == "shipped") {
    return {file, read_prices(world.price_formats, world.price_catalog, {}, "the shipped prices")};
  }
  const std::string text = read_file(file);
  const std::string today = world.timestamp().substr(0, std::string("2026-11-25").size());
  const PriceSource source{std::filesystem::path(file).filename().string() +
                               " sha256:" + sha256_hex(text).substr(0, kShownDigits),
                           date.empty() ? today : date};
  return {file, read_prices(world.price_formats, text, source, file)};
}

PriceBook overlaid_books(const World& world, const std::vector<std::string>& files) {
  if (files.empty()) return read_book(world, "shipped", "").prices.book;
  PriceBook book;
  for (const auto& file : files) book.overlay(read_book(world, file, "").prices.book);
  return book;
}

UnixSeconds instant_of(const World& world, const std::string& text, const std::string& where) {
  const bool present = text == "now" || text == "today";
  return parse_instant(present ? world.timestamp() : text, where);
}

}  // namespace pingjia::harness
