#include "reports/word_table.h"

namespace pingjia::reports {

namespace {

constexpr Words kWords[] = {
    {"{}, {}", "{}，{}"},
    {"↖ better", "↖ 更好"},
    {"better ↗", "更好 ↗"},
    {"share of answers", "答案占比"},
    {"TTFT", "TTFT"},
    {"TPOT", "TPOT"},
    {"requests in flight", "进行中的请求"},
    {"1,000 tokens/s per GPU", "每 GPU 千 token/秒"},
    {"1,000 tokens/s per core (no GPU)", "每核千 token/秒（无 GPU）"},
    {"time since its first request", "自首个请求起的时间"},
    {"output tokens per answer", "每个答案的输出 token"},
    {"{}: accuracy {} at {} output tokens per answer, at most {}",
     "{0}：准确率 {1}，每个答案输出 {2} 个 token，上限 {3}"},
    {"min", "分"},
    {"$ per task", "$/任务"},
    {"$ per 1,000 tasks", "$/千个任务"},
    {"$ per 1M tasks", "$/百万个任务"},
    {"{}: accuracy {} of {} answers, {} {}; {}", "{0}：准确率 {1}（{2} 个答案），{3} {4}；{5}"},
    {"{}: accuracy {} of {} answers, {} {}; {}; {}",
     "{0}：准确率 {1}（{2} 个答案），{3} {4}；{5}；{6}"},
    {"on the front", "在前沿上"},
    {"beaten", "被超过"},
    {"not ranked", "不参与排名"},
    {"the reference of parity", "相当性的参照"},
    {"not worse by the margin", "按界值不劣"},
    {"parity undecided", "是否相当未定"},
    {"worse by the margin", "按界值更差"},
};

}  // namespace

std::span<const Words> chart_words() {
  return kWords;
}

}  // namespace pingjia::reports
