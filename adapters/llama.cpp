#include "adapters/llama.h"

#include <nlohmann/json.hpp>

#include "adapters/engines/worker_error.h"
#include "adapters/engines/worker_options.h"
#include "adapters/process.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/sha256.h"

namespace pingjia::adapters {

using harness::Error;
using nlohmann::json;

namespace {

// Relative to the run file, and absolute for a worker that runs in another folder.
std::string existing_file(harness::Fields& fields, const std::string& key,
                          const std::filesystem::path& base) {
  const std::filesystem::path file = std::filesystem::absolute(base / fields.text(key));
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) {
    throw Error(fields.where(key), "no file " + file.lexically_normal().string(),
                "relative paths start at the run file's folder");
  }
  return file.lexically_normal().string();
}

/// The process adapter with the weights hashed first, which may take a while for large ones.
class Llama final : public harness::Adapter {
 public:
  Llama(harness::Loop& loop, ProcessSpec spec, std::string model)
      : loop_(loop), spec_(std::move(spec)), model_(std::move(model)) {}

  harness::Facts open(int connections) override {
    process_ = process_adapter(loop_, spec_, harness::sha256_file(model_));
    return process_->open(connections);
  }
  void submit(const harness::Request& request, harness::Sink& sink) override {
    process_->submit(request, sink);
  }
  void cancel(const std::string& request_id) override { process_->cancel(request_id); }
  harness::Closing close() override { return process_ ? process_->close() : harness::Closing(); }

 private:
  harness::Loop& loop_;
  ProcessSpec spec_;
  std::string model_;
  std::unique_ptr<harness::Adapter> process_;
};

}  // namespace

std::unique_ptr<harness::Adapter> make_llama(const json& options,
                                             const harness::AdapterContext& context) {
  harness::Fields fields(options, context.where);
  const std::string model = existing_file(fields, "model", context.base);
  json load{{"model", model}};
  if (fields.has("chat_template_file")) {
    load["chat_template_file"] = existing_file(fields, "chat_template_file", context.base);
  }
  for (const auto& key : engines::worker_option_names()) {
    if (load.contains(key)) continue;
    if (const json* value = fields.any(key)) load[key] = *value;
  }
  const auto variables = fields.optional_texts("env").value_or(std::vector<std::string>{});
  ProcessSpec spec;
  const double limit = fields.optional_number("load_timeout_s", 0.001, 86400).value_or(600);
  spec.load_timeout = static_cast<harness::Nanos>(limit * 1e9);
  fields.done();
  try {
    engines::parse_worker_options(load);
  } catch (const engines::WorkerError& wrong) {
    throw Error(context.where, wrong.what(), "adapters/engines/README.md lists the options");
  }
  const std::filesystem::path worker = std::filesystem::absolute(context.programs / kLlamaWorker);
  if (!std::filesystem::exists(worker)) {
    throw Error(context.where, "no program " + worker.string(),
                "build pingjia with -DPINGJIA_LLAMA=ON");
  }
  spec.command = child_command({worker.string()}, variables, context);
  spec.options = load.dump();
  return std::make_unique<Llama>(context.loop, spec, model);
}

}  // namespace pingjia::adapters
