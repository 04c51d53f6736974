#include "tests/oracle_gguf.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "tests/gguf_file.h"

namespace pingjia::tests {

const char* const kRoleTemplate =
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

const char* const kBareTemplate =
    "{% for message in messages %}{{ message['content'] }}{% endfor %}";

namespace {

constexpr int kFirstByte = 3;
constexpr int kSpace = 262;     // Followed by '!' to '~'.
constexpr double kNever = -30;  // Logit of what must not come: 357 of them add 3e-11.
constexpr std::uint32_t kContext = 4096;
constexpr std::uint32_t kHead = 64;

std::vector<std::string> vocabulary() {
  std::vector<std::string> tokens = {"<unk>", "<s>", "</s>"};
  for (int byte = 0; byte < 256; ++byte) {
    char text[8];
    std::snprintf(text, sizeof text, "<0x%02X>", static_cast<unsigned>(byte));
    tokens.emplace_back(text);
  }
  tokens.insert(tokens.end(), {"<|user|>", "<|assistant|>", "<|system|>", "\u2581"});
  for (char c = '!'; c <= '~'; ++c) tokens.emplace_back(1, c);
  assert(tokens.size() == kVocabulary);
  return tokens;
}

// What each token is, in the numbers of llama.cpp: 1 normal, 2 unknown, 3 control, 6 byte.
std::vector<std::int32_t> token_types() {
  std::vector<std::int32_t> types(kVocabulary, 1);
  std::fill(types.begin() + kFirstByte, types.begin() + kFirstByte + 256, 6);
  types[kUnknownToken] = 2;
  for (const int token : {kBosToken, kEosToken, kUserToken, kAssistantToken, kSystemToken}) {
    types[static_cast<std::size_t>(token)] = 3;
  }
  return types;
}

void set_tokenizer(GgufFile& file, const std::string& chat_template) {
  file.set("tokenizer.ggml.model", "llama");
  file.set("tokenizer.ggml.tokens", std::span<const std::string>(vocabulary()));
  file.set("tokenizer.ggml.scores", std::span<const float>(std::vector<float>(kVocabulary, 0.0f)));
  file.set("tokenizer.ggml.token_type", std::span<const std::int32_t>(token_types()));
  file.set("tokenizer.ggml.bos_token_id", std::uint32_t{kBosToken});
  file.set("tokenizer.ggml.eos_token_id", std::uint32_t{kEosToken});
  file.set("tokenizer.ggml.unknown_token_id", std::uint32_t{kUnknownToken});
  file.set("tokenizer.ggml.add_bos_token", true);
  file.set("tokenizer.ggml.add_eos_token", false);
  file.set("tokenizer.ggml.add_space_prefix", false);
  file.set("tokenizer.chat_template", chat_template);
}

struct Shape {
  std::uint32_t layers, dim, ff, kv_heads;
};

void set_llama(GgufFile& file, const std::string& name, const Shape& shape) {
  file.set("general.architecture", "llama");
  file.set("general.name", name);
  file.set("llama.context_length", kContext);
  file.set("llama.embedding_length", shape.dim);
  file.set("llama.block_count", shape.layers);
  file.set("llama.feed_forward_length", shape.ff);
  file.set("llama.attention.head_count", shape.dim / kHead);
  file.set("llama.attention.head_count_kv", shape.kv_heads);
  file.set("llama.attention.layer_norm_rms_epsilon", 1e-9f);
  file.set("llama.rope.dimension_count", kHead);
  file.set("llama.rope.freq_base", 10000.0f);
  file.set("llama.vocab_size", std::uint32_t{kVocabulary});
}

GgufFile::Fill constant(std::size_t count, float value) {
  return [=](std::vector<float>& out) { out.resize(count, value); };
}

/// The tensors of the layers; `matrix(columns, rows)` makes each matrix's Fill.
template <typename Matrix>
void add_layers(GgufFile& file, const Shape& shape, const Matrix& matrix) {
  const std::size_t dim = shape.dim, kv = shape.kv_heads * kHead, ff = shape.ff;
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".";
    const auto add_matrix = [&](const char* name, std::size_t columns, std::size_t rows) {
      file.add(prefix + name, columns, rows, TensorType::kF16, matrix(columns, rows));
    };
    file.add(prefix + "attn_norm.weight", dim, 0, TensorType::kF32, constant(dim, 1));
    add_matrix("attn_q.weight", dim, dim);
    add_matrix("attn_k.weight", dim, kv);
    add_matrix("attn_v.weight", dim, kv);
    add_matrix("attn_output.weight", dim, dim);
    file.add(prefix + "ffn_norm.weight", dim, 0, TensorType::kF32, constant(dim, 1));
    add_matrix("ffn_gate.weight", dim, ff);
    add_matrix("ffn_up.weight", dim, ff);
    add_matrix("ffn_down.weight", ff, dim);
  }
}

std::size_t cell(int previous, int next) {
  assert(previous >= 0 && previous < kVocabulary && next >= 0 && next < kVocabulary);
  return static_cast<std::size_t>(previous) * kVocabulary + static_cast<std::size_t>(next);
}

/// splitmix64; four 16-bit uniforms of a draw, added up, are close to normal.
class Bell {
 public:
  Bell(std::uint64_t seed, float deviation) : state_(seed), scale_(deviation / 37837.2f) {}

  float operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    const auto sum = (z & 0xffff) + ((z >> 16) & 0xffff) + ((z >> 32) & 0xffff) + (z >> 48);
    return (static_cast<float>(sum) - 131070.0f) * scale_;
  }

 private:
  std::uint64_t state_;
  float scale_;
};

}  // namespace

std::vector<int> tokens_of(std::string_view text) {
  std::vector<int> tokens;
  for (const char c : text) {
    const bool printable = c >= ' ' && c <= '~';
    tokens.push_back(printable ? kSpace + (c - ' ') : kFirstByte + static_cast<unsigned char>(c));
  }
  return tokens;
}

OracleTable::OracleTable() : logits_(cell(kVocabulary - 1, kVocabulary - 1) + 1, kNever) {
  for (int previous = 0; previous < kVocabulary; ++previous) set_logit(previous, kEosToken, 0);
  answer_.assign(kVocabulary, -1);
}

void OracleTable::set_logit(int previous, int next, double logit) {
  logits_[cell(previous, next)] = logit;
}

double OracleTable::logit(int previous, int next) const {
  return logits_[cell(previous, next)];
}

void OracleTable::follow(int previous, const Choices& choices) {
  double rest = 1;
  for (int next = 0; next < kVocabulary; ++next) set_logit(previous, next, kNever);
  for (const auto& [text, probability] : choices) {
    const std::vector<int> tokens = tokens_of(text);
    if (tokens.size() != 1) throw std::invalid_argument("not one token: " + text);
    set_logit(previous, tokens[0], std::max(std::log(probability), kNever));
    rest -= probability;
  }
  if (rest < -1e-9) throw std::invalid_argument("probabilities above 1");
  if (rest > 1e-9) set_logit(previous, kEosToken, std::log(rest));
}

void OracleTable::certain(int previous, int next) {
  int& needed = answer_[static_cast<std::size_t>(previous)];
  if (needed >= 0 && needed != next) {
    throw std::invalid_argument("two answers part after token " + std::to_string(previous));
  }
  needed = next;
  for (int other = 0; other < kVocabulary; ++other) set_logit(previous, other, kNever);
  set_logit(previous, next, 0);
}

void OracleTable::answer(int previous, std::string_view text) {
  for (const int token : tokens_of(text)) {
    certain(previous, token);
    previous = token;
  }
  certain(previous, kEosToken);
}

void OracleTable::answer(char previous, std::string_view text) {
  answer(tokens_of({&previous, 1})[0], text);
}

double OracleTable::log_probability(int previous, int next) const {
  double sum = 0;
  for (int other = 0; other < kVocabulary; ++other) sum += std::exp(logit(previous, other));
  return logit(previous, next) - std::log(sum);
}

double OracleTable::log_likelihood(int previous, std::string_view text) const {
  double sum = 0;
  for (const int token : tokens_of(text)) {
    sum += log_probability(previous, token);
    previous = token;
  }
  return sum;
}

void write_oracle_gguf(const std::filesystem::path& path, const OracleTable& table,
                       const std::string& chat_template) {
  const Shape shape = {1, 384, 64, 1};
  const std::size_t dim = shape.dim;
  static_assert(kVocabulary <= 384, "each token needs a dimension of its own");
  GgufFile file;
  set_llama(file, "pingjia oracle", shape);
  set_tokenizer(file, chat_template);
  file.add("token_embd.weight", dim, kVocabulary, TensorType::kF32, [=](std::vector<float>& out) {
    out.assign(dim * kVocabulary, 0.0f);
    for (std::size_t t = 0; t < kVocabulary; ++t) {
      out[t * dim + t] = std::sqrt(static_cast<float>(dim));
    }
  });
  file.add("output_norm.weight", dim, 0, TensorType::kF32,
           constant(dim, 1 / std::sqrt(static_cast<float>(dim))));
  file.add("output.weight", dim, kVocabulary, TensorType::kF32, [&](std::vector<float>& out) {
    out.assign(dim * kVocabulary, 0.0f);
    for (int next = 0; next < kVocabulary; ++next) {
      for (int previous = 0; previous < kVocabulary; ++previous) {
        out[static_cast<std::size_t>(next) * dim + static_cast<std::size_t>(previous)] =
            static_cast<float>(table.logit(previous, next));
      }
    }
  });
  add_layers(file, shape,
             [](std::size_t columns, std::size_t rows) { return constant(columns * rows, 0); });
  file.write(path);
}

RandomShape shape_with(std::size_t parameters) {
  RandomShape shape;
  const std::size_t dim = shape.dim;
  const std::size_t outside = 2 * dim * kVocabulary + dim;
  const std::size_t layer = 4 * dim * dim + 3 * dim * shape.ff + 2 * dim;
  const std::size_t missing = parameters > outside ? parameters - outside : 1;
  shape.layers = static_cast<std::uint32_t>((missing + layer - 1) / layer);
  return shape;
}

std::size_t write_random_gguf(const std::filesystem::path& path, const RandomShape& random,
                              std::uint64_t seed) {
  assert(random.dim % kHead == 0 && random.layers > 0);
  const Shape shape = {random.layers, random.dim, random.ff, random.dim / kHead};
  const std::size_t dim = shape.dim;
  const auto matrix = [&seed](std::size_t columns, std::size_t rows) -> GgufFile::Fill {
    const std::uint64_t own = ++seed * 0x2545f4914f6cdd1du;
    return [=](std::vector<float>& out) {
      Bell bell(own, 1 / std::sqrt(static_cast<float>(columns)));
      out.resize(columns * rows);
      std::generate(out.begin(), out.end(), std::ref(bell));
    };
  };
  GgufFile file;
  set_llama(file, "pingjia random", shape);
  set_tokenizer(file, kRoleTemplate);
  file.add("token_embd.weight", dim, kVocabulary, TensorType::kF16, matrix(dim, kVocabulary));
  file.add("output_norm.weight", dim, 0, TensorType::kF32, constant(dim, 1));
  file.add("output.weight", dim, kVocabulary, TensorType::kF16, matrix(dim, kVocabulary));
  add_layers(file, shape, matrix);
  file.write(path);
  return file.parameters();
}

}  // namespace pingjia::tests
