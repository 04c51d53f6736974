#include "harness/commands/cost_training.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/cost_gpu.h"
#include "harness/commands/cost_inputs.h"
#include "harness/money/training.h"
#include "harness/record/record.h"

namespace pingjia::harness {

namespace {

struct Asked {
  Assumptions assumptions{training_kinds()};
  std::vector<TrainingStage> stages;
  std::string title;

  void set(const std::string& key, const std::string& text, const std::string& source,
           const std::string& date, const std::string& where) {
    if (key != "gpu-hours" || text.find("..") != std::string::npos) {
      assumptions.set(key, text, source, date, where);
      return;
    }
    stages = parse_stages(text, where);
    double sum = 0;
    for (const auto& stage : stages) sum += stage.gpu_hours;
    assumptions.set(key, fmt::format("{}", sum), source, date, where);
  }
};

Asked ask(const World& world, const Arguments& arguments) {
  Asked asked;
  if (const auto example = example_asked(world, arguments, "training")) {
    asked.title = example->title;
    for (const auto& input : example->inputs) {
      asked.set(input.key, input.value, input.source, input.date, example->name);
    }
  }
  set_gpu(world, arguments, asked.assumptions);
  for (const auto& kind : training_kinds()) {
    const std::string key(kind.key);
    if (const auto text = arguments.value(key)) {
      asked.set(key, *text, "--" + key, world.timestamp().substr(0, 10), "--" + key);
    }
  }
  return asked;
}

// Of the rate of an own cluster, where there is none.
IdleInputs idle_inputs(const TrainingCost& cost) {
  if (cost.amortised) return {};
  return {"orders-per-year", "interconnect", "server-factor", "mean-load", "pue", "electricity"};
}

double monthly(const Assumptions& assumptions) {
  return training_cost(assumptions, {}).monthly_usd;
}

void print_life(std::ostream& out, const Assumptions& assumptions, const TrainingCost& cost) {
  const Assumption& life = assumptions.find("life");
  out << "  profit a month = cost / life:";
  if (life.low && life.high) {
    out << fmt::format(
        " {} over {} months, {} over {} months",
        usd_amount(monthly_profit_needed(cost.total_usd, *life.low)), quantity(*life.low),
        usd_amount(monthly_profit_needed(cost.total_usd, *life.high)), quantity(*life.high));
  } else {
    out << fmt::format(" {} over {} months", usd_amount(cost.monthly_usd), quantity(*life.value));
  }
  out << "\n";
}

void print_checks(std::ostream& out, const TrainingCost& cost) {
  if (cost.flops_per_gpu) {
    out << fmt::format(
        "  check: 6 x active parameters x tokens / GPU-seconds = {:.1f} TFLOP/s a GPU",
        *cost.flops_per_gpu / 1e12);
    if (cost.mfu) {
      out << fmt::format(", {:.1f} % of its peak{}", 100 * *cost.mfu,
                         *cost.mfu > 1 ? ": impossible, the inputs contradict each other" : "");
    }
    out << "\n";
  }
  if (cost.energy_kwh) {
    out << fmt::format(
        "  energy of the GPUs = GPU-hours x TDP = {:.3f} GWh, without servers and site\n",
        *cost.energy_kwh / 1e6);
  }
  if (cost.published_usd_per_gpu_hour) {
    out << fmt::format("  the published cost comes to {:.2f} USD per GPU-hour\n",
                       *cost.published_usd_per_gpu_hour);
  }
}

void print(std::ostream& out, const Asked& asked, const TrainingCost& cost) {
  if (!asked.title.empty()) out << asked.title << "\n\n";
  print_inputs(out, asked.assumptions, idle_inputs(cost));
  out << "\ncost = GPU-hours x rate x research\n";
  if (cost.amortised) {
    out << fmt::format(
        "  rate = card {:.4f} + interconnect {:.4f} + energy {:.4f} = {:.4f} USD/GPU-hour\n",
        cost.amortised->card_usd, cost.amortised->interconnect_usd, cost.amortised->energy_usd,
        cost.amortised->total());
  }
  if (cost.stages.size() > 1) {
    for (const auto& stage : cost.stages) {
      out << fmt::format("  {:<16}{:>10} GPU-hours  {}\n", stage.name, quantity(stage.gpu_hours),
                         usd_amount(stage.gpu_hours * cost.usd_per_gpu_hour));
    }
  }
  out << fmt::format("  {} GPU-hours x ${:.4g} x {:.4g} = {}\n", quantity(cost.gpu_hours),
                     cost.usd_per_gpu_hour, asked.assumptions.at("research"),
                     usd_amount(cost.total_usd));
  print_life(out, asked.assumptions, cost);
  print_checks(out, cost);
  print_tornado(out, tornado(asked.assumptions, monthly),
                fmt::format("the profit needed a month ({})", usd_amount(cost.monthly_usd)),
                usd_amount);
}

nlohmann::json to_json(const Asked& asked, const TrainingCost& cost) {
  nlohmann::json stages = nlohmann::json::array();
  for (const auto& stage : cost.stages) {
    stages.push_back({{"name", stage.name},
                      {"gpu_hours", stage.gpu_hours},
                      {"usd", stage.gpu_hours * cost.usd_per_gpu_hour}});
  }
  nlohmann::json object{{"schema_version", kSchemaVersion},
                        {"title", asked.title},
                        {"inputs", inputs_json(asked.assumptions, idle_inputs(cost))},
                        {"formula", "cost = GPU-hours x rate x research; monthly = cost / life"},
                        {"stages", std::move(stages)},
                        {"gpu_hours", cost.gpu_hours},
                        {"usd_per_gpu_hour", cost.usd_per_gpu_hour},
                        {"cost_usd", cost.total_usd},
                        {"monthly_usd", cost.monthly_usd}};
  const Assumption& life = asked.assumptions.find("life");
  if (life.low) object["monthly_usd_short_life"] = monthly_profit_needed(cost.total_usd, *life.low);
  if (life.high)
    object["monthly_usd_long_life"] = monthly_profit_needed(cost.total_usd, *life.high);
  if (cost.flops_per_gpu) object["flops_per_gpu"] = *cost.flops_per_gpu;
  if (cost.mfu) object["mfu"] = *cost.mfu;
  if (cost.energy_kwh) object["energy_kwh"] = *cost.energy_kwh;
  if (cost.published_usd_per_gpu_hour) {
    object["published_usd_per_gpu_hour"] = *cost.published_usd_per_gpu_hour;
  }
  if (cost.amortised) {
    object["amortised_hour"] = {{"card_usd", cost.amortised->card_usd},
                                {"interconnect_usd", cost.amortised->interconnect_usd},
                                {"energy_usd", cost.amortised->energy_usd}};
  }
  object["sensitivity"] = tornado_json(tornado(asked.assumptions, monthly));
  return object;
}

}  // namespace

CommandUsage training_usage() {
  return calculator_usage(
      "cost training",
      "What training a model costs, and what it must earn a month before a better one takes its\n"
      "place. cost = GPU-hours x rate x research; monthly profit = cost / life. --gpu-hours takes\n"
      "stages too: pretraining=2664k,context=119k. With --purchase and --watts in place of\n"
      "--gpu-hour, the rate is that of an own cluster as Epoch reckons it. N is a number (2.7M),\n"
      "LOW..HIGH or LOW..VALUE..HIGH; ranges make the sensitivity table.",
      training_kinds(), gpu_options());
}

int cost_training(World& world, std::span<const std::string> raw) {
  const Arguments arguments(training_usage(), raw);
  const Asked asked = ask(world, arguments);
  const TrainingCost cost = training_cost(asked.assumptions, asked.stages);
  if (arguments.has("json")) {
    world.out << to_json(asked, cost).dump(2) << "\n";
  } else {
    print(world.out, asked, cost);
  }
  return kDone;
}

}  // namespace pingjia::harness
