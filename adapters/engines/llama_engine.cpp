#include "adapters/engines/llama_engine.h"

#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <llama.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

/// Most sequences of one context: beyond it requests queue. The cache is one block for each.
constexpr int kMostSequences = 32;
/// Context of one request where the run file names none and the model was trained on more.
constexpr int kDefaultContext = 4096;

void log_to_stderr(ggml_log_level level, const char* text, void* user) {
  const bool verbose = *static_cast<const bool*>(user);
  if (verbose || level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_ERROR) {
    std::fputs(text, stderr);
  }
}

/// The engine keeps a pointer to it for as long as the process lives.
bool log_everything = false;

bool has_gpu() {
  for (std::size_t i = 0; i < ggml_backend_dev_count(); ++i) {
    const auto type = ggml_backend_dev_type(ggml_backend_dev_get(i));
    if (type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU) {
      return true;
    }
  }
  return false;
}

void start_backend(const WorkerOptions& options) {
  log_everything = options.verbose;
  llama_log_set(log_to_stderr, &log_everything);
  if (options.reproducible) {
    // The tiled products of k-quants are used from 8 columns on and round differently.
    setenv("GGML_CPU_TILED_MM", "0", 1);
  }
  if (ggml_backend_dev_count() == 0) {
    ggml_backend_load_all();  // An installed llama.cpp may keep its backends in files of their own.
  }
  llama_backend_init();
}

}  // namespace

void Batch::add(int token, int position, int sequence, bool want) {
  tokens.push_back(token);
  positions.push_back(position);
  sequences.push_back(sequence);
  wanted.push_back(want ? 1 : 0);
}

void Batch::clear() {
  tokens.clear();
  positions.clear();
  sequences.clear();
  wanted.clear();
}

void LlamaEngine::FreeModel::operator()(llama_model* model) const {
  llama_model_free(model);
}
void LlamaEngine::FreeThreads::operator()(ggml_threadpool* threads) const {
  ggml_threadpool_free(threads);
}

void LlamaEngine::FreeContext::operator()(llama_context* context) const {
  llama_free(context);
}

LlamaEngine::LlamaEngine(const WorkerOptions& options) : options_(options) {
  start_backend(options);
  load_model(options);
  make_context(options);
  keep_threads(options.threads);
  warm_up();
}

LlamaEngine::~LlamaEngine() = default;

void LlamaEngine::load_model(const WorkerOptions& options) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(options.model, error)) {
    throw WorkerError("not_found", "no such model file: " + options.model);
  }
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = options.gpu_layers;
  // Weights rearranged for whole tiles are multiplied by other code than a single column is.
  params.use_extra_bufts = !options.reproducible;
  on_gpu_ = options.gpu_layers != 0 && has_gpu();
  model_.reset(llama_model_load_from_file(options.model.c_str(), params));
  if (!model_) {
    throw WorkerError("bad_request", "llama.cpp cannot load " + options.model +
                                         ": not a GGUF model, or one that it does not know");
  }
  if (llama_model_has_encoder(model_.get()) || !llama_model_has_decoder(model_.get())) {
    throw WorkerError("bad_request", options.model + " is not a text generator");
  }
  vocab_ = llama_model_get_vocab(model_.get());
}

void LlamaEngine::make_context(const WorkerOptions& options) {
  const int trained = llama_model_n_ctx_train(model_.get());
  sequences_ = std::clamp(options.parallel, 1, kMostSequences);
  const int each = options.context > 0 ? options.context : std::min(trained, kDefaultContext);
  llama_context_params params = llama_context_default_params();
  params.n_seq_max = static_cast<std::uint32_t>(sequences_);
  params.n_ctx = static_cast<std::uint32_t>((each + 255) / 256 * 256 * sequences_);
  params.n_batch = static_cast<std::uint32_t>(std::max(options.batch, sequences_));
  params.n_ubatch = static_cast<std::uint32_t>(std::min<int>(options.ubatch, params.n_batch));
  params.n_threads = options.threads;
  params.n_threads_batch = options.threads;
  params.kv_unified = false;  // A sequence's sums run over its own cells, wherever the others are.
  params.no_perf = true;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_AUTO;
  if (options.flash_attention == FlashAttention::kOn) {
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
  } else if (options.flash_attention == FlashAttention::kOff ||
             (options.reproducible && !on_gpu_)) {
    // On a CPU its loop over the cache depends on how many columns are computed together.
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  }
  flash_attention_auto_ = params.flash_attn_type == LLAMA_FLASH_ATTN_TYPE_AUTO;
  context_.reset(llama_init_from_model(model_.get(), params));
  if (!context_) {
    throw WorkerError("bad_request", "llama.cpp cannot make a context of " + std::to_string(each) +
                                         " tokens for " + std::to_string(sequences_) +
                                         " requests: lower \"context\" or \"parallel\"");
  }
  context_size_ = std::min<int>(each, static_cast<int>(llama_n_ctx_seq(context_.get())));
  batch_ = static_cast<int>(llama_n_batch(context_.get()));
}

// Without a pool of its own the CPU backend starts and ends its threads at every step.
void LlamaEngine::keep_threads(int threads) {
  if (threads < 2) return;
  ggml_threadpool_params params = ggml_threadpool_params_default(threads);
  // Spins through the gap between two steps (some 5 ms), and sleeps when no request is there.
  params.poll = 1;
  threads_.reset(ggml_threadpool_new(&params));
  if (threads_) llama_attach_threadpool(context_.get(), threads_.get(), nullptr);
}

void LlamaEngine::warm_up() {
  Batch batch;
  for (int sequence = 0; sequence < sequences_; ++sequence) {
    batch.add(std::max(start_token(), 0), 0, sequence, true);
  }
  decode(batch);
  for (int sequence = 0; sequence < sequences_; ++sequence) {
    truncate(sequence, 0);
  }
}

std::vector<int> LlamaEngine::tokenize(std::string_view text, bool start, bool special) const {
  std::vector<int> tokens(text.size() + 2);
  int count = llama_tokenize(vocab_, text.data(), static_cast<int>(text.size()), tokens.data(),
                             static_cast<int>(tokens.size()), start, special);
  if (count < 0) {
    tokens.resize(static_cast<std::size_t>(-count));
    count = llama_tokenize(vocab_, text.data(), static_cast<int>(text.size()), tokens.data(),
                           static_cast<int>(tokens.size()), start, special);
  }
  tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
  return tokens;
}

std::string LlamaEngine::piece(int token) const {
  std::string bytes(32, '\0');
  int size =
      llama_token_to_piece(vocab_, token, bytes.data(), static_cast<int>(bytes.size()), 0, false);
  if (size < 0) {
    bytes.resize(static_cast<std::size_t>(-size));
    size =
        llama_token_to_piece(vocab_, token, bytes.data(), static_cast<int>(bytes.size()), 0, false);
  }
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)));
  return bytes;
}

bool LlamaEngine::ends_answer(int token) const {
  return llama_vocab_is_eog(vocab_, token);
}
bool LlamaEngine::is_control(int token) const {
  return llama_vocab_is_control(vocab_, token);
}
int LlamaEngine::vocabulary() const {
  return llama_vocab_n_tokens(vocab_);
}

int LlamaEngine::start_token() const {
  const int bos = llama_vocab_bos(vocab_);
  return bos >= 0 ? bos : llama_vocab_eos(vocab_);
}

void LlamaEngine::decode(const Batch& batch) {
  // The C interface takes pointers to what it does not change as if it might.
  auto& changeable = const_cast<Batch&>(batch);
  std::vector<int> counts(batch.tokens.size(), 1);
  std::vector<int*> sequence_of;
  for (int& sequence : changeable.sequences) {
    sequence_of.push_back(&sequence);
  }
  llama_batch raw{};
  raw.n_tokens = batch.size();
  raw.token = changeable.tokens.data();
  raw.pos = changeable.positions.data();
  raw.n_seq_id = counts.data();
  raw.seq_id = sequence_of.data();
  raw.logits = changeable.wanted.data();
  const int result = llama_decode(context_.get(), raw);
  if (result != 0) {
    throw WorkerError("server", "llama_decode answered " + std::to_string(result));
  }
  llama_synchronize(context_.get());
}

std::span<const float> LlamaEngine::logits(int index) const {
  const float* row = llama_get_logits_ith(context_.get(), index);
  return {row, static_cast<std::size_t>(vocabulary())};
}

bool LlamaEngine::truncate(int sequence, int from) {
  const llama_memory_t memory = llama_get_memory(context_.get());
  if (llama_memory_seq_rm(memory, sequence, from, -1)) {
    return true;
  }
  llama_memory_seq_rm(memory, sequence, -1, -1);
  return false;
}

void LlamaEngine::copy(int from, int to) {
  llama_memory_seq_cp(llama_get_memory(context_.get()), from, to, -1, -1);
}

std::string LlamaEngine::name() const {
  char text[256] = "";
  llama_model_meta_val_str(model_.get(), "general.name", text, sizeof text);
  return text[0] != '\0' ? text : std::filesystem::path(options_.model).stem().string();
}

std::string LlamaEngine::device() const {
  for (std::size_t i = 0; on_gpu_ && i < ggml_backend_dev_count(); ++i) {
    const ggml_backend_dev_t device = ggml_backend_dev_get(i);
    if (ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_GPU) {
      return ggml_backend_dev_description(device);
    }
  }
  return "CPU";
}

std::string LlamaEngine::details() const {
  char description[256] = "";
  llama_model_desc(model_.get(), description, sizeof description);
  const nlohmann::json details = {
      {"llama_cpp", llama_engine_version()},
      {"model_type", description},
      {"parameters", llama_model_n_params(model_.get())},
      {"weight_bytes", llama_model_size(model_.get())},
      {"vocabulary", vocabulary()},
      {"context", context_size_},
      {"parallel", sequences_},
      {"threads", llama_n_threads(context_.get())},
      {"batch", batch_},
      {"ubatch", llama_n_ubatch(context_.get())},
      {"gpu_layers", on_gpu_ ? options_.gpu_layers : 0},
      {"flash_attention", flash_attention_auto_                             ? "auto"
                          : options_.flash_attention == FlashAttention::kOn ? "on"
                                                                            : "off"},
      {"reproducible", options_.reproducible},
      {"reuse_prefix", options_.reuse_prefix},
      {"system", llama_print_system_info()},
  };
  return details.dump();
}

std::string llama_engine_version() {
  return std::string(llama_version()) + " (llama-cpp-python " PINGJIA_LLAMA_PACKAGE ")";
}

}  // namespace pingjia::adapters::engines
