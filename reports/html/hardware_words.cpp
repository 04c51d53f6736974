#include "reports/word_table.h"

namespace pingjia::reports {

namespace {

constexpr Words kWords[] = {
    {"Hardware", "硬件"},
    {"No comparison of machines: no model stands in two places here. Run the same file on another "
     "machine, or put the same model behind an API beside it, and pass all run directories to "
     "pingjia report.",
     "没有机器比较：这里没有任何模型出现在两处。请在另一台机器上运行同一文件，或加入提供同一模型的 "
     "API，然后把所有运行目录一起传给 pingjia report。"},
    {"The same model in several places. Speed, energy and answers are what was measured; prices "
     "are "
     "what can change: move them below, and every cost on this part of the page follows by the "
     "formulas of the method section.",
     "同一模型在多处运行。速度、能耗和答案是测得的；价格可以改变：在下面移动价格，页面这一部分的所"
     "有"
     "成本都会按方法一节的公式重新计算。"},
    {"⚠ Test doubles are among these places: their figures are made up, and measure no machine.",
     "⚠ 其中有测试替身：其数字是编造的，不测量任何机器。"},
    {"No comparison: no suite was run in all of these places.",
     "无法比较：没有各处都运行过的测试集。"},
    {"Two files of weights go by this name, such as two quantisations: look at their accuracies "
     "before their prices.",
     "有两个权重文件用这个名称（例如两种量化）：先看准确率，再看价格。"},
    {"The systems ran different suites: this is of {} alone.",
     "各系统运行的测试集不同：这里只比较 {}。"},
    {"Cheapest: {} at {}. It stays so until its rent reaches ${} per hour, where {} costs the "
     "same.",
     "最便宜：{0}，{1}。其租金达到每小时 ${2} 之前一直如此，届时与 {3} 成本相同。"},
    {"Cheapest: {} at {}; next: {} at {}.", "最便宜：{0}，{1}；其次：{2}，{3}。"},
    {"place", "位置"},
    {"load", "负载"},
    {"$ per machine hour", "每机器小时美元"},
    {"owned, its electricity is in the hour", "自有，每小时费用已含电费"},
    {"measured", "测得"},
    {"as the run was priced", "按运行时价格"},
    {"at these prices", "按当前价格"},
    {"share of electricity", "电费占比"},
    {"Not known here:", "未知："},
    {"unknown", "未知"},
    {"{}: {}", "{}：{}"},
    {"Output tokens per second, all readers together", "每秒输出 token，所有读者合计"},
    {"Price of a million tokens, input and output together", "每百万 token 价格，输入与输出合计"},
    {"Cost of a correct answer", "每个正确答案的成本"},
    {"Energy of an output token, input included", "每个输出 token 的能耗，含输入"},
    {"Machine-hours for a million correct answers", "每百万个正确答案的机器小时"},
    {"run by others on a machine that we do not see", "由他人运行，机器不可见"},
    {"no answer was right", "没有正确答案"},
    {"its tokens were not counted", "没有统计 token"},
    {"no price of its tokens is known", "token 价格未知"},
    {"no machine's hours are known", "机器小时未知"},
    {"nobody says what an hour of the machine costs", "每机器小时的费用未知"},
    {"its joules were not measured: no electricity can be added", "能耗未测量：无法加上电费"},
    {"its idle power was not measured: no electricity of idle hours can be added",
     "空闲功率未测量：无法加上空闲时的电费"},
    {"rent of {}, USD/h", "{} 租金，美元/小时"},
    {"{}, input, USD/Mtok", "{}，输入，美元/百万 token"},
    {"{}, output, USD/Mtok", "{}，输出，美元/百万 token"},
    {"electricity beyond the rent, USD/kWh", "租金之外的电费，美元/千瓦时"},
    {"PUE: facility over machine energy", "PUE：设施能耗与机器能耗之比"},
    {"share of the hours paid for that are used", "付费小时中实际使用的比例"},
    {"As the runs were priced", "恢复运行时价格"},
    {"Rankings by rent and load go by", "租金与负载的排名依据"},
    {"price of tokens", "token 价格"},
    {"cost of correct answers", "正确答案成本"},
    {"The rent that varies:", "变动的租金："},
    {"under a load of", "负载"},
    {"At which rent the ranking flips", "租金到多少时排名翻转"},
    {"Rings: break-even rents. Marks: today's; dashed lines do not depend on this rent.",
     "圆环：盈亏平衡租金。标记：当前租金；虚线与此租金无关。"},
    {"At which load the ranking flips", "负载到多少时排名翻转"},
    {"Rings: where two cost the same. Lines between marks are interpolated.",
     "圆环：两者成本相同处。标记之间的线为内插。"},
    {"on the machine", "在该机器上"},
    {"against", "对比"},
    {"the other's cost", "对方成本"},
    {"break-even rent, USD/h", "盈亏平衡租金，美元/小时"},
    {"cheaper today", "当前更便宜者"},
    {"any", "任意"},
    {"{} in flight", "{} 个进行中"},
    {"{} costs what {} does at ${} per hour", "每小时 ${2} 时，{0} 与 {1} 成本相同"},
    {"{} and {} cost the same at {} in flight", "进行中 {2} 个请求时，{0} 与 {1} 成本相同"},
    {"Valued again at other prices", "按其他价格重新计算"},
    {"Hours paid for: serving hours over the share of them that is used. A machine costs rent "
     "times "
     "those hours and, beyond the rent, (joules + idle watts × idle hours) × PUE × the price of a "
     "kWh.",
     "付费小时：服务小时除以其使用比例。机器成本为租金乘以付费小时；租金之外另加（焦耳 + 空闲瓦数 "
     "× "
     "空闲小时）× PUE × 每千瓦时电价。"},
    {"An API costs input tokens times their price and output tokens times theirs; the price of "
     "input is the mean of fresh and cached tokens, as the run had them.",
     "API 成本为输入 token 乘其单价加输出 token "
     "乘其单价；输入单价为该次运行中新输入与缓存输入的平均。"},
    {"Break-even rent: (the other's cost of a unit × units − electricity) over hours paid for. "
     "Between measured loads costs are straight on log axes: an estimate. Intervals move with "
     "their value.",
     "盈亏平衡租金：（对方单位成本 × 单位数 − "
     "电费）除以付费小时。测得的负载之间，成本在对数坐标上取"
     "直线：为估计值。区间随数值一同移动。"},
};

}  // namespace

std::span<const Words> hardware_words() {
  return kWords;
}

}  // namespace pingjia::reports
