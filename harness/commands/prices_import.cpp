#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/file.h"
#include "harness/commands/price_books.h"
#include "harness/commands/prices.h"
#include "harness/money/reconcile.h"

namespace pingjia::harness {

const CommandUsage kPricesImportUsage{
    "prices import",
    "FILE...",
    1,
    20,
    "Reads price catalogues, says what of them could be read, and where they disagree; writes one\n"
    "book of them all, a later FILE over an earlier one.",
    {{"o", "BOOK", "where to write the book"},
     {"date", "DAY", "when the prices were read, where the file does not say so (default: today)"},
     {"at", "TIME", "when to compare them (default: now)"},
     {"all", "", "name every disagreement, not the widest ten of each class"}}};

namespace {

// How many models of a kind have which state.
void show_models(std::ostream& out, const ImportedPrices& prices) {
  std::map<std::string, std::map<std::string_view, std::size_t>> kinds;
  for (const auto& model : prices.models) ++kinds[model.kind][model.state];
  for (const auto& [kind, states] : kinds) {
    std::size_t all = 0;
    for (const auto& [state, count] : states) all += count;
    const auto count = [&states = states](std::string_view state) {
      const auto found = states.find(state);
      return found == states.end() ? std::size_t{0} : found->second;
    };
    out << fmt::format("  {:<22}{:>5} models: {} priced, {} free, {} partial, {} unknown\n",
                       kind.empty() ? "all" : kind, all, count("priced"), count("free"),
                       count("partial"), count("unknown"));
  }
  for (const auto& [what, one] : prices.classes) {
    out << fmt::format("    {:>5} x {} (such as {})\n", one.count, what, one.example);
  }
}

std::string price_or_none(const std::optional<Picodollars>& price) {
  return price ? price_text(*price) : "none";
}

void show_rivals(std::ostream& out, const Reconciliation& result, bool all) {
  constexpr std::size_t kFew = 10;
  for (const auto& [agreement, count] : result.leaves) {
    out << fmt::format("  {:>5} leaf prices: {}\n", count, agreement_text(agreement));
    if (agreement == Agreement::kAgree) continue;
    std::vector<const Rivals*> rivals;
    for (const auto& one : result.rivals) {
      if (one.agreement == agreement) rivals.push_back(&one);
    }
    std::stable_sort(rivals.begin(), rivals.end(),
                     [](const Rivals* a, const Rivals* b) { return a->spread() > b->spread(); });
    if (!all && rivals.size() > kFew) rivals.resize(kFew);
    for (const Rivals* one : rivals) {
      out << fmt::format("          {} {} {}: {} against {}", one->provider, one->model,
                         leaf_name(one->leaf), price_or_none(one->first),
                         price_or_none(one->second));
      if (one->spread() > 0) out << fmt::format(", {:.3g} times", one->spread());
      out << "\n";
    }
  }
}

}  // namespace

int prices_import(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kPricesImportUsage, raw);
  const auto at = instant_of(world, arguments.value("at").value_or("now"), "--at");
  const std::string date = arguments.value("date").value_or("");
  if (!date.empty()) parse_instant(date, "--date");
  std::vector<BookFile> files;
  PriceBook book;
  for (const auto& name : arguments.positionals()) {
    files.push_back(read_book(world, name, date));
    const ImportedPrices& prices = files.back().prices;
    world.out << fmt::format("{}: {} rows of {} models\n", name, prices.book.rows().size(),
                             prices.models.size());
    show_models(world.out, prices);
    book.overlay(prices.book);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t k = i + 1; k < files.size(); ++k) {
      const auto result =
          reconcile({files[i].name, &files[i].prices}, {files[k].name, &files[k].prices}, at);
      world.out << fmt::format("{} against {}: {} models in both\n", result.first, result.second,
                               result.models);
      show_rivals(world.out, result, arguments.has("all"));
    }
  }
  if (const auto file = arguments.value("o")) {
    write_file(*file, to_json(book).dump(1) + "\n");
    world.err << "book: " << *file << "\n";
  }
  return kDone;
}

}  // namespace pingjia::harness
