#pragma once

#include <string_view>

namespace pingjia::adapters {

/// Whether a name (of an environment variable, a header, a parameter of a URL) says that its value
/// is a secret: it holds, in any case, one of auth, cookie, credential, key, passphrase, passwd,
/// password, secret, token. Errs on the safe side: TOKENIZERS_PARALLELISM is one.
bool speaks_of_secret(std::string_view name);

/// Whether a URL carries a secret: a user name or password before its host, or a parameter whose
/// name speaks of one, or is one of the short names for one (sig, signature, code, pw, pwd).
bool url_holds_secret(std::string_view url);

}  // namespace pingjia::adapters
