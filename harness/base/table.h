#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

/// One plug-in: the name a run file uses, one line for `pingjia list`, and how to make it.
/// This is the whole plug-in mechanism: a folder's table.cpp is a constexpr array of rows.
template <class Make>
struct Row {
  std::string_view name;
  std::string_view help;
  Make make;
};

template <class Make>
using Table = std::span<const Row<Make>>;

/// The row called `name`; throws Error naming `where`, the `kind` of thing and the nearest name.
template <class Make>
const Row<Make>& find_row(Table<Make> table, std::string_view kind, std::string_view name,
                          const std::string& where) {
  std::vector<std::string_view> names;
  for (const auto& row : table) {
    if (row.name == name) return row;
    names.push_back(row.name);
  }
  throw Error(where, "unknown " + std::string(kind) + " '" + std::string(name) + "'",
              suggest(name, names));
}

}  // namespace pingjia::harness
