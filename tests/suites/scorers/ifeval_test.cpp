#include "suites/scorers/ifeval.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "suites/instructions/language.h"
#include "suites/instructions/words.h"

namespace pingjia::suites {
namespace {

using harness::Verdict;
using nlohmann::json;

harness::Grade graded(const json& item, const std::string& answer,
                      const char* protocol = "strict") {
  return make_ifeval(json{{"protocol", protocol}}, "test")->grade({item.dump(), {}}, answer);
}

json item(const std::string& name, const json& kwargs = json::object()) {
  return {{"key", 1}, {"prompt", "p"}, {"instruction_id_list", {name}}, {"kwargs", {kwargs}}};
}

struct Example {
  const char* name;
  const char* kwargs;
  const char* followed;
  const char* broken;
};

TEST(Ifeval, EveryKind) {
  const Example examples[] = {
      {"keywords:existence", R"({"keywords": ["apple", "pear"]})", "An Apple and a pear.",
       "An apple."},
      {"keywords:frequency", R"({"keyword": "sun", "frequency": 2, "relation": "at least"})",
       "Sun and sunset.", "The sun."},
      {"keywords:forbidden_words", R"({"forbidden_words": ["bad"]})", "A badge.", "Too Bad!"},
      {"keywords:letter_frequency",
       R"({"letter": "q", "let_frequency": 2, "let_relation": "less than"})", "A Quiz.",
       "Quick quiz."},
      {"language:response_language", R"({"language": "de"})",
       "Das ist ein Haus, und der Hund schläft nicht.", "This is a house and the dog sleeps."},
      {"length_constraints:number_sentences", R"({"num_sentences": 3, "relation": "less than"})",
       "Dr. Smith came at 5 p.m. today. He left.", "One. Two! Three?"},
      {"length_constraints:number_paragraphs", R"({"num_paragraphs": 2})", "One.\n***\nTwo.\n***",
       "One.\n\nTwo."},
      {"length_constraints:number_words", R"({"num_words": 3, "relation": "at least"})",
       "one two-three", "one two"},
      {"length_constraints:nth_paragraph_first_word",
       R"({"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then"})",
       "First.\n\n\"then, we go.", "First.\n\nWe then go."},
      {"detectable_content:number_placeholders", R"({"num_placeholders": 2})", "[name] at [place]",
       "[name\n] and [place]"},
      {"detectable_content:postscript", R"({"postscript_marker": "P.S."})", "Dear.\n\np. s. Bye",
       "Dear. PS Bye"},
      {"detectable_format:number_bullet_lists", R"({"num_bullets": 2})", "List:\n* a\n- b",
       "List:\n* a\n* b\n* c"},
      {"detectable_format:constrained_response", "{}", "Well. My answer is no. Bye.", "No."},
      {"detectable_format:number_highlighted_sections", R"({"num_highlights": 2})",
       "*one* and *two*", "*one* and * *"},
      {"detectable_format:multiple_sections",
       R"({"section_spliter": "Section", "num_sections": 2})", "Section 1\nA\nSection 2\nB",
       "Section 1\nA\nSection B"},
      {"detectable_format:json_format", "{}", "```json\n{\"a\": [1, 2]}\n```", "{a: 1}"},
      {"detectable_format:title", "{}", "<<A song>>\nLa.", "<< >>\nLa."},
      {"combination:two_responses", "{}", "One\n******\nTwo", "One\n******\nOne"},
      {"combination:repeat_prompt", R"({"prompt_to_repeat": "Write a poem."})",
       " write a poem. Roses.", "Sure. Write a poem."},
      {"startend:end_checker", R"({"end_phrase": "That is all."})", "Well. \"THAT is all.\"",
       "That is all. Bye"},
      {"startend:quotation", "{}", "\"All of it.\"", "\"Half\" of it"},
      {"change_case:capital_word_frequency",
       R"({"capital_frequency": 3, "capital_relation": "at least"})", "GO to the WELL-KNOWN I'm.",
       "GO home NOW."},
      {"change_case:english_capital", "{}", "THIS IS THE ANSWER TO IT.", "THIS IS the ANSWER."},
      {"change_case:english_lowercase", "{}", "this is the answer to it.", "This is it."},
      {"punctuation:no_comma", "{}", "One two.", "One, two."},
  };
  EXPECT_EQ(std::size(examples), 25U);
  for (const auto& example : examples) {
    const auto asked = item(example.name, json::parse(example.kwargs));
    const auto good = graded(asked, example.followed);
    EXPECT_EQ(good.verdict, Verdict::kRight) << example.name;
    EXPECT_EQ(good.instructions, std::vector<bool>{true}) << example.name;
    const auto bad = graded(asked, example.broken);
    EXPECT_EQ(bad.verdict, Verdict::kWrong) << example.name;
    EXPECT_EQ(bad.instructions, std::vector<bool>{false}) << example.name;
  }
}

TEST(Ifeval, LooseFormsOfTheAnswer) {
  const auto ends = item("startend:end_checker", {{"end_phrase", "Bye."}});
  EXPECT_EQ(graded(ends, "Hello.\n**Bye.**").verdict, Verdict::kWrong);
  EXPECT_EQ(graded(ends, "Hello.\n**Bye.**", "loose").verdict, Verdict::kRight);
  EXPECT_EQ(graded(ends, "Hello. Bye.\nHope this helps!", "loose").verdict, Verdict::kRight);
  const auto quoted = item("startend:quotation");
  EXPECT_EQ(graded(quoted, "Sure:\n\"Yes.\"\nAnything else?", "loose").verdict, Verdict::kRight);
  EXPECT_EQ(graded(quoted, "Sure: \"Yes.\"", "loose").verdict, Verdict::kWrong);
}

TEST(Ifeval, AllMustBeFollowed) {
  const json two = {{"instruction_id_list", {"punctuation:no_comma", "startend:quotation"}},
                    {"kwargs", {json::object(), nullptr}}};
  const auto grade = graded(two, "One two.");
  EXPECT_EQ(grade.verdict, Verdict::kWrong);
  EXPECT_EQ(grade.extracted, "1/2");
  EXPECT_EQ(grade.instructions, (std::vector<bool>{true, false}));
  EXPECT_EQ(graded(two, "\"One two.\"").verdict, Verdict::kRight);
  EXPECT_EQ(graded(two, "<think>One, two</think>\"One.\"").verdict, Verdict::kRight);
}

TEST(Ifeval, NoAnswerAndNoGold) {
  EXPECT_EQ(graded(item("punctuation:no_comma"), " \n").verdict, Verdict::kParseFailed);
  EXPECT_EQ(graded(item("punctuation:no_period"), "x").verdict, Verdict::kUndecided);
  EXPECT_EQ(graded(item("length_constraints:number_words"), "x").verdict, Verdict::kUndecided);
  EXPECT_EQ(graded(json("text"), "x").verdict, Verdict::kUndecided);
  EXPECT_EQ(graded(json{{"instruction_id_list", {"a"}}, {"kwargs", json::array()}}, "x").verdict,
            Verdict::kUndecided);
  EXPECT_THROW(make_ifeval(json{{"protocol", "lose"}}, "test"), harness::Error);
}

TEST(Ifeval, HubCopiesWithNullsAndDecimals) {
  const auto asked = item("length_constraints:number_words",
                          {{"num_words", 2.0}, {"relation", "at least"}, {"keyword", nullptr}});
  EXPECT_EQ(graded(asked, "one two").verdict, Verdict::kRight);
}

TEST(Words, Sentences) {
  EXPECT_EQ(sentences_of("One. Two! Three? \"Four.\" five").size(), 5U);
  EXPECT_EQ(sentences_of("Mr. J. Smith paid $3.50 (e.g. in Rome). Yes!").size(), 2U);
  EXPECT_EQ(sentences_of("Wait... what?! No.").size(), 3U);
  EXPECT_EQ(sentences_of("no end").size(), 1U);
  EXPECT_TRUE(sentences_of("  ").empty());
}

TEST(Words, WordsOfAnyScript) {
  EXPECT_EQ(words_of_text("l'été, 42 naïve_words").size(), 4U);
  EXPECT_EQ(words_of_text("слово и дело").size(), 3U);
  EXPECT_EQ(count_capital_words("I'M IN NASA, ok? A--B"), 6);
}

TEST(Language, OfManyTexts) {
  const std::pair<const char*, const char*> texts[] = {
      {"en", "the cat is on the mat and it does not move"},
      {"en", "THE CAT IS ON THE MAT AND IT DOES NOT MOVE"},
      {"fr", "le chat est sur la table et il ne bouge pas"},
      {"es", "el gato está en la mesa y no se mueve"},
      {"it", "il gatto è sul tavolo e non si muove, ma è molto bello"},
      {"pt", "o gato está na mesa e não se move, mas é muito bonito"},
      {"fi", "kissa on pöydällä ja se ei liiku, mutta hän on tässä"},
      {"vi", "con mèo ở trên bàn và nó không di chuyển được"},
      {"sw", "paka yuko juu ya meza na hatembei kwa sababu ni mvivu"},
      {"ru", "кошка лежит на столе и не двигается, потому что это её место"},
      {"bg", "котката е на масата и не се движи, защото това е нейното място"},
      {"hi", "बिल्ली मेज पर है और वह नहीं हिलती है"},
      {"mr", "मांजर टेबलावर आहे आणि ते हलत नाही"},
      {"ne", "बिरालो टेबलमा छ र यो हलचल गर्दैन"},
      {"bn", "বিড়াল টেবিলে আছে"},
      {"ta", "பூனை மேசையில் உள்ளது"},
      {"te", "పిల్లి బల్లపై ఉంది"},
      {"kn", "ಬೆಕ್ಕು ಮೇಜಿನ ಮೇಲಿದೆ"},
      {"gu", "બિલાડી ટેબલ પર છે"},
      {"pa", "ਬਿੱਲੀ ਮੇਜ਼ ਉੱਤੇ ਹੈ"},
      {"th", "แมวอยู่บนโต๊ะ"},
      {"ko", "고양이가 탁자 위에 있다"},
      {"ar", "القطة على الطاولة وهي لا تتحرك من مكانها في هذا البيت"},
      {"fa", "گربه روی میز است و از جای خود حرکت نمی کند"},
      {"ur", "بلی میز پر ہے اور وہ اپنی جگہ سے نہیں ہلتی"},
      {"zh", "猫在桌子上，它不动"},
      {"ja", "猫はテーブルの上にいて、動きません"},
  };
  for (const auto& [code, text] : texts) EXPECT_EQ(detect_language(text), code) << text;
  EXPECT_FALSE(detect_language("123 !").has_value());
}

}  // namespace
}  // namespace pingjia::suites
