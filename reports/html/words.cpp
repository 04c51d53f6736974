#include "reports/html/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "reports/markup.h"
#include "reports/sentence.h"

namespace pingjia::reports {

namespace {

struct Words {
  std::string_view english;
  std::string_view chinese;
};

// By section of the page, in its order. "{}" takes the next filled-in value, "{1}" the second one,
// for a language that puts them in another order. A value that is itself in the table is
// translated.
constexpr Words kWords[] = {
    {"Summary", "总览"},
    {"Accuracy and price", "准确率与价格"},
    {"Latency", "延迟"},
    {"Prices and notes", "价格与说明"},
    {"Run", "运行"},
    {"Answers", "答案"},
    {"Made by pingjia from the files of the run directory. Intervals are 95 %. Unknown is —, never "
     "zero.",
     "由 pingjia 根据运行目录中的文件生成。区间均为 95 %。未知显示为 —，绝不当作零。"},

    {"Not decided by these answers:", "这些答案未能判定："},
    {"Cheapest correct answer: {}, {} {}, at accuracy {}.",
     "最便宜的正确答案：{0}，{2} {1}，准确率 {3}。"},
    {"Cheapest correct answer among the priced: {}, {} {}, at accuracy {}.",
     "已知价格者中最便宜的正确答案：{0}，{2} {1}，准确率 {3}。"},
    {"{}, cheapest correct answer: {}, {} {}, at accuracy {}.",
     "{0}，最便宜的正确答案：{1}，{3} {2}，准确率 {4}。"},
    {"per correct answer", "每个正确答案"},
    {"per 1,000 correct", "每千个正确答案"},
    {"per 1M correct", "每百万个正确答案"},
    {"Highest accuracy: {}, {}.", "最高准确率：{}，{}。"},
    {"Highest accuracy: {}, {}, at {} times the cost per correct answer.",
     "最高准确率：{}，{}，每个正确答案的成本为 {} 倍。"},
    {"Whether {} is cheaper per correct answer than {}: the 95 % intervals overlap.",
     "{} 每个正确答案是否比 {} 便宜：95 % 区间重叠。"},
    {"Whether {} is more accurate than {}: the 95 % intervals overlap.",
     "{} 是否比 {} 更准确：95 % 区间重叠。"},
    {"What a correct answer of {} costs: it is not known here, see the notes.",
     "{} 的正确答案成本未知，见说明。"},
    {"No ranking over all suites: the systems did not run the same ones.",
     "无法在全部测试集上排名：各系统运行的测试集不同。"},
    {"No ranking by cost: {}.", "不按成本排名：{}。"},
    {"No ranking by cost: no system's cost per correct answer is known.",
     "不按成本排名：没有任何系统的正确答案成本已知。"},
    {"Nothing to compare: the run has no results.", "没有可比较的：运行没有结果。"},
    {"Nothing to rank: only test doubles ran, and they measure no model.",
     "没有可排名的：只运行了测试替身，它们不测量任何模型。"},
    {"Nothing to rank: {}.", "没有可排名的：{}。"},

    {"The numbers as a table", "数据表"},
    {"No chart: {}", "无图：{}"},

    {"No results: nothing was asked, or no answer has been scored.",
     "没有结果：没有提问，或答案尚未评分。"},
    {"One row per system and suite. Brackets hold 95 % intervals; TTFT counts from when a request "
     "was due; — is unknown, and the notes say why.",
     "每个系统、每个测试集一行。方括号内为 95 % 区间；TTFT 从请求应发出的时刻算起；— "
     "表示未知，原因见说明。"},

    {"Up is more often right, left is cheaper; prices are on a log axis. Bars are 95 % intervals. "
     "The dashed staircase is the most accuracy each price buys: a system below it is beaten by "
     "one "
     "that is cheaper and at least as accurate.",
     "越靠上越准确，越靠左越便宜；价格轴为对数。误差线为 95 % "
     "区间。虚线阶梯是各价格所能买到的最高准确率：位于其下的系统都有更便宜且至少同样准确的对手。"},
    {"No chart over all suites: the systems did not run the same ones. The charts by suite compare "
     "those that did.",
     "没有全部测试集的总图：各系统运行的测试集不同。请看下面按测试集的图。"},
    {"Accuracy against the cost of a correct answer", "准确率与每个正确答案的成本"},
    {"Accuracy against the price of a million tokens, blended", "准确率与每百万 token 的综合价格"},
    {"By suite: accuracy against the cost of a correct answer",
     "按测试集：准确率与每个正确答案的成本"},
    {"Not on the chart, price or accuracy unknown or zero: {}.",
     "未画出（价格或准确率未知或为零）：{}。"},

    {"Each curve shows which share of a system's answers came within a time: further left is "
     "faster, "
     "steeper is steadier.",
     "曲线表示在某一时间内返回的答案所占比例：越靠左越快，越陡越稳定。"},
    {"Time to the first token (TTFT)", "首 token 时间（TTFT）"},
    {"From when a request was due. Marks stand at the median.",
     "从请求应发出的时刻算起。标记位于中位数。"},
    {"Time per output token (TPOT)", "每输出 token 时间（TPOT）"},
    {"After the first. Marks stand at the median.", "首 token 之后。标记位于中位数。"},

    {"Nothing to note.", "没有需要说明的。"},
    {"Where the prices come from", "价格来源"},
    {"What to know before trusting a number", "相信数字之前须知"},

    {"The run file as resolved (run.json)", "解析后的运行文件（run.json）"},
    {"The environment as recorded", "记录的环境"},

    {"No answers: nothing was asked.", "没有答案：没有提问。"},
};

}  // namespace

std::string_view chinese(std::string_view english) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const Words& row) { return row.english == english; });
  return found == std::end(kWords) ? std::string_view() : found->chinese;
}

std::string words_json() {
  nlohmann::json table = nlohmann::json::object();
  for (const auto& row : kWords) table[std::string(row.english)] = row.chinese;
  return table.dump();
}

std::string tr(std::string_view english, const std::vector<std::string>& fill) {
  assert(!chinese(english).empty() && "a text of the interface belongs into words.cpp");
  if (fill.empty()) return fmt::format("<span class=\"w\">{}</span>", escape(english));
  const Sentence sentence{std::string(english), fill};
  return fmt::format("<span class=\"w\" data-k=\"{}\" data-a=\"{}\">{}</span>", escape(english),
                     escape(nlohmann::json(fill).dump()), escape(sentence.text()));
}

std::string paragraph(std::string_view style, std::string_view english,
                      const std::vector<std::string>& fill) {
  return fmt::format("<p class=\"{}\">{}</p>\n", style, tr(english, fill));
}

}  // namespace pingjia::reports
