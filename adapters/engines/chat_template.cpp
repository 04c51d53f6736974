#include "adapters/engines/chat_template.h"

#include <chat.h>
#include <llama.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
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

constexpr std::string_view kBlank = " \t\r\n\v\f";

/// Words that stand in a message for a text that spells control tokens while a template is
/// rendered. A template may trim a message, wrap it or print it twice: wherever it prints the
/// stand-in, the text belongs, and nothing of the template's own can be taken for it.
class StandIns {
 public:
  StandIns(const LlamaEngine& engine, const std::vector<harness::Message>& messages)
      : messages_(messages) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      Prompt::Piece piece = user_piece(engine, messages[i].content);
      if (piece.trusted) {
        continue;
      }
      // What stands around the text is left there, so that trimming does to it what it always does.
      const std::size_t first = piece.text.find_first_not_of(kBlank);
      const std::size_t from = first == std::string::npos ? 0 : first;
      const std::size_t to =
          first == std::string::npos ? piece.text.size() : piece.text.find_last_not_of(kBlank) + 1;
      const std::string word = unused_word(i);
      messages_[i].content = piece.text.substr(0, from) + word + piece.text.substr(to);
      words_.emplace_back(word, piece.text.substr(from, to - from));
    }
  }

  const std::vector<harness::Message>& messages() const { return messages_; }

  /// `rendered` with every text back in its place, as a piece that is not trusted. Throws
  /// WorkerError (bad_request) when a stand-in is not there: the template rewrote the text, and
  /// what it made of its control tokens cannot be told from its own.
  std::vector<Prompt::Piece> cut(const std::string& rendered) const {
    std::vector<bool> seen(words_.size());
    std::vector<Prompt::Piece> pieces;
    std::size_t from = 0;
    for (;;) {
      std::size_t at = std::string::npos;
      std::size_t which = 0;
      for (std::size_t i = 0; i < words_.size(); ++i) {
        const std::size_t found = rendered.find(words_[i].first, from);
        if (found < at) {
          at = found;
          which = i;
        }
      }
      if (at == std::string::npos) {
        break;
      }
      pieces.push_back({rendered.substr(from, at - from), true});
      pieces.push_back({words_[which].second, false});
      seen[which] = true;
      from = at + words_[which].first.size();
    }
    pieces.push_back({rendered.substr(from), true});
    if (std::find(seen.begin(), seen.end(), false) != seen.end()) {
      throw WorkerError(
          "bad_request",
          "a message spells control tokens of the model, and the chat template leaves "
          "it out or rewrites it");
    }
    return pieces;
  }

 private:
  std::string unused_word(std::size_t index) const {
    std::string word = "STANDIN" + std::to_string(index) + "X";
    const auto used = [&word](const harness::Message& message) {
      return message.content.find(word) != std::string::npos;
    };
    while (std::any_of(messages_.begin(), messages_.end(), used)) {
      word += "X";
    }
    return word;
  }

  std::vector<harness::Message> messages_;
  std::vector<std::pair<std::string, std::string>> words_;  ///< Stand-in, text.
};

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
  const StandIns stand_ins(engine_, messages);
  if (!implementation_) {
    return {stand_ins.cut(joined_contents(stand_ins.messages())), {}};
  }
  common_chat_templates_inputs inputs;
  for (const harness::Message& message : stand_ins.messages()) {
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
    return {stand_ins.cut(params.prompt), params.additional_stops};
  } catch (const WorkerError&) {
    throw;
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

}  // namespace pingjia::adapters::engines
