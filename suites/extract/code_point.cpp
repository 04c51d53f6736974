#include "suites/extract/code_point.h"

#include <unicode/utf8.h>

namespace pingjia::suites {

std::int32_t next_code_point(std::string_view text, std::int64_t& at) {
  const char* const bytes = text.data();
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 c = 0;
// ICU's macro narrows an int.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
  U8_NEXT_OR_FFFD(bytes, at, size, c);
#pragma GCC diagnostic pop
  return c;
}

}  // namespace pingjia::suites
