#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/sentence.h"

namespace pingjia::reports {

/// A text of the interface in the page's other language; empty where the one table of them
/// (words.cpp) does not have it.
std::string_view chinese(std::string_view english);

/// The table as a JSON object, for the page's script.
std::string words_json();

/// `<span class="word">` around a text of the interface, which the page shows in the reader's
/// language.
/// "{}" is filled in with `fill`, which is escaped. A text that is not in the table is a bug.
std::string tr(std::string_view english, const std::vector<std::string>& fill = {});

/// ` data-k="…" data-a="…"`, by which the page's script says an element of class "word" in the
/// reader's language. The pattern must be in the table.
std::string word_attributes(const Sentence& sentence);

/// `<p class="…">` of such a text.
std::string paragraph(std::string_view style, std::string_view english,
                      const std::vector<std::string>& fill = {});

}  // namespace pingjia::reports
