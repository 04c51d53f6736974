#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/engines/llama_engine.h"
#include "harness/spec/request.h"

namespace pingjia::adapters::engines {

/// A prompt as text, in pieces. Control tokens are read as such in a template's own text only,
/// never in what a user wrote: `trusted` says which a piece is.
struct Prompt {
  struct Piece {
    std::string text;
    bool trusted = true;
  };
  std::vector<Piece> pieces;
  std::vector<std::string> stops;  ///< Texts that the template says end an answer.

  std::string text() const;
};

/// The model's chat template, rendered by llama.cpp's own Jinja.
class ChatTemplate {
 public:
  /// Throws WorkerError for a file that cannot be read or is no template.
  ChatTemplate(const LlamaEngine& engine, const WorkerOptions& options);
  ~ChatTemplate();

  /// The prompt that asks for the assistant's next message. A model without template gets the
  /// contents, one a line. Throws WorkerError (bad_request) when the template refuses the messages,
  /// and when it rewrites one that spells control tokens: they could not be told from its own.
  Prompt render(const std::vector<harness::Message>& messages) const;

  /// "model", "file" or "none".
  const std::string& origin() const { return origin_; }

 private:
  struct Implementation;

  const LlamaEngine& engine_;
  bool thinking_;
  std::string origin_;
  std::unique_ptr<Implementation> implementation_;
};

/// A piece of `text` that a user wrote: one piece, not trusted, when it spells a control token of
/// the model, else trusted, so that it is tokenised together with its neighbours as in training.
Prompt::Piece user_piece(const LlamaEngine& engine, std::string text);

/// The tokens of a prompt: neighbouring pieces of equal trust are one text.
std::vector<int> tokenize(const LlamaEngine& engine, const Prompt& prompt);

}  // namespace pingjia::adapters::engines
