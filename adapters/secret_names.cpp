#include "adapters/secret_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace pingjia::adapters {

namespace {

constexpr std::array<std::string_view, 9> kWords = {
    "auth", "cookie", "credential", "key", "passphrase", "passwd", "password", "secret", "token"};
// Too short to be looked for inside other names.
constexpr std::array<std::string_view, 5> kParameters = {"code", "pw", "pwd", "sig", "signature"};

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

}  // namespace

bool speaks_of_secret(std::string_view name) {
  const std::string lowered = lower(name);
  return std::any_of(kWords.begin(), kWords.end(), [&lowered](std::string_view word) {
    return lowered.find(word) != std::string::npos;
  });
}

bool url_holds_secret(std::string_view url) {
  const auto scheme = url.find("://");
  const auto rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  const auto authority_end = rest.find_first_of("/?#");
  const bool has_host = scheme != std::string_view::npos;
  if (has_host && rest.substr(0, authority_end).find('@') != std::string_view::npos) return true;
  const auto question = rest.find('?');
  if (question == std::string_view::npos) return false;
  auto query = rest.substr(question + 1);
  while (!query.empty()) {
    const auto parameter = query.substr(0, query.find_first_of("&;#"));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    const auto name = parameter.substr(0, parameter.find('='));
    const auto known = std::find(kParameters.begin(), kParameters.end(), lower(name));
    if (speaks_of_secret(name) || known != kParameters.end()) return true;
  }
  return false;
}

}  // namespace pingjia::adapters
