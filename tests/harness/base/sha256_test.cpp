#include "harness/base/sha256.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

// FIPS 180-4, examples of NIST.
TEST(Sha256, KnownDigests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, FileLargerThanOnePieceHashesAsItsText) {
  const auto file =
      std::filesystem::path(testing::TempDir()) / ("sha256_test." + std::to_string(getpid()));
  const std::string text(3'000'001, 'a');
  std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(sha256_file(file), sha256_hex(text));
  std::filesystem::remove(file);
}

TEST(Sha256, MissingFileAndFolderAreErrors) {
  EXPECT_THROW(sha256_file("/no/such/file"), Error);
  EXPECT_THROW(sha256_file("/tmp"), Error);
}

}  // namespace
}  // namespace pingjia::harness
