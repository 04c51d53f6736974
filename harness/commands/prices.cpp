#include "harness/commands/prices.h"

#include <array>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/command.h"

namespace pingjia::harness {

namespace {

constexpr std::array<Row<RunCommand>, 4> kParts{{
    {"show", "the rows that price a model", prices_show},
    {"import", "catalogues of others in, one book out, and where they disagree", prices_import},
    {"check", "stale, disagreeing and misspelt prices", prices_check},
    {"cost", "JSON lines of usage in, JSON lines of cost out", prices_cost},
}};

}  // namespace

std::string prices_page() {
  std::string page;
  for (const CommandUsage* usage :
       {&kPricesShowUsage, &kPricesImportUsage, &kPricesCheckUsage, &kPricesCostUsage}) {
    page += (page.empty() ? "" : "\n") + usage_text(*usage);
  }
  return page +
         "\nA price FILE is of pingjia's own format (adapters/catalog/README.md), the litellm "
         "map,\n"
         "genai-prices v2 or OpenRouter's list, told apart by what is in it. 'shipped' is the "
         "book\n"
         "that came with the program; it is used where no --book is given. A later book lies over\n"
         "an earlier one.\n";
}

int prices(World& world, std::span<const std::string> arguments) {
  if (arguments.empty()) {
    throw Error("pingjia prices", "needs one of show, import, check, cost",
                "see 'pingjia help prices'");
  }
  const auto& part = find_row(Table<RunCommand>(kParts), "part", arguments[0], "pingjia prices");
  return part.make(world, arguments.subspan(1));
}

}  // namespace pingjia::harness
