#include "harness/commands/decode.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/record/record.h"

namespace pingjia::harness {

const CommandUsage kDecodeUsage{"decode",
                                "FILE",
                                1,
                                1,
                                "Decodes a recorded reply body, a stream or a whole reply, into "
                                "one completion as records keep\n"
                                "it.",
                                {{"dialect", "NAME", "the provider's dialect"}}};

int decode(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kDecodeUsage, raw);
  const auto dialect = arguments.value("dialect");
  if (!dialect) throw Error("pingjia decode", "needs --dialect", "such as --dialect openai");
  const auto& row = find_row(world.dialects, "dialect", *dialect, "--dialect");
  Record record;
  record.completion = row.make(read_file(arguments.positionals()[0]));
  world.out << to_json(record).at("completion").dump() << "\n";
  return kDone;
}

}  // namespace pingjia::harness
