#include "reports/html/words.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

namespace pingjia::reports {

namespace {

struct Words {
  std::string_view english;
  std::string_view chinese;
};

// By section of the page, in its order.
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

    {"{} questions", "{} 个问题"},
    {"What every request starts with", "每个请求开头相同的部分"},
    {"{} more questions are shown where scripts may run, and stand in records.jsonl: pingjia show "
     "DIR ID",
     "另有 {} 个问题：允许脚本时可在此查看，也都在 records.jsonl 中：pingjia show DIR ID"},
    {"all", "全部"},
    {"where the systems differ", "各系统结果不同的"},
    {"where not all are right", "并非全部答对的"},
    {"all outcomes", "所有结果"},
    {"all models", "所有模型"},
    {"all suites", "所有测试集"},
    {"Model", "模型"},
    {"Suite", "测试集"},
    {"Outcome", "结果"},
    {"Questions", "问题"},
    {"Order", "排序"},
    {"Search", "搜索"},
    {"by question", "按问题"},
    {"as they came", "按记录顺序"},
    {"dearest first", "最贵的在前"},
    {"cheapest first", "最便宜的在前"},
    {"longest answer first", "答案最长的在前"},
    {"shortest answer first", "答案最短的在前"},
    {"slowest first", "最慢的在前"},
    {"fastest first", "最快的在前"},
    {"Arrow keys move, Enter opens, Escape closes, / searches. The address of an open sample can "
     "be sent to others.",
     "方向键移动，Enter 打开，Escape 关闭，/ 搜索。打开样本后的网址可以发给别人。"},
    {"✓ right, ✗ wrong, ∅ no answer found in the text, … cut off by the token budget, ! the "
     "request failed, ⊘ refused, ? undecided, – not supported. Signs beside a question stand in "
     "the order of the systems above.",
     "✓ 正确，✗ 错误，∅ 文中未找到答案，… 被 token 上限截断，! 请求失败，⊘ 拒绝回答，? 未定，– "
     "不支持。问题旁的符号按上文各系统的顺序排列。"},
    {"right", "正确"},
    {"wrong", "错误"},
    {"undecided", "未定"},
    {"parse_failed", "未找到答案"},
    {"truncated", "被截断"},
    {"refused", "拒绝回答"},
    {"failed", "请求失败"},
    {"unsupported", "不支持"},
    {"think_budget_exhausted", "思考用尽上限"},
    {"not scored", "未评分"},
    {"Cut: {} more bytes stand in records.jsonl (pingjia show DIR ID).",
     "已截断：其余 {} 字节在 records.jsonl 中（pingjia show DIR ID）。"},
    {"Failure", "失败"},
    {"Extracted", "提取的答案"},
    {"Rule", "规则"},
    {"Cost", "成本"},
    {"Tokens in, out", "输入、输出 token"},
    {"First token, whole answer", "首 token、完整答案"},
    {"It was asked differently", "它的提问不同"},
    {"What it thought first", "它先前的思考"},
    {"No text came.", "没有返回文字。"},
    {"Request and response", "请求与响应"},
    {"Expected:", "标准答案："},
    {"The same question to the others", "其他系统对同一问题的回答"},
    {"{} of {} samples", "{} / {} 个样本"},
    {"{} texts are longer than {} bytes and cut", "{} 段文字超过 {} 字节，已截断"},
    {"searched {} of {} parts of the texts", "已搜索 {} / {} 部分正文"},
    {"Stop", "停止"},
    {"Close", "关闭"},
    {"This sample is not in the report.", "报告中没有这个样本。"},
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
  std::string text(english);
  std::string joined;
  std::size_t at = 0;
  for (const auto& value : fill) {
    at = text.find("{}", at);
    assert(at != std::string::npos);
    text.replace(at, 2, value);
    at += value.size();
    joined += (joined.empty() ? "" : "|") + value;
  }
  return fmt::format("<span class=\"w\" data-k=\"{}\" data-a=\"{}\">{}</span>", escape(english),
                     escape(joined), escape(text));
}

std::string paragraph(std::string_view style, std::string_view english,
                      const std::vector<std::string>& fill) {
  return fmt::format("<p class=\"{}\">{}</p>\n", style, tr(english, fill));
}

std::string in_both(const std::string& english, const std::string& chinese) {
  return fmt::format("<span class=\"en\">{}</span><span class=\"zh\" lang=\"zh\">{}</span>",
                     english, chinese);
}

}  // namespace pingjia::reports
