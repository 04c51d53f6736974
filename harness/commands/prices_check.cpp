#include <fmt/format.h>

#include <charconv>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/price_books.h"
#include "harness/commands/prices.h"
#include "harness/money/reconcile.h"

namespace pingjia::harness {

const CommandUsage kPricesCheckUsage{
    "prices check",
    "",
    0,
    0,
    "Checks price files: prices read too long ago, prices on which two books disagree, and keys\n"
    "that are misspelt or unknown. Exit code 1 when something was found.",
    {{"book", "FILE", "a price file, instead of the shipped one; again: compared with it"},
     {"at", "TIME", "the present (default: now)"},
     {"days", "N", "how old a price may be (default: 30)"}}};

namespace {

constexpr UnixSeconds kDay = 86'400;

int days_of(const Arguments& arguments) {
  const std::string text = arguments.value("days").value_or("30");
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size() || days < 0) {
    throw Error("--days", "'" + text + "' is no number of days", "give one such as 30");
  }
  return days;
}

// Prices that still hold but were read too long ago; those of the past do not change any more.
std::size_t check_age(std::ostream& out, const BookFile& file, UnixSeconds at, int days) {
  std::size_t held = 0;
  std::size_t stale = 0;
  const PriceRow* oldest = nullptr;
  for (const auto& row : file.prices.book.rows()) {
    if (row.valid_to && *row.valid_to <= at) continue;
    ++held;
    if (!row.date.empty() && at - parse_instant(row.date, "date") <= days * kDay) continue;
    ++stale;
    if (oldest == nullptr || row.date < oldest->date) oldest = &row;
  }
  if (stale > 0) {
    out << fmt::format(
        "stale: {} of {} rows of {} were read more than {} days ago, the oldest on "
        "{}: {}\n",
        stale, held, file.name, days, oldest->date.empty() ? "?" : oldest->date, row_text(*oldest));
  }
  return stale;
}

std::size_t check_keys(std::ostream& out, const BookFile& file) {
  std::size_t unknown = 0;
  for (const auto& [what, one] : file.prices.classes) {
    if (!what.starts_with("unknown price key") && !what.starts_with("two names")) continue;
    out << fmt::format("{}: {} x {}, such as {}\n", file.name, one.count, what, one.example);
    unknown += one.count;
  }
  return unknown;
}

std::size_t check_agreement(std::ostream& out, const BookFile& a, const BookFile& b,
                            UnixSeconds at) {
  std::size_t apart = 0;
  for (const auto& one : reconcile({a.name, &a.prices}, {b.name, &b.prices}, at).rivals) {
    if (one.agreement == Agreement::kOnlyFirst || one.agreement == Agreement::kOnlySecond) continue;
    out << fmt::format("{}: {} {} {}: {} in {}, {} in {}\n", agreement_text(one.agreement),
                       one.provider, one.model, leaf_name(one.leaf), price_text(*one.first), a.name,
                       price_text(*one.second), b.name);
    ++apart;
  }
  return apart;
}

}  // namespace

int prices_check(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kPricesCheckUsage, raw);
  const auto at = instant_of(world, arguments.value("at").value_or("now"), "--at");
  const int days = days_of(arguments);
  auto names = arguments.values("book");
  if (names.empty()) names.emplace_back("shipped");
  std::vector<BookFile> files;
  for (const auto& name : names) files.push_back(read_book(world, name, ""));
  std::size_t found = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    found += check_age(world.out, files[i], at, days);
    found += check_keys(world.out, files[i]);
    for (std::size_t k = i + 1; k < files.size(); ++k) {
      found += check_agreement(world.out, files[i], files[k], at);
    }
  }
  world.out << (found == 0 ? "nothing found\n" : fmt::format("{} found\n", found));
  return found == 0 ? kDone : kCheckFailed;
}

}  // namespace pingjia::harness
