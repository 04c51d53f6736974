#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters::engines {

/// Turns the bytes of tokens into text that may be shown: whole UTF-8 code points, and nothing that
/// is, or could still become, a stop string. Bytes that are no UTF-8 become U+FFFD.
class HeldText {
 public:
  explicit HeldText(std::vector<std::string> stops);

  /// Takes the bytes of the next token, gives what may be shown now. After a stop string has been
  /// seen, `stopped()` holds and everything later is dropped.
  std::string add(std::string_view bytes);

  /// The answer ends here: gives what was held back.
  std::string finish();

  bool stopped() const { return stopped_; }

 private:
  std::size_t first_stop() const;
  std::size_t held_for_stops() const;

  std::vector<std::string> stops_;
  std::string held_;  ///< Bytes not yet shown.
  bool stopped_ = false;
};

}  // namespace pingjia::adapters::engines
