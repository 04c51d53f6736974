#include "harness/base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

// OpenSSL's digest through its EVP interface, which uses the processor's SHA instructions.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(const char* bytes, std::size_t count) {
    check(EVP_DigestUpdate(context_.get(), bytes, count) == 1);
  }

  std::string bytes() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    return {reinterpret_cast<const char*>(digest.data()), size};
  }

  std::string hex() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes()) {
      const auto value = static_cast<unsigned char>(byte);
      text += kDigits[value >> 4];
      text += kDigits[value & 15];
    }
    return text;
  }

 private:
  static void check(bool good) {
    if (!good) throw Error("sha256", "OpenSSL has no SHA-256", "install libssl3 anew");
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view text) {
  Sha256 digest;
  digest.add(text.data(), text.size());
  return digest.bytes();
}

std::string sha256_hex(std::string_view text) {
  Sha256 digest;
  digest.add(text.data(), text.size());
  return digest.hex();
}

std::string sha256_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw Error(file.string(), std::string("cannot be read: ") + std::strerror(errno),
                "check the path and its permission");
  }
  Sha256 digest;
  std::vector<char> buffer(1 << 20);
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    digest.add(buffer.data(), static_cast<std::size_t>(stream.gcount()));
  }
  // A folder opens but cannot be read.
  if (stream.bad() || !stream.eof()) {
    throw Error(file.string(), "cannot be read to its end", "check that it is a file");
  }
  return digest.hex();
}

}  // namespace pingjia::harness
