#include "adapters/engines/chat_template.h"

#include <chat.h>
#include <llama.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters {
namespace {

/// "Today" for templates that print the date: a run that is resumed tomorrow must ask the same.
constexpr std::chrono::seconds kToday{1735689600};  // 2025-01-01T00:00:00Z

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw WorkerError("not_found", "no such chat template: " + path);
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Cuts `text` where it holds, in their order, contents that spell control tokens.
std::vector<Prompt::Piece> cut(const LlamaEngine& engine, const std::string& text,
                               const std::vector<harness::Message>& messages) {
  std::vector<Prompt::Piece> pieces;
  std::size_t from = 0;
  for (const harness::Message& message : messages) {
    const std::size_t at = text.find(message.content, from);
    if (message.content.empty() || at == std::string::npos) {
      continue;
    }
    Prompt::Piece piece = user_piece(engine, message.content);
    if (!piece.trusted) {
      pieces.push_back({text.substr(from, at - from), true});
      pieces.push_back(std::move(piece));
    } else {
      pieces.push_back({text.substr(from, at - from + message.content.size()), true});
    }
    from = at + message.content.size();
  }
  pieces.push_back({text.substr(from), true});
  return pieces;
}

std::string joined_contents(const std::vector<harness::Message>& messages) {
  std::string text;
  for (const harness::Message& message : messages) {
    text += (text.empty() ? "" : "\n") + message.content;
  }
  return text;
}

}  // namespace

struct ChatTemplate::Implementation {
  common_chat_templates_ptr templates;
};

ChatTemplate::ChatTemplate(const LlamaEngine& engine, const WorkerOptions& options)
    : engine_(engine), thinking_(options.thinking) {
  const bool own = llama_model_chat_template(engine.model(), nullptr) != nullptr;
  const std::string file = options.chat_template_file;
  origin_ = !file.empty() ? "file" : own ? "model" : "none";
  if (origin_ == "none") {
    return;
  }
  implementation_ = std::make_unique<Implementation>();
  try {
    implementation_->templates =
        common_chat_templates_init(engine.model(), file.empty() ? "" : read_file(file));
  } catch (const WorkerError&) {
    throw;
  } catch (const std::exception& error) {
    throw WorkerError("bad_request",
                      std::string("the chat template cannot be read: ") + error.what());
  }
}

ChatTemplate::~ChatTemplate() = default;

Prompt ChatTemplate::render(const std::vector<harness::Message>& messages) const {
  if (!implementation_) {
    return {cut(engine_, joined_contents(messages), messages), {}};
  }
  common_chat_templates_inputs inputs;
  for (const harness::Message& message : messages) {
    common_chat_msg turn;
    turn.role = message.role;
    turn.content = message.content;
    inputs.messages.push_back(std::move(turn));
  }
  inputs.enable_thinking = thinking_;
  inputs.now = std::chrono::system_clock::time_point(kToday);
  try {
    common_chat_params params =
        common_chat_templates_apply(implementation_->templates.get(), inputs);
    return {cut(engine_, params.prompt, messages), params.additional_stops};
  } catch (const std::exception& error) {
    throw WorkerError("bad_request",
                      std::string("the chat template refuses these messages: ") + error.what());
  }
}

std::string Prompt::text() const {
  std::string all;
  for (const Piece& piece : pieces) {
    all += piece.text;
  }
  return all;
}

Prompt::Piece user_piece(const LlamaEngine& engine, std::string text) {
  const std::vector<int> tokens = engine.tokenize(text, false, true);
  const bool spells_control = std::any_of(tokens.begin(), tokens.end(), [&](int token) {
    return engine.is_control(token) || engine.ends_answer(token);
  });
  return {std::move(text), !spells_control};
}

std::vector<int> tokenize(const LlamaEngine& engine, const Prompt& prompt) {
  std::vector<int> tokens;
  bool start = true;
  for (std::size_t i = 0; i < prompt.pieces.size();) {
    const bool trusted = prompt.pieces[i].trusted;
    std::string text;
    for (; i < prompt.pieces.size() && prompt.pieces[i].trusted == trusted; ++i) {
      text += prompt.pieces[i].text;
    }
    if (text.empty() && !start) {
      continue;
    }
    const std::vector<int> more = engine.tokenize(text, start, trusted);
    tokens.insert(tokens.end(), more.begin(), more.end());
    start = false;
  }
  if (tokens.empty() && engine.start_token() >= 0) {
    tokens.push_back(engine.start_token());
  }
  return tokens;
}

}  // namespace pingjia::adapters
