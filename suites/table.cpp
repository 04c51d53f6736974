#include "suites/table.h"

#include "suites/scorers/choice.h"
#include "suites/scorers/exact.h"
#include "suites/scorers/math.h"
#include "suites/scorers/numeric.h"

namespace pingjia::suites {

namespace {

constexpr harness::Row<harness::MakeScorer> kScorers[] = {
    {"exact", "the same text, Unicode-normalised and trimmed", make_exact},
    {"numeric", "the same number: last, boxed, after #### or after 'The answer is'", make_numeric},
    {"math", "the same mathematics: LaTeX or plain, exact first, then to 50 digits", make_math},
    {"choice", "the letter of a multiple choice, or the choice itself", make_choice},
};

}  // namespace

harness::Table<harness::MakeScorer> scorers() {
  return kScorers;
}

}  // namespace pingjia::suites
