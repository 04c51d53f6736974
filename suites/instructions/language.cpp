#include "suites/instructions/language.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <map>
#include <vector>

#include "suites/extract/code_point.h"
#include "suites/instructions/words.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

struct Profile {
  View code;
  UScriptCode script;
  View words;    // its commonest, each between spaces; those of no relative first
  View letters;  // UTF-8 characters that its relatives do not use, each between spaces
};

// Function words by frequency from general knowledge of each language.
constexpr Profile kProfiles[] = {
    {"en", USCRIPT_LATIN,
     " the and of to in is that it for you with was on are as be this have not at but from they by "
     "we an or his her my your will can i what all there which their if would about so do has been "
     "when who out up more no ",
     ""},
    {"de", USCRIPT_LATIN,
     " der die und das ist nicht ein eine zu den mit sich von dem auf für im des auch als an es "
     "wie ich sie er wir sind wird oder aus bei einen einem einer haben hat kann nach wenn aber "
     "durch um zum zur ihr über noch nur ",
     " ß ä ö ü "},
    {"fr", USCRIPT_LATIN,
     " le la les de des et un une est en que qui dans pour pas au sur avec ce il elle nous vous je "
     "ne se sont plus du par mais ou où cette être son ses leur aux très c'est ont fait ",
     " ç œ è ê à "},
    {"es", USCRIPT_LATIN,
     " el la los las de y en que un una es por con para su se del al lo como más pero sus le este "
     "esta son muy también fue hay ser está entre cuando nos mi sin sobre ",
     " ñ ¿ ¡ "},
    {"it", USCRIPT_LATIN,
     " il lo la gli le di e che un una è per con non in del della si da sono come più ma anche nel "
     "nella questo questa al alla dei delle ho ha se molto essere tutti suo sua ",
     " è ù ì ò "},
    {"pt", USCRIPT_LATIN,
     " o a os as de e que um uma é em para com não do da dos das no na se por mais como mas ao foi "
     "ele ela são seu sua ou também muito ser você isso pelo pela até ",
     " ã õ ç "},
    {"nl", USCRIPT_LATIN,
     " de het een en van ik te dat die in is niet zijn op aan met als voor er maar om dan zou wat "
     "mijn men dit zo door over ze bij ook tot je uit naar worden werd hebben wij ",
     ""},
    {"sv", USCRIPT_LATIN,
     " och att det som en på är av för med den till inte om ett har jag de var så kan från vi men "
     "när man sig också eller hans efter mycket ",
     " å "},
    {"da", USCRIPT_LATIN,
     " og at det er en til på som med af for ikke den der de har et jeg var fra vi kan men om så "
     "blev ud eller også efter hvor meget ",
     " ø æ "},
    {"no", USCRIPT_LATIN,
     " og det er en til på som med av for ikke den har et jeg var fra vi kan men om så ble eller "
     "også etter hvor mye være deg ",
     " ø æ "},
    {"fi", USCRIPT_LATIN,
     " ja on ei että se hän oli ovat myös mutta joka kun niin tai mitä kuin olla minä sinä me he "
     "ole voi jos sen ne tämä jotka hyvin kanssa mukaan olen sinun ",
     ""},
    {"pl", USCRIPT_LATIN,
     " i w na z się nie że do to jest jak o po co za od ale przez dla tak są już był tym może jego "
     "tylko jej ich oraz być które który ",
     " ł ż ę ą ś ć ń "},
    {"cs", USCRIPT_LATIN,
     " a v se na je že z s do to i o k ve pro jako by ale jsem po za jeho nebo které který jsou "
     "být také jen bylo si až ",
     " ř ů ě "},
    {"ro", USCRIPT_LATIN,
     " și în de la cu o a pe nu un este că care din pentru mai sunt ca se au fi sau dar prin după "
     "lui ei foarte ",
     " ș ț ă "},
    {"tr", USCRIPT_LATIN,
     " ve bir bu da de için ile çok ne o daha gibi olarak olan kadar ama sonra en var değil ben "
     "her şey biz olduğu ",
     " ğ ı ş "},
    {"vi", USCRIPT_LATIN,
     " và là của có không được trong cho người một những với các để này đã khi tôi như về từ bạn "
     "nhiều rất đó ra thì cũng ở ",
     " ư ơ đ ạ ế ộ "},
    {"id", USCRIPT_LATIN,
     " yang dan di untuk dengan ini itu dari dalam tidak akan pada adalah ke saya kami anda bisa "
     "juga ada atau mereka telah oleh sebagai karena ",
     ""},
    {"sw", USCRIPT_LATIN,
     " na ya wa kwa ni katika la za cha hii kuwa kama si yake hivyo pia watu sana lakini au ili "
     "wao yetu huu hayo yao vya kila mtu zaidi ndani ",
     ""},
    {"hu", USCRIPT_LATIN,
     " a az és hogy nem is egy ez van volt meg csak mint de ha vagy már azt még el kell ami aki "
     "lehet nagyon én ",
     " ő ű "},
    {"ru", USCRIPT_CYRILLIC,
     " и в не на что с по это как но к из у за от для так же все он она мы вы они был была быть "
     "если или его её может когда ",
     " ы э ё "},
    {"bg", USCRIPT_CYRILLIC,
     " и на да се не за е от в с че са по като ще към до но той тя или си които който има може "
     "през това при аз ",
     ""},
    {"uk", USCRIPT_CYRILLIC,
     " і в не на що з у та до це як але за від для є він вона ми ви вони або його ", " і ї є ґ "},
    {"mk", USCRIPT_CYRILLIC, " и на да се во не за е од со што ќе како но тој таа или кои ",
     " ѓ ќ ѕ џ "},
    {"ar", USCRIPT_ARABIC,
     " في من على أن إلى هذا التي الذي كان مع ما لا هو هي عن هذه كل قد أو ذلك ", " ة إ أ ى "},
    {"fa", USCRIPT_ARABIC, " و در به از که این را با است برای آن یک می های خود شما تا بر هم یا ",
     " پ چ ژ "},
    {"ur", USCRIPT_ARABIC, " کے کی میں ہے اور سے کا کو اس ہیں کہ نے پر یہ ہو بھی ایک کر تھا لیے ",
     " ٹ ڈ ڑ ں ے ہ ھ "},
    {"hi", USCRIPT_DEVANAGARI,
     " है के में की और का से को हैं पर यह एक लिए भी इस कि नहीं जो कर था ने हो या आप ", ""},
    {"mr", USCRIPT_DEVANAGARI,
     " आहे आणि च्या हे ते या आहेत तो ती मध्ये नाही होते एक असे करण्यात होता मी त्या ", " ळ "},
    {"ne", USCRIPT_DEVANAGARI, " छ र को मा छन् यो पनि लाई गर्न हो का भएको तपाईं बाट हुन्छ एक गर्ने लागि ",
     ""},
};

struct Single {
  UScriptCode script;
  View code;
};
constexpr Single kSingles[] = {
    {USCRIPT_HANGUL, "ko"},   {USCRIPT_THAI, "th"},     {USCRIPT_TAMIL, "ta"},
    {USCRIPT_TELUGU, "te"},   {USCRIPT_KANNADA, "kn"},  {USCRIPT_GUJARATI, "gu"},
    {USCRIPT_GURMUKHI, "pa"}, {USCRIPT_BENGALI, "bn"},  {USCRIPT_MALAYALAM, "ml"},
    {USCRIPT_HEBREW, "he"},   {USCRIPT_GREEK, "el"},    {USCRIPT_HAN, "zh"},
    {USCRIPT_SINHALA, "si"},  {USCRIPT_GEORGIAN, "ka"}, {USCRIPT_ARMENIAN, "hy"}};

// How many letters there are of each script.
std::map<UScriptCode, int> scripts_of(View text) {
  std::map<UScriptCode, int> counts;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(text.size());) {
    const UChar32 c = next_code_point(text, at);
    if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK)) == 0) continue;
    UErrorCode status = U_ZERO_ERROR;
    ++counts[uscript_getScript(c, &status)];
  }
  return counts;
}

// Words parted by white space and ASCII punctuation, so that combining marks stay in their words.
std::map<std::string, int> word_counts(View text) {
  std::map<std::string, int> counts;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) ++counts[word];
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = byte >= 0x80 || (c >= 'a' && c <= 'z') || c == '\'';
    if (letter) {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return counts;
}

int occurrences(View text, View part) {
  int count = 0;
  for (auto at = text.find(part); at != View::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

double score(const Profile& profile, View text, const std::map<std::string, int>& words) {
  double total = 0;
  for (const auto& [word, count] : words) {
    if (profile.words.find(' ' + word + ' ') != View::npos) total += count;
  }
  View rest = profile.letters;
  while (rest.size() > 1) {
    rest.remove_prefix(1);
    const auto end = rest.find(' ');
    total += 0.5 * occurrences(text, rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return total;
}

}  // namespace

std::optional<std::string> detect_language(View whole) {
  // A page is enough, and bounds the time.
  constexpr std::size_t kEnough = 20'000;
  const auto text = lower_case(whole.substr(0, kEnough));
  auto scripts = scripts_of(text);
  scripts.erase(USCRIPT_COMMON);
  scripts.erase(USCRIPT_INHERITED);
  if (scripts.empty()) return std::nullopt;
  if (scripts[USCRIPT_HIRAGANA] + scripts[USCRIPT_KATAKANA] > scripts[USCRIPT_HAN] / 5 &&
      scripts[USCRIPT_HIRAGANA] > scripts[USCRIPT_LATIN] / 4) {
    return "ja";
  }
  const auto most =
      std::max_element(scripts.begin(), scripts.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      })->first;
  for (const auto& single : kSingles) {
    if (single.script == most) return std::string(single.code);
  }
  const auto words = word_counts(text);
  double best = 0;
  std::optional<std::string> found;
  for (const auto& profile : kProfiles) {
    if (profile.script != most) continue;
    const auto points = score(profile, text, words);
    if (points <= best) continue;
    best = points;
    found = profile.code;
  }
  return found;
}

}  // namespace pingjia::suites
