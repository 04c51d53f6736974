#include "harness/money/worked_example.h"

#include <nlohmann/json.hpp>

#include "harness/base/fields.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

std::vector<WorkedExample> worked_examples(std::string_view catalogue,
                                           const std::string& calculator,
                                           const std::string& where) {
  const nlohmann::json whole = parse_json(catalogue, where);
  Fields fields(whole, where);
  fields.schema_version(1);
  std::vector<WorkedExample> examples;
  for (Fields& entry : fields.list(calculator)) {
    WorkedExample& example = examples.emplace_back();
    example.name = entry.text("name");
    example.title = entry.text("title");
    for (Fields& input : entry.list("inputs")) {
      example.inputs.push_back(
          {input.text("key"), input.text("value"), input.text("source"), input.text("date")});
      input.done();
    }
    entry.done();
  }
  return examples;
}

}  // namespace pingjia::harness
