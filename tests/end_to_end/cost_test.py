#!/usr/bin/env python3
"""The calculators as a user calls them: published cases, own numbers, a card of the catalogue."""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

# The owned RTX 4090 of the project's research (G8): 0.08517 USD of capital an hour, 80 W idle.
OWNED = {"purchase_usd": 1599, "host_share_usd": 800, "residual_usd": 600, "interest": 0.08, "years": 3,
         "utilisation": 0.5, "idle_w": 80, "active_w": 600, "electricity_usd_per_kwh": "0.17"}
PRICES = ["--price-input", "0.3", "--price-output", "1.2", "--tokens-per-s", "2000"]


def cost(checks, folder, *arguments):
    done = runs.pingjia("cost", *arguments, "--json", cwd=folder)
    checks.expect(done.returncode == 0, f"cost {arguments} exits 0: {done.stderr}")
    return json.loads(done.stdout)


def near(value, expected, tolerance):
    return abs(value - expected) <= tolerance


def check_training(checks, folder):
    case = cost(checks, folder, "training", "--example")
    checks.expect(near(case["cost_usd"], 5.576e6, 1e-3), f"DeepSeek-V3 cost $5.576M: {case['cost_usd']}")
    checks.expect(near(case["monthly_usd_short_life"], 1.859e6, 500), "over 3 months")
    checks.expect(near(case["monthly_usd_long_life"], 0.929e6, 500), "over 6 months")
    checks.expect(near(case["mfu"], 0.346, 5e-4), f"FLOPs utilisation: {case['mfu']}")
    checks.expect(all(entry["source"] and entry["date"] for entry in case["inputs"] if entry["key"] != "research"),
                  "every published input has source and date")
    checks.expect({row["key"] for row in case["sensitivity"]} >= {"gpu-hours", "gpu-hour", "life", "research"},
                  "the sensitivity has a row per input that matters")
    other = cost(checks, folder, "training", "--example", "llama-3.1-405b")
    checks.expect(near(other["energy_kwh"], 21.588e6, 1), f"Llama 3.1 405B: {other['energy_kwh']} kWh")
    checks.expect(near(other["published_usd_per_gpu_hour"], 2.38, 5e-3), "the published cost's rate")
    own = cost(checks, folder, "training", "--example", "--gpu-hour", "4")
    checks.expect(near(own["cost_usd"], 2 * 5.576e6, 1e-3), "an option goes before the example")


def check_breakeven(checks, folder):
    case = cost(checks, folder, "breakeven", "--example", "--volume", "500B")
    checks.expect(near(case["breakeven_utilisation"], 0.155, 5e-4), f"{case['breakeven_utilisation']}")
    checks.expect(near(case["api_usd_per_mtok"], 0.7244, 5e-5), "the blend of that day")
    checks.expect(len(case["scenarios"]) == 4, "a static price and three that fall")
    checks.expect(case["volume"]["gpus"] == 40, f"whole nodes: {case['volume']}")
    card = cost(checks, folder, "breakeven", *PRICES, "--gpu", "RTX 4090")
    rate = next(entry for entry in card["inputs"] if entry["key"] == "gpu-hour")
    checks.expect(rate["value"] > 0 and "RTX 4090" in rate["source"], f"a card's rent: {rate}")
    (pathlib.Path(folder) / "owned.json").write_text(json.dumps(OWNED))
    owned = {entry["key"]: entry["value"] for entry in
             cost(checks, folder, "breakeven", *PRICES, "--owned", "owned.json")["inputs"]}
    checks.expect(near(owned["gpu-hour"], 0.08517 + 0.0136, 5e-6), f"an owned card idle: {owned}")
    checks.expect(near(owned["joules-per-token"], 0.26, 1e-12), f"its energy per token: {owned}")


def check_pages(checks, folder):
    for name in ("training", "breakeven"):
        text = runs.pingjia("cost", name, "--example", cwd=folder).stdout
        for word in ("inputs\n", "sensitivity of", " x "):
            checks.expect(word in text, f"cost {name} prints {word!r}")
    page = runs.pingjia("help", "cost", cwd=folder).stdout
    for option in ("--gpu-hours", "--tokens-per-s", "--example", "--gpu NAME"):
        checks.expect(option in page, f"help cost tells of {option}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-cost-") as folder:
        check_training(checks, folder)
        check_breakeven(checks, folder)
        check_pages(checks, folder)
    checks.done()


main()
