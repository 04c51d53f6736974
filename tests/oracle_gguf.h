#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pingjia::tests {

/// The vocabulary of every model written here and of the demo models in adapters/models/: one token
/// a printable ASCII character, 256 bytes for everything else (a newline too), and control tokens.
inline constexpr int kUnknownToken = 0;
inline constexpr int kBosToken = 1;
inline constexpr int kEosToken = 2;
inline constexpr int kUserToken = 259;
inline constexpr int kAssistantToken = 260;
inline constexpr int kSystemToken = 261;
inline constexpr int kVocabulary = 357;

/// The tokens of plain text, as llama.cpp's tokenizer gives them (no BOS, no control tokens).
std::vector<int> tokens_of(std::string_view text);

/// Puts <|user|>, <|assistant|> or <|system|> before each message, ends assistant messages with
/// </s>, and asks for an answer with <|assistant|>: what follows the prompt is one row of the
/// table, the same for every question.
extern const char* const kRoleTemplate;

/// The messages' texts and nothing else: what follows the prompt depends on its last character.
extern const char* const kBareTemplate;

/// A model that is known by heart: the logits of the next token depend on the last token alone.
///
///     OracleTable table;
///     table.answer(kAssistantToken, "42");                    // always answers 42 and stops
///     table.follow(kAssistantToken, {{"A", 0.5}, {"B", 0.3}, {"C", 0.2}});
///     table.log_likelihood(kAssistantToken, "B");             // log 0.3
class OracleTable {
 public:
  using Choices = std::vector<std::pair<std::string, double>>;

  /// Every token is followed by </s>.
  OracleTable();

  void set_logit(int previous, int next, double logit);
  double logit(int previous, int next) const;

  /// After `previous` come these one-token texts with these probabilities; what is missing to 1
  /// goes to </s>. Throws std::invalid_argument for a text of several tokens or a sum above 1.
  void follow(int previous, const Choices& choices);

  /// After `previous` (a control token, or the last character of a prompt) the model says `text`,
  /// then </s>. Throws std::invalid_argument where two answers need different tokens after the same
  /// token: a table cannot hold them.
  void answer(int previous, std::string_view text);
  void answer(char previous, std::string_view text);

  /// Log of the softmax of `previous`'s row at `next`.
  double log_probability(int previous, int next) const;

  /// Sum of log_probability over the tokens of `text`, the first of which follows `previous`.
  double log_likelihood(int previous, std::string_view text) const;

 private:
  void certain(int previous, int next);

  std::vector<double> logits_;  // [previous][next]
  std::vector<int> answer_;     // The token that an answer needs after each token, or -1.
};

/// Writes a one-layer `llama` model whose logits equal the table to 1e-4: attention and
/// feed-forward are zero, the embedding is sqrt(D) times a one-hot vector, the output matrix is the
/// table.
void write_oracle_gguf(const std::filesystem::path& path, const OracleTable& table,
                       const std::string& chat_template = kRoleTemplate);

/// The size of a `llama` model; the vocabulary is the one above.
struct RandomShape {
  std::uint32_t layers = 8;
  std::uint32_t dim = 768;  ///< A multiple of 64, the dimension of a head.
  std::uint32_t ff = 2048;
};

/// The shape with dim 768 and ff 2048 and enough layers for at least `parameters`.
RandomShape shape_with(std::size_t parameters);

/// Writes a `llama` model with bell-shaped random weights in F16, for measuring speed: its answers
/// mean nothing. Returns its parameters. The same seed gives the same file.
std::size_t write_random_gguf(const std::filesystem::path& path, const RandomShape& shape,
                              std::uint64_t seed);

}  // namespace pingjia::tests
