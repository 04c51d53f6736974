#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// Text with placeholders: `{question}` (lower-case letters) or `{A}` (one capital). `{{` is a
/// literal brace; a brace that opens no such name ("\boxed{}", "{ x") stays as it is.
class PromptTemplate {
 public:
  explicit PromptTemplate(std::string_view text);

  /// The placeholders in it, in order, repeats included.
  std::vector<std::string> names() const;

  /// One pass: what `value` returns for a name is never searched for placeholders itself.
  std::string expand(const std::function<std::string(std::string_view name)>& value) const;

 private:
  struct Part {
    bool is_name = false;
    std::string text;
  };

  void append_literal(std::string_view text);

  std::vector<Part> parts_;
};

}  // namespace pingjia::harness
