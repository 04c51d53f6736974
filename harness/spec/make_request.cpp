#include "harness/spec/prompt_template.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

namespace {

std::string expand_choice(const std::string& text, const Sample& sample, std::size_t index) {
  return PromptTemplate(text).expand([&](std::string_view name) {
    return name == "letter" ? choice_letter(index) : sample.choices[index];
  });
}

// Which choice the gold letter names; choices.size() where there is none.
std::size_t gold_index(const Sample& sample) {
  std::size_t index = 0;
  while (index < sample.choices.size() && choice_letter(index) != sample.gold) ++index;
  return index;
}

// What a placeholder of `prompt` or `shot_answer` stands for.
std::string value_of(std::string_view name, const Protocol& protocol, const Sample& sample) {
  if (name == "question") return sample.question;
  if (name == "gold" || name == "letter") return sample.gold;
  if (name == "choices") {
    std::string lines;
    for (std::size_t i = 0; i < sample.choices.size(); ++i) {
      lines += expand_choice(protocol.choice_line, sample, i);
    }
    return lines;
  }
  // {choice}: the right one, for a shot's answer; without choices the gold text itself.
  const auto index =
      name == "choice" ? gold_index(sample) : static_cast<std::size_t>(name[0] - 'A');
  if (index < sample.choices.size()) return sample.choices[index];
  return name == "choice" ? sample.gold : std::string();
}

std::string expand(const std::string& text, const Protocol& protocol, const Sample& sample) {
  return PromptTemplate(text).expand(
      [&](std::string_view name) { return value_of(name, protocol, sample); });
}

}  // namespace

std::string choice_letter(std::size_t index) {
  const std::string last(1, static_cast<char>('A' + index % 26));
  return index < 26 ? last : choice_letter(index / 26 - 1) + last;
}

Request make_request(const Protocol& protocol, const Sample& sample) {
  Request request;
  request.mode = protocol.mode;
  request.sampling = protocol.sampling;
  if (!protocol.system.empty()) request.messages.push_back({"system", protocol.system});
  for (const auto& shot : protocol.shots) {
    request.messages.push_back({"user", expand(protocol.prompt, protocol, shot)});
    request.messages.push_back({"assistant", expand(protocol.shot_answer, protocol, shot)});
  }
  request.messages.push_back({"user", expand(protocol.prompt, protocol, sample)});
  if (protocol.mode == Mode::kLoglikelihood) {
    for (std::size_t i = 0; i < sample.choices.size(); ++i) {
      request.continuations.push_back(expand_choice(protocol.continuation, sample, i));
    }
  }
  return request;
}

}  // namespace pingjia::harness
