#include "reports/word_table.h"

namespace pingjia::reports {

namespace {

constexpr Words kWords[] = {
    {"Kernels", "算子"},
    {"Our kernels are faster than the best other in {} of {} cases, {} times as fast in the middle "
     "one.",
     "在 {1} 个用例中，我们的算子有 {0} 个快于最好的对照实现，中位数为其 {2} 倍。"},
    {"{} cases measured; nothing to compare our kernels with.",
     "已测 {} 个用例；没有可与我们的算子比较的实现。"},
    {"In the middle one of {} cases ours reach {} of the roof that limits them.",
     "{} 个用例的中位数：我们的算子达到其上限的 {}。"},
    {"Single operations, each checked against a reference before it was timed. The roof is the "
     "least time that the bandwidth or the rate measured on this machine allows; a row above 102 % "
     "of it is rejected.",
     "单个算子，计时前均已与参考实现核对。上限指按本机实测带宽或算力所允许的最短时间；超过上限 "
     "102 % 的行不予采信。"},
    {"{} rows: {} measured, {} rejected, {} failed, {} absent.",
     "{} 行：{} 行已测，{} 行不予采信，{} 行失败，{} 行缺失。"},
    {"op", "算子"},
    {"type", "类型"},
    {"shape", "形状"},
    {"shapes measured", "已测形状"},
    {"of the roof, median", "占上限（中位数）"},
    {"faster than the best other", "快于最好的对照"},
    {"times as fast, median [worst, best]", "相对速度，中位数 [最差, 最好]"},
    {"{} in {}: how close to the roofs", "{}（{}）：距上限多远"},
    {"Filled marks: ours; hollow ones: others.", "实心为我们的实现，空心为对照。"},
    {"Percent of the roof, shape by shape", "各形状占上限的百分比"},
    {"✗ rejected, ! failed its check, – not on this machine, ? no roof known.",
     "✗ 不予采信，! 核对失败，– 本机没有，? 上限未知。"},
    {"{} more shapes stand in the table.", "另有 {} 个形状见表格。"},
    {"implementation", "实现"},
    {"time, median [95 %]", "时间，中位数 [95 %]"},
    {"one sample", "一个样本"},
    {"{} samples", "{} 个样本"},
    {"of the roof", "占上限"},
    {"roof", "上限"},
    {"against the best other", "相对最好的对照"},
    {"result", "结果"},
    {"measured", "已测"},
    {"rejected", "不予采信"},
    {"absent", "缺失"},
    {"Rows without a result", "没有结果的行"},
    {"status", "状态"},
    {"reason", "原因"},
    {"rows", "行数"},
    {"the first of them", "其中第一行"},
    {"Roofs and machine", "上限与机器"},
    {"no row has both a result and arithmetic to count.", "没有既有结果又有运算量的行。"},
    {"no row has a result.", "没有任何一行有结果。"},
};

}  // namespace

std::span<const Words> kernel_words() {
  return kWords;
}

}  // namespace pingjia::reports
