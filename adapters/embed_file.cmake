# Writes the text of SOURCE as a C++ constant SYMBOL into OUTPUT.
file(READ "${SOURCE}" text)
file(WRITE "${OUTPUT}" "#include <string_view>

namespace pingjia::adapters {
extern const std::string_view ${SYMBOL};
const std::string_view ${SYMBOL} = R\"embedded(${text})embedded\";
}  // namespace pingjia::adapters
")
