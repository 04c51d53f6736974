#include <algorithm>

#include "harness/spec/prompt_template.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

namespace {

// What the placeholders of one suite, protocol and sample stand for.
class Writer {
 public:
  Writer(const Suite& suite, const Protocol& protocol) : suite_(suite), protocol_(protocol) {}

  std::string expand(const std::string& text, const Sample& sample) const {
    return PromptTemplate(text).expand(
        [&](std::string_view name) { return value_of(name, sample); });
  }

  std::string expand_choice(const std::string& text, const Sample& sample,
                            std::size_t index) const {
    return PromptTemplate(text).expand([&](std::string_view name) {
      return name == "letter" ? choice_letter(index) : sample.choices[index];
    });
  }

 private:
  std::string subject_of(const Sample& sample) const {
    const auto known = suite_.subject_names.find(sample.subject);
    if (known != suite_.subject_names.end()) return known->second;
    std::string words = sample.subject;
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
  }

  std::string value_of(std::string_view name, const Sample& sample) const {
    if (name == "question") return sample.question;
    if (name == "gold" || name == "letter") return sample.gold;
    if (name == "subject") return subject_of(sample);
    if (name == "solution") return sample.solution;
    if (name == "preamble") {
      const auto known = suite_.preambles.find(sample.subject);
      return known == suite_.preambles.end() ? std::string() : known->second;
    }
    if (name == "choices") {
      std::string lines;
      for (std::size_t i = 0; i < sample.choices.size(); ++i) {
        lines += expand_choice(protocol_.choice_line, sample, i);
      }
      return lines;
    }
    // {choice}: the right one, for a shot's answer; without choices the gold text itself.
    const auto index =
        name == "choice" ? gold_index(sample) : static_cast<std::size_t>(name[0] - 'A');
    if (index < sample.choices.size()) return sample.choices[index];
    return name == "choice" ? sample.gold : std::string();
  }

  // Which choice the gold letter names; choices.size() where there is none.
  static std::size_t gold_index(const Sample& sample) {
    std::size_t index = 0;
    while (index < sample.choices.size() && choice_letter(index) != sample.gold) ++index;
    return index;
  }

  const Suite& suite_;
  const Protocol& protocol_;
};

void add_messages(const Suite& suite, const Protocol& protocol, const Sample& sample,
                  const Writer& writer, std::vector<Message>& messages) {
  std::string text = writer.expand(protocol.preamble, sample);
  for (const Sample* shot : shots_of(suite, protocol, sample)) {
    const auto asked = writer.expand(protocol.prompt, *shot);
    const auto answer = writer.expand(protocol.shot_answer, *shot);
    if (protocol.shots_as_text) {
      text += asked + answer + protocol.shot_separator;
      continue;
    }
    messages.push_back({"user", text + asked});
    messages.push_back({"assistant", answer});
    text.clear();
  }
  messages.push_back({"user", text + writer.expand(protocol.prompt, sample)});
}

}  // namespace

std::string choice_letter(std::size_t index) {
  const std::string last(1, static_cast<char>('A' + index % 26));
  return index < 26 ? last : choice_letter(index / 26 - 1) + last;
}

Request make_request(const Suite& suite, const Protocol& protocol, const Sample& sample) {
  const Writer writer(suite, protocol);
  Request request;
  request.mode = protocol.mode;
  request.sampling = protocol.sampling;
  if (!protocol.system.empty()) request.messages.push_back({"system", protocol.system});
  add_messages(suite, protocol, sample, writer, request.messages);
  if (protocol.mode == Mode::kLoglikelihood) {
    for (std::size_t i = 0; i < sample.choices.size(); ++i) {
      request.continuations.push_back(writer.expand_choice(protocol.continuation, sample, i));
    }
  }
  return request;
}

}  // namespace pingjia::harness
