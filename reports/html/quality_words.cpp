#include "reports/word_table.h"

namespace pingjia::reports {

namespace {

constexpr Words kWords[] = {
    {"Up is more often right, left is cheaper; prices are on a log axis. Bars are 95 % intervals. "
     "The dashed staircase is the most accuracy each price buys: a system below it is beaten by "
     "one that is cheaper and at least as accurate. The band holds 95 % of the staircases drawn "
     "from the intervals, each system on its own.",
     "越靠上越准确，越靠左越便宜；价格轴为对数。误差线为 95 % "
     "区间。虚线阶梯是各价格所能买到的最高准确率：位于其下的系统都有更便宜且至少同样准确的对手。"
     "色带包含按各区间（各系统独立）抽样所得阶梯的 95 %。"},
    {"No chart over all suites: the systems did not run the same ones. The charts by suite compare "
     "those that did.",
     "没有全部测试集的总图：各系统运行的测试集不同。请看下面按测试集的图。"},
    {"Accuracy against the cost of a correct answer", "准确率与每个正确答案的成本"},
    {"Accuracy against the price of a million tokens, blended", "准确率与每百万 token 的综合价格"},
    {"Accuracy against the cost of a task, right or wrong", "准确率与每个任务的成本（无论对错）"},
    {"Price:", "价格："},
    {"Suite:", "测试集："},
    {"overall and each suite", "总体与各测试集"},
    {"Not on the chart, price or accuracy unknown or zero: {}.",
     "未画出（价格或准确率未知或为零）：{}。"},
    {"No front, no ranking by cost: {}.", "没有前沿，不按成本排名：{}。"},
    {"Rings: {} has two, the reference of parity; one is around who is not worse by {} points, a "
     "dashed one where these answers do not say; without ring: worse.",
     "圆环：{} 有两圈，为相当性的参照；一圈表示按 {} "
     "个百分点的界值不劣，虚线圈表示这些答案无法判定；无圈为更差。"},
    {"front at its price, 95 %", "该价格处的前沿，95 %"},
    {"place", "位置"},
    {"parity", "相当性"},
    {"not on the chart", "未画出"},

    {"Score against the budget of tokens", "分数与 token 上限"},
    {"One model under several budgets: what more tokens to think with buy.",
     "同一模型在多个上限下：更多思考 token 换来什么。"},
    {"at most, tokens", "上限，token"},

    {"No pairs: fewer than two systems answered the same questions.",
     "没有可比的一对：回答了相同问题的系统不足两个。"},
    {"Question by question, over everything both were marked on: the difference of accuracy with "
     "its 95 % interval, the smallest difference that so many questions find four times of five, "
     "and McNemar's exact test.",
     "逐题比较双方都有评分的全部问题：准确率之差及其 95 % "
     "区间、这么多问题五次中有四次能检出的最小差异，以及 McNemar 精确检验。"},
    {"Systems of different runs", "不同运行的系统"},
    {"A − B, points", "A − B（百分点）"},
    {"detectable, points", "可检出差异（百分点）"},
    {"cost per correct, A over B", "每个正确答案成本，A 比 B"},
    {"questions of both", "共同问题"},
    {"only A right", "仅 A 正确"},
    {"only B right", "仅 B 正确"},
    {"p, McNemar", "p，McNemar"},
    {"Choose two systems.", "请选择两个系统。"},
    {"These two share no question that both were marked on.", "两者没有都有评分的共同问题。"},
    {"Difference, interval and test of two runs: pingjia compare {} {}",
     "两个运行之间的差、区间与检验：pingjia compare {} {}"},
    {"No difference: this pair is not in the summary.", "没有差值：汇总中没有这一对。"},
    {"asked in other words, left out", "提问措辞不同，未计入"},
    {"Only {} is right: {}", "仅 {} 正确：{}"},
    {"{} more", "再显示 {} 个"},
    {"This question is not in the report.", "报告中没有这个问题。"},
    {"What differs is marked.", "不同之处已标出。"},
    {"The two texts are the same.", "两段文字相同。"},
    {"They are too long to compare word by word: all between the first and the last difference is "
     "marked.",
     "文字太长，无法逐词比较：标出首个与末个不同之间的全部内容。"},
    {"In the sample browser", "在样本浏览器中打开"},
};

}  // namespace

std::span<const Words> quality_words() {
  return kWords;
}

}  // namespace pingjia::reports
