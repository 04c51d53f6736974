#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engines/worker_options.h"

struct llama_context;
struct llama_model;
struct llama_vocab;
struct ggml_threadpool;

namespace pingjia::adapters::engines {

/// Tokens of one engine step: each goes to the end of its sequence.
struct Batch {
  std::vector<int> tokens;
  std::vector<int> positions;
  std::vector<int> sequences;
  std::vector<signed char> wanted;  ///< 1 where the logits after the token are wanted.

  void add(int token, int position, int sequence, bool want);
  void clear();
  int size() const { return static_cast<int>(tokens.size()); }
};

/// One loaded model with one context of several sequences, each with cache cells of its own.
class LlamaEngine {
 public:
  /// Throws WorkerError: "not_found" for a missing file, "bad_request" for one that is no model.
  explicit LlamaEngine(const WorkerOptions& options);
  ~LlamaEngine();

  /// Without `special`, control tokens spelt in `text` stay plain text. `start` adds what the model
  /// wants before a text (BOS).
  std::vector<int> tokenize(std::string_view text, bool start, bool special) const;
  /// The bytes of a token; none for a control token.
  std::string piece(int token) const;
  bool ends_answer(int token) const;
  bool is_control(int token) const;
  /// BOS, else EOS, else -1: what an empty text is made of.
  int start_token() const;

  /// Computes the batch. Throws WorkerError (server) when the engine refuses.
  void decode(const Batch& batch);
  /// Logits after the batch's token `index`, which was wanted; valid until the next decode.
  std::span<const float> logits(int index) const;

  /// Forgets everything of `sequence` from position `from`. Whether that was possible; if not,
  /// the whole sequence has been forgotten.
  bool truncate(int sequence, int from);
  /// `to` becomes a copy of `from`.
  void copy(int from, int to);

  int sequences() const { return sequences_; }
  int context() const { return context_size_; }  ///< Tokens of one sequence.
  int batch() const { return batch_; }
  int vocabulary() const;
  const llama_model* model() const { return model_.get(); }
  std::string name() const;  ///< Of the model, as its file says; else the file's name.
  std::string device() const;
  std::string details() const;  ///< JSON object for `ready`.

 private:
  void load_model(const WorkerOptions& options);
  void make_context(const WorkerOptions& options);
  void keep_threads(int threads);
  void warm_up();

  struct FreeModel {
    void operator()(llama_model* model) const;
  };
  struct FreeContext {
    void operator()(llama_context* context) const;
  };
  struct FreeThreads {
    void operator()(ggml_threadpool* threads) const;
  };

  WorkerOptions options_;
  std::unique_ptr<llama_model, FreeModel> model_;
  std::unique_ptr<ggml_threadpool, FreeThreads> threads_;  // Outlives the context that uses it.
  std::unique_ptr<llama_context, FreeContext> context_;
  const llama_vocab* vocab_ = nullptr;
  bool on_gpu_ = false;
  bool flash_attention_auto_ = false;
  int sequences_ = 0;
  int context_size_ = 0;
  int batch_ = 0;
};

/// Version of the linked llama.cpp and of the package it came in.
std::string llama_engine_version();

}  // namespace pingjia::adapters::engines
