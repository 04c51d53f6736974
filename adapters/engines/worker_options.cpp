#include "adapters/engines/worker_options.h"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

using Json = nlohmann::json;
using Setter = std::function<void(const Json&)>;

WorkerError wrong(const std::string& key, const std::string& wanted) {
  return WorkerError("bad_request", "option \"" + key + "\" must be " + wanted);
}

Setter integer(const std::string& key, int& target, int low, int high) {
  return [=, &target](const Json& value) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < low ||
        value.get<std::int64_t>() > high) {
      throw wrong(key,
                  "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    target = value.get<int>();
  };
}

Setter text(const std::string& key, std::string& target) {
  return [=, &target](const Json& value) {
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      throw wrong(key, "a text");
    }
    target = value.get<std::string>();
  };
}

Setter flag(const std::string& key, bool& target) {
  return [=, &target](const Json& value) {
    if (!value.is_boolean()) {
      throw wrong(key, "true or false");
    }
    target = value.get<bool>();
  };
}

Setter seed(std::uint64_t& target) {
  return [&target](const Json& value) {
    if (!value.is_number_unsigned()) {
      throw wrong("seed", "a whole number of at least 0");
    }
    target = value.get<std::uint64_t>();
  };
}

Setter flash(FlashAttention& target) {
  return [&target](const Json& value) {
    if (value == "auto") {
      target = FlashAttention::kAuto;
    } else if (value == "on" || value == true) {
      target = FlashAttention::kOn;
    } else if (value == "off" || value == false) {
      target = FlashAttention::kOff;
    } else {
      throw wrong("flash_attention", "\"auto\", \"on\" or \"off\"");
    }
  };
}

std::map<std::string, Setter> setters(WorkerOptions& to) {
  constexpr int kMost = 1 << 24;
  return {
      {"model", text("model", to.model)},
      {"chat_template_file", text("chat_template_file", to.chat_template_file)},
      {"threads", integer("threads", to.threads, 1, 512)},
      {"parallel", integer("parallel", to.parallel, 1, kMost)},
      {"context", integer("context", to.context, 1, kMost)},
      {"batch", integer("batch", to.batch, 1, kMost)},
      {"ubatch", integer("ubatch", to.ubatch, 1, kMost)},
      {"gpu_layers", integer("gpu_layers", to.gpu_layers, -1, 10000)},
      {"seed", seed(to.seed)},
      {"flash_attention", flash(to.flash_attention)},
      {"reproducible", flag("reproducible", to.reproducible)},
      {"reuse_prefix", flag("reuse_prefix", to.reuse_prefix)},
      {"thinking", flag("thinking", to.thinking)},
      {"verbose", flag("verbose", to.verbose)},
  };
}

}  // namespace

std::vector<std::string> worker_option_names() {
  WorkerOptions unused;
  std::vector<std::string> names;
  for (const auto& [name, setter] : setters(unused)) names.push_back(name);
  return names;
}

WorkerOptions parse_worker_options(const Json& options) {
  if (!options.is_object()) {
    throw WorkerError("bad_request", "\"options\" must be an object");
  }
  WorkerOptions parsed;
  const auto known = setters(parsed);
  for (const auto& [key, value] : options.items()) {
    const auto setter = known.find(key);
    if (setter == known.end()) {
      std::string names;
      for (const auto& [name, unused] : known) {
        names += (names.empty() ? "" : ", ") + name;
      }
      throw WorkerError("bad_request", "unknown option \"" + key + "\"; there are: " + names);
    }
    setter->second(value);
  }
  if (parsed.model.empty()) {
    throw WorkerError("bad_request", "option \"model\" is missing: name a GGUF file");
  }
  return parsed;
}

}  // namespace pingjia::adapters::engines
