#include "harness/base/base64.h"

#include <openssl/evp.h>

namespace pingjia::harness {

std::string base64(std::string_view bytes) {
  // A multiple of three per call, so that padding comes at the end alone; the length is an int.
  constexpr std::size_t kPiece = 3 << 20;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4 + 1);
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kPiece);
    const std::size_t at = text.size();
    text.resize(at + (piece.size() + 2) / 3 * 4 + 1);  // OpenSSL ends its text with a zero.
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + at),
                                       reinterpret_cast<const unsigned char*>(piece.data()),
                                       static_cast<int>(piece.size()));
    text.resize(at + static_cast<std::size_t>(length));
    bytes.remove_prefix(piece.size());
  }
  return text;
}

}  // namespace pingjia::harness
