#include "reports/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <nlohmann/json.hpp>

#include "reports/markup.h"
#include "reports/word_table.h"

namespace pingjia::reports {

namespace {

// By section of the page, in its order. "{}" takes the next filled-in value, "{1}" the second one,
// for a language that puts them in another order. A value that is itself in the table is
// translated.
constexpr Words kWords[] = {
    {"Summary", "总览"},
    {"Accuracy and price", "准确率与价格"},
    {"Latency", "延迟"},
    {"Prices and notes", "价格与说明"},
    {"Method", "方法"},
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
    {"{} is at parity with {} (margin {} points) at {} of the cost per correct answer.",
     "{0} 与 {1} 相当（界值 {2} 个百分点），每个正确答案的成本仅为其 {3}。"},
    {"{} is at parity with {} (margin {} points).", "{} 与 {} 相当（界值 {} 个百分点）。"},
    {"Worse than {} by more than {} points: {}.", "比 {} 差 {} 个百分点以上：{}。"},
    {"Whether {} is at parity with {}: {}.", "{} 是否与 {} 相当：{}。"},
    {"Whether {} is at parity with {} (margin {} points): these {} questions do not say.",
     "{} 是否与 {} 相当（界值 {} 个百分点）：这 {} 个问题无法判定。"},
    {"Whether {} is at parity with {} (margin {} points): these {} questions do not say; some {} "
     "would.",
     "{} 是否与 {} 相当（界值 {} 个百分点）：这 {} 个问题无法判定，约需 {} 个。"},
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

    {"quality", "质量"},
    {"speed", "速度"},
    {"cost", "成本"},
    {"system", "系统"},
    {"all suites", "全部测试集"},
    {"test double", "测试替身"},
    {"machine by the hour", "按小时计的机器"},
    {"API price", "API 价格"},
    {"price unknown", "价格未知"},
    {"asked", "提问"},
    {"accuracy", "准确率"},
    {"answered", "已答"},
    {"parse-failed", "解析失败"},
    {"truncated", "截断"},
    {"thought out", "思考耗尽"},
    {"failed", "失败"},
    {"refused", "拒答"},
    {"undecided", "未定"},
    {"unsupported", "不支持"},
    {"TTFT p50", "TTFT p50"},
    {"TTFT p99", "TTFT p99"},
    {"TPOT p50", "TPOT p50"},
    {"TPOT p99", "TPOT p99"},
    {"output tokens/s", "输出 token/秒"},
    {"CPU-hours", "CPU 小时"},
    {"GPU-hours", "GPU 小时"},
    {"$/Mtok input", "$/百万 token 输入"},
    {"$/Mtok output", "$/百万 token 输出"},
    {"$/Mtok blended", "$/百万 token 综合"},
    {"$ per correct answer", "$/正确答案"},
    {"$ per 1,000 correct", "$/千个正确答案"},
    {"$ per 1M correct", "$/百万个正确答案"},
    {"J per output token", "焦耳/输出 token"},
    {"J per correct answer", "焦耳/正确答案"},

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

    {"Intervals and tests", "区间与检验"},
    {"Accuracy: Wilson's interval of a share, or a t interval with errors clustered by question "
     "where a question was asked more than once.",
     "准确率：比例的 Wilson 区间；若同一问题问了多次，则为按问题聚类误差的 t 区间。"},
    {"Ratios such as $ per correct answer: BCa bootstrap over questions, seeded by the run file; "
     "none where the denominator cannot be told from zero.",
     "比值（如每个正确答案的 $）：对问题做 BCa "
     "自助法，种子来自运行文件；分母无法与零区分时不给区间。"},
    {"Differences of two systems: Newcombe's paired interval and McNemar's exact test, clustered "
     "where questions repeat; the detectable difference is at 5 % with power 80 %.",
     "两个系统之差：Newcombe 配对区间与 McNemar 精确检验，问题重复时按聚类；可检出差异为 5 % "
     "水平、80 % 功效。"},
    {"Not worse by a margin: Tango's score test of paired shares, one-sided at 2.5 %, Holm's "
     "correction over the models.",
     "不劣于某界值：配对比例的 Tango 得分检验，单侧 2.5 %，对各模型做 Holm 校正。"},
    {"Percentiles of latency: distribution-free intervals from order statistics; no p99 from fewer "
     "than 662 answers.",
     "延迟分位数：由次序统计量得到的无分布区间；少于 662 个答案不给 p99。"},
    {"A request that failed is in no accuracy; what it cost is in every cost. What is not known is "
     "never taken for zero.",
     "失败的请求不计入准确率；其花费计入所有成本。未知绝不当作零。"},
    {"The client's own error", "客户端自身误差"},
    {"These runs were made without a calibration against a null server. What the client knows of "
     "itself is how late requests left after they were due (99th percentile):",
     "这些运行没有对空服务器做校准。客户端对自身所知的是请求比应发时刻晚多久发出（第 99 "
     "百分位）："},
    {"schedule lag", "发送滞后"},
    {"schedule_lag_p99", "schedule_lag_p99"},
    {"Every number", "每个数字"},
    {"Each metric's formula, and the clock, counter or price row it came from",
     "每个指标的公式，以及它来自哪个时钟、计数器或价格行"},
    {"tag", "标签"},
    {"unit", "单位"},
    {"what it is", "含义"},
    {"who says so in these runs", "在这些运行中的来源"},
    {"and {} more, in summary.json", "另有 {} 条，见 summary.json"},

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
    {"parse_failed", "未找到答案"},
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
    {"The first {} of {} samples chosen", "所选 {1} 个样本中的前 {0} 个"},
    {"{} of {} samples", "{} / {} 个样本"},
    {"{} texts are longer than {} bytes and cut", "{} 段文字超过 {} 字节，已截断"},
    {"searched {} of {} parts of the texts", "已搜索 {} / {} 部分正文"},
    {"Stop", "停止"},
    {"Close", "关闭"},
    {"This sample is not in the report.", "报告中没有这个样本。"},

    {"Speed", "速度"},
    {"A machine serves many readers at once: the more, the cheaper a token and the slower each "
     "reader's answer. Speed per user is 1 / TPOT p50, the median answer after its first token; "
     "speed per GPU or core is all output tokens over the machine's serving time.",
     "一台机器同时服务多位读者：人越多，每个 token 越便宜，每人的答案越慢。每用户速度为 1 / TPOT "
     "p50，即首 token 之后的中位答案；每 GPU 或每核速度为全部输出 token 除以机器的服务时间。"},
    {"What a GPU gives: to one reader, and to all of them",
     "一块 GPU 的产出：给一位读者，以及给所有读者"},
    {"Without GPU: what a core gives, to one reader and to all of them",
     "无 GPU：一个核的产出，给一位读者以及给所有读者"},
    {"Large marks: all suites; small ones: one suite each.",
     "大标记：全部测试集；小标记：各一个测试集。"},
    {"Dotted lines: cost of a million output tokens at ${} per {}.",
     "点线：每百万输出 token 的成本，费率为 ${} 每 {}。"},
    {"Another rate, or none, for: {}; the table has their own cost.",
     "费率不同或未知：{}；各自的成本见数据表。"},
    {"Not on the chart, run by others on machines we do not see: {}.",
     "未画出（由他人运行，机器不可见）：{}。"},
    {"Not on the chart, machine or speed unknown: {}.", "未画出（机器或速度未知）：{}。"},
    {"suite", "测试集"},
    {"tokens/s per user", "每用户 token/秒"},
    {"tokens/s per GPU", "每 GPU token/秒"},
    {"tokens/s per core (no GPU)", "每核 token/秒（无 GPU）"},
    {"$/Mtok output, whole machine", "每百万输出 token 美元（整机）"},
    {"Over the time of the run", "运行过程"},
    {"Requests in flight, with a tick where some failed, and output tokens/s; power where it was "
     "measured, as the mean of each suite. Each system's time counts from its own first request, "
     "on one axis for all, and leaves out pauses between sessions. Of a request that was retried "
     "only the last attempt is drawn.",
     "进行中的请求（有失败处画短线）与每秒输出 "
     "token；有测量时画功率，为每个测试集的平均值。各系统的时间从自己的首个请求算起，共用一条时间轴"
     "，会话之间的停顿不计。重试过的请求只画最后一次。"},
    {"From {} {} into the run", "从运行开始后 {} {} 起"},
    {"from, {}", "起始，{}"},
    {"in flight", "进行中"},
    {"output tokens/s, thousands", "输出 token/秒，千"},
    {"failures", "失败"},
    {"power, W", "功率，W"},
    {"requests in flight; ticks: failures", "进行中的请求；短线：失败"},

    {"Where the money went", "钱花在哪里"},
    {"What each system's cost is made of, over all that it ran. The steps sum to the cost; the "
     "hollow bar, beside the sum, is what cached input would have cost more as fresh input. A "
     "machine is idle while it waits for requests between the first and the last; loading it is "
     "not in the cost.",
     "各系统全部运行的成本构成。各步之和即成本；总和旁的空心条是缓存输入若按新输入计价会多花的钱。"
     "机器在首末请求之间等待请求时为空闲；加载不计入成本。"},
    {"No model judged the answers: they are marked by rules, so that nothing was spent on a judge.",
     "没有用模型评判答案：按规则评分，评判没有花费。"},
    {"first tries", "首次尝试"},
    {"reasoning", "推理"},
    {"retries", "重试"},
    {"idle machine", "机器空闲"},
    {"saved by caching", "缓存节省"},
    {"part", "部分"},
    {"Billed by the token", "按 token 计费"},
    {"Billed by the machine's hour", "按机器小时计费"},
    {"Without a price", "没有价格"},
    {"Reasoning is not told apart here: it is in the first tries.",
     "此处未区分推理：已计入首次尝试。"},
    {"By suite and system, in {}", "按测试集和系统，单位 {}"},

    {"Accuracy by suite", "各测试集准确率"},
    {"System against system", "系统两两比较"},
    {"The protocol is part of every score's name: scores under different ones do not compare. "
     "Answers in which nothing was found, and those cut off, count as not right; ⚠ marks where "
     "they are more than 2 %.",
     "协议是每个分数名称的一部分：不同协议下的分数不可比。未找到答案的和被截断的都算不正确；超过 2 "
     "% 处以 ⚠ 标出。"},
    {"{} parse-failed, {} truncated", "{} 个未找到答案，{} 个被截断"},
    {"suite and protocol", "测试集与协议"},
    {"What others published under these protocols", "他人在这些协议下发表的分数"},
    {"published, of 100", "发表分数（百分制）"},
    {"here, as a share", "本次（比例）"},
    {"source", "来源"},
    {"Which rule found the answers", "答案由哪条规则找到"},
    {"The answers where the systems differ", "各系统结果不同的答案"},
};

// A section with many words keeps them in a file of its own.
std::array<std::span<const Words>, 5> tables() {
  return {std::span<const Words>(kWords), chart_words(), quality_words(), hardware_words(),
          kernel_words()};
}

}  // namespace

std::string_view chinese(std::string_view english) {
  for (const auto& table : tables()) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Words& row) { return row.english == english; });
    if (found != table.end()) return found->chinese;
  }
  return {};
}

std::string words_json() {
  nlohmann::json table = nlohmann::json::object();
  for (const auto& words : tables()) {
    for (const auto& row : words) table[std::string(row.english)] = row.chinese;
  }
  return table.dump();
}

std::string word_attributes(const Sentence& sentence) {
  assert(!chinese(sentence.pattern).empty() && "a text of the interface belongs into words.cpp");
  std::string out = fmt::format(" data-k=\"{}\"", escape(sentence.pattern));
  if (sentence.fill.empty()) return out;
  return out + fmt::format(" data-a=\"{}\"", escape(nlohmann::json(sentence.fill).dump()));
}

std::string tr(std::string_view english, const std::vector<std::string>& fill) {
  assert(!chinese(english).empty() && "a text of the interface belongs into words.cpp");
  if (fill.empty()) return fmt::format("<span class=\"word\">{}</span>", escape(english));
  const Sentence sentence{std::string(english), fill};
  return fmt::format("<span class=\"word\"{}>{}</span>", word_attributes(sentence),
                     escape(sentence.text()));
}

std::string paragraph(std::string_view style, std::string_view english,
                      const std::vector<std::string>& fill) {
  return fmt::format("<p class=\"{}\">{}</p>\n", style, tr(english, fill));
}

}  // namespace pingjia::reports
