# Writes the text of SOURCE as a C++ constant SYMBOL into OUTPUT. Compilers limit one literal to
# 64 KiB, so a long text is cut into adjacent ones.
file(READ "${SOURCE}" text)
set(literals "")
string(LENGTH "${text}" length)
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 16000 piece)
  string(APPEND literals "\n    R\"embedded(${piece})embedded\"")
  math(EXPR at "${at} + 16000")
endwhile()
if(literals STREQUAL "")
  set(literals "\"\"")
endif()
file(WRITE "${OUTPUT}" "#include <string_view>

namespace pingjia::${NAMESPACE} {
extern const std::string_view ${SYMBOL};
const std::string_view ${SYMBOL} =${literals};
}  // namespace pingjia::${NAMESPACE}
")
