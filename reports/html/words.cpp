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
    {"system", "系统"},
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
    {"output tokens/s", "输出 token/秒"},
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
    {"cost", "成本"},
    {"saved by caching", "缓存节省"},
    {"part", "部分"},
    {"Billed by the token", "按 token 计费"},
    {"Billed by the machine's hour", "按机器小时计费"},
    {"Without a price", "没有价格"},
    {"Reasoning is not told apart here: it is in the first tries.",
     "此处未区分推理：已计入首次尝试。"},
    {"By suite and system, in {}", "按测试集和系统，单位 {}"},
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
