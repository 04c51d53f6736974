#!/usr/bin/env python3
"""Energy and hardware through the real program: a fake meter is marked fake from the journal to the report, a
machine without meters says unknown and runs as before, and a card's rate comes from the catalogue."""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

LIBRARY = pathlib.Path(sys.argv[2]).resolve()
MODEL = str(runs.ROOT / "adapters" / "models" / "pingjia-tiny-dense.gguf")

SPEC = {
    "idle_baseline_s": 0.3,
    "systems": [
        {"name": "s", "adapter": "llama", "options": {"model": MODEL, "threads": 1},
         "hardware": {"gpu": "h100 sxm", "tier": "marketplace"}}],
    "suites": [{"suite": "arithmetic", "limit": 60}],
}
if not (runs.programs() / "pingjia-llama-worker").exists():
    SPEC["systems"][0]["adapter"] = "echo"
    SPEC["systems"][0]["options"] = {"delay_ms": 20}


def scenario(folder, **more):
    card = {"name": "NVIDIA H100 80GB HBM3", "uuid": "GPU-1", "power_w": 400, "clock_mhz": 1980, "throttle": 0,
            "utilisation": 0, "energy": {"quantum_ms": 1}, **more}
    (folder / "scenario.json").write_text(json.dumps({"devices": [card]}))
    return {"PINGJIA_NVML": str(LIBRARY), "PINGJIA_FAKE_NVML": str(folder / "scenario.json"),
            "PINGJIA_POWERCAP": str(folder / "none"), "CUDA_VISIBLE_DEVICES": "0"}


def entry(run, tag):
    row = [r for r in runs.summary(run)["rows"] if r["suite"] == "*"][0]
    return row, [m for m in row["metrics"] if m["tag"] == tag][0]


def sessions(run):
    return [json.loads(line) for line in (run / "sessions.jsonl").read_text().splitlines()]


def measured(checks, folder):
    done = runs.pingjia("run", "x.json", "--out", "measured", cwd=folder, environment=scenario(folder))
    checks.expect(done.returncode == 0, f"runs with a meter: {done.stderr}")
    energy = sessions(folder / "measured")[0]["energy"]
    devices = [d for w in energy["windows"] for d in w["devices"]] + energy["idle"]
    checks.expect(devices and all(d["telemetry_source"] == "fake" for d in devices), "every figure is marked fake")
    checks.expect([w["suite"] for w in energy["windows"]] == ["", "arithmetic/generate"]
                  or len(energy["windows"]) == 2, f"windows of loading and of the suite: {energy['windows']}")
    checks.expect(0.25 < energy["idle_s"] < 5, f"a baseline before the run: {energy['idle_s']} s")
    checks.expect(energy["poll_share"] < 0.2, f"reading takes {energy['poll_share']} of a core")
    row, power = entry(folder / "measured", "average_power")
    checks.expect(power["value"] is not None and abs(power["value"] / 400 - 1) < 0.02,
                  f"400 W are found: {power}")
    checks.expect(row["test_double"] is True, "the row is a test double")
    checks.expect(any("fake meter" in note for note in row["notes"]), "and says so")
    joules = entry(folder / "measured", "energy")[1]["value"]
    tokens = entry(folder / "measured", "output_tokens")[1]["value"]
    each = entry(folder / "measured", "energy_per_output_token")[1]["value"]
    checks.expect(abs(each * tokens - joules) < 1e-6 * joules, "joules per token times tokens")
    again = runs.pingjia("score", "measured", "--json", cwd=folder)
    checks.expect(json.loads(again.stdout).get("runs", json.loads(again.stdout)) is not None
                  and entry(folder / "measured", "energy")[1]["value"] == joules, "scoring again keeps it")


def priced(checks, folder):
    rate = entry(folder / "measured", "machine_rate")[1]
    checks.expect(rate["value"] == 1.87, f"the marketplace median of the catalogue: {rate}")
    checks.expect("median of 5 offers" in rate["maker"], f"whose maker says so: {rate['maker']}")
    kept = json.loads((folder / "measured" / "run.json").read_text())["pricing"]["s"]["hardware"]
    checks.expect(kept["usd_per_hour"] == "1.87" and kept["usd_per_hour_high"] == "2.1325", "run.json keeps the band")
    low = entry(folder / "measured", "usd_per_correct_low_rate")[1]
    checks.expect(low["value"] is not None or "unbounded" in low["maker"], f"the band reaches $ per correct: {low}")


def contended(checks, folder):
    done = runs.pingjia("run", "x.json", "--out", "contended", "--quiet", cwd=folder,
                        environment=scenario(folder, processes=2))
    checks.expect("is in use (2 other processes)" in done.stderr, f"warns of others: {done.stderr}")
    row, _ = entry(folder / "contended", "energy")
    checks.expect(any("others used the device" in note for note in row["notes"]), "and the row says so")


def unmeasured(checks, folder):
    environment = {"PINGJIA_NVML": "off", "PINGJIA_POWERCAP": str(folder / "none")}
    done = runs.pingjia("run", "x.json", "--out", "unmeasured", "--quiet", cwd=folder, environment=environment)
    checks.expect(done.returncode == 0, f"runs without a meter: {done.stderr}")
    row, energy = entry(folder / "unmeasured", "energy")
    checks.expect(energy["value"] is None and "no package in" in energy["maker"], f"unknown, and why: {energy}")
    checks.expect(row["test_double"] is (SPEC["systems"][0]["adapter"] == "echo"), "and is no test double")


def described(checks, folder):
    done = runs.pingjia("hardware", "here", "--json", cwd=folder, environment=scenario(folder))
    here = json.loads(done.stdout)
    checks.expect(here["devices"][0]["catalogue"] == "H100 SXM", f"finds the card: {here['devices']}")
    checks.expect(here["devices"][0]["telemetry_source"] == "fake", "and says that it is fake")
    checks.expect(here["cpu"]["logical_cores"] >= 1, "describes the processor")
    bare = runs.pingjia("hardware", "here", cwd=folder,
                        environment={"PINGJIA_NVML": "/nowhere/x.so", "PINGJIA_POWERCAP": str(folder / "none")})
    checks.expect(bare.returncode == 0 and "/nowhere/x.so" in bare.stdout, f"says what is missing: {bare.stdout}")


def fitted(checks, folder):
    """Three suites of one run are three points, which determine three rates without any error to state."""
    few = runs.pingjia("hardware", "rates", "measured", "--json", cwd=folder)
    checks.expect("needs three runs" in json.loads(few.stdout)[0]["unknown"], f"one suite is too few: {few.stdout}")
    spec = dict(SPEC, suites=[{"suite": s, "limit": 40} for s in ("arithmetic", "choice", "strings")])
    (folder / "three.json").write_text(json.dumps(spec))
    runs.pingjia("run", "three.json", "--out", "three", "--quiet", cwd=folder)
    fit = json.loads(runs.pingjia("hardware", "rates", "three", "--json", cwd=folder).stdout)[0]
    checks.expect(fit["points"] == 3 and ("unknown" in fit or fit["worst_error"] < 1e-6), f"three are enough: {fit}")


def own_machines(checks, folder):
    (folder / "own.json").write_text(json.dumps({
        "schema_version": 1, "sources": [{"key": "bill", "title": "our bill", "date": "2026-11"}],
        "machines": [{"name": "Z9", "kind": "gpu",
                      "rents": [{"tier": "contract", "usd_per_hour": "0.5", "source": "bill"}]}]}))
    shown = runs.pingjia("hardware", "show", "z9", "--catalog", "own.json", cwd=folder)
    checks.expect("our bill" in shown.stdout, f"shows a machine of the user's own: {shown.stderr}")
    spec = json.loads(json.dumps(SPEC))
    spec["systems"][0]["hardware"] = {"gpu": "Z9", "gpus": 2}
    (folder / "own_run.json").write_text(json.dumps(spec))
    dry = runs.pingjia("run", "own_run.json", "--dry-run", cwd=folder,
                       environment={"PINGJIA_HARDWARE": str(folder / "own.json")})
    checks.expect("2x Z9 at $1/h" in dry.stdout, f"a run file may name it: {dry.stdout}{dry.stderr}")
    refused = runs.pingjia("run", "own_run.json", "--dry-run", cwd=folder)
    checks.expect(refused.returncode == 2 and refused.stderr.count("\n") == 1
                  and "not in the hardware catalogue" in refused.stderr, f"one line without it: {refused.stderr}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "x.json").write_text(json.dumps(SPEC))
        measured(checks, folder)
        priced(checks, folder)
        contended(checks, folder)
        unmeasured(checks, folder)
        described(checks, folder)
        fitted(checks, folder)
        own_machines(checks, folder)
    checks.done()


main()
