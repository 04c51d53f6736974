#include "kernels/compare/library.h"

#include <gtest/gtest.h>

namespace pingjia::kernels {
namespace {

TEST(Library, SaysHowToGetWhatIsMissing) {
  Library library("libpingjia-none.so.1", "libnone1");
  EXPECT_EQ(library.absent(), "libpingjia-none.so.1 is not installed (apt-get install libnone1)");
  int (*function)() = nullptr;
  library.find("anything", function);
  EXPECT_EQ(function, nullptr);
}

TEST(Library, SaysWhichFunctionIsMissing) {
  Library library("libc.so.6", "libc6");
  int (*function)(const char*) = nullptr;
  library.find("atoi", function);
  EXPECT_EQ(library.absent(), "");
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(function("42"), 42);
  library.find("pingjia_has_no_such_function", function);
  EXPECT_EQ(library.absent(), "libc.so.6 has no function pingjia_has_no_such_function");
}

}  // namespace
}  // namespace pingjia::kernels
