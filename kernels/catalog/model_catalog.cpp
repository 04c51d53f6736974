#include "kernels/catalog/model_catalog.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"
#include "kernels/catalog/hugging_face_config.h"
#include "kernels/table.h"

namespace pingjia::kernels {

namespace {

using harness::Error;
using harness::Fields;

constexpr int kSchemaVersion = 1;
constexpr std::array<std::string_view, 2> kScorings{"softmax", "sigmoid"};

Moe moe_of(Fields fields, std::int64_t layers) {
  Moe moe;
  moe.experts = fields.integer("experts", 1);
  moe.top_k = fields.integer("top_k", 1, moe.experts);
  moe.intermediate = fields.integer("intermediate", 1);
  moe.shared_intermediate = fields.optional_integer("shared_intermediate", 0).value_or(0);
  const auto scoring = fields.optional_one_of("scoring", kScorings).value_or("softmax");
  if (scoring == "sigmoid") moe.scoring = Moe::Scoring::kSigmoid;
  moe.groups = fields.optional_integer("groups", 1, moe.experts).value_or(1);
  moe.top_groups = fields.optional_integer("top_groups", 1, moe.groups).value_or(1);
  moe.scale = fields.optional_number("scale").value_or(1);
  moe.dense_layers = fields.optional_integer("dense_layers", 0, layers).value_or(0);
  fields.done();
  return moe;
}

Mla mla_of(Fields fields) {
  Mla mla;
  mla.q_lora = fields.optional_integer("q_lora", 1).value_or(0);
  mla.kv_lora = fields.integer("kv_lora", 1);
  mla.nope = fields.integer("nope", 1);
  mla.rope = fields.integer("rope", 1);
  mla.value = fields.integer("value", 1);
  fields.done();
  return mla;
}

SlidingWindow window_of(Fields fields, std::int64_t layers) {
  SlidingWindow window;
  window.width = fields.integer("width", 1);
  window.layers = fields.integer("layers", 1, layers);
  fields.done();
  return window;
}

ModelShape model_of(Fields& fields, const std::map<std::string, std::string>& sources) {
  ModelShape model;
  model.name = fields.text("name");
  model.aliases = fields.optional_texts("aliases").value_or(std::vector<std::string>{});
  const auto source = sources.find(fields.text("source"));
  if (source == sources.end()) {
    throw Error(fields.where("source"), "no such key in \"sources\"", "say where it is from");
  }
  model.source = source->second;
  model.hidden = fields.integer("hidden", 1);
  model.layers = fields.integer("layers", 1);
  model.query_heads = fields.integer("query_heads", 1);
  model.kv_heads = fields.integer("kv_heads", 1, model.query_heads);
  model.head_width = fields.integer("head_width", 1);
  model.intermediate = fields.integer("intermediate", 1);
  model.vocabulary = fields.integer("vocabulary", 1);
  model.gated = fields.optional_flag("gated").value_or(true);
  model.tied = fields.optional_flag("tied").value_or(false);
  model.sinks = fields.optional_flag("sinks").value_or(false);
  if (auto moe = fields.optional_object("moe")) model.moe = moe_of(*moe, model.layers);
  if (auto mla = fields.optional_object("mla")) model.mla = mla_of(*mla);
  if (auto window = fields.optional_object("window")) {
    model.window = window_of(*window, model.layers);
  }
  if (model.query_heads % model.kv_heads != 0) {
    throw Error(fields.where("kv_heads"), "does not divide query_heads", "correct one of them");
  }
  fields.done();
  return model;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::vector<ModelShape> parse_model_catalog(std::string_view text, const std::string& where) {
  const auto json = harness::parse_json(text, where);
  Fields fields(json, where);
  fields.schema_version(kSchemaVersion);
  std::map<std::string, std::string> sources;
  for (Fields& source : fields.list("sources")) {
    const auto key = source.text("key");
    sources[key] = source.text("title") + ", " + source.text("date");
    source.done();
  }
  std::vector<ModelShape> models;
  for (Fields& model : fields.list("models")) models.push_back(model_of(model, sources));
  fields.done();
  return models;
}

const std::vector<ModelShape>& shipped_models() {
  static const auto models = parse_model_catalog(model_catalog(), "kernels/catalog/models.json");
  return models;
}

ModelShape find_model(const std::string& name) {
  if (name.ends_with(".json")) return read_hugging_face_config(name);
  std::vector<std::string_view> known;
  for (const auto& model : shipped_models()) {
    std::vector<std::string> names = model.aliases;
    names.push_back(model.name);
    const auto same = [&](const std::string& one) { return lower(one) == lower(name); };
    if (std::any_of(names.begin(), names.end(), same)) return model;
    known.push_back(model.name);
    known.insert(known.end(), model.aliases.begin(), model.aliases.end());
  }
  throw Error("model", "unknown model '" + name + "'",
              harness::suggest(name, known) + " (or name a config.json)");
}

}  // namespace pingjia::kernels
