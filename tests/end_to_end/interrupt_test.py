#!/usr/bin/env python3
"""Ctrl-C and a spent budget: a clean stop that can be resumed; no child process stays behind."""

import json
import os
import pathlib
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

MODEL = str(runs.ROOT / "adapters" / "models" / "pingjia-tiny-dense.gguf")


def children_left(folder):
    """Command lines of processes that still refer to the test's folder."""
    left = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if os.readlink(entry / "cwd").startswith(str(folder)):
                    left.append((entry / "cmdline").read_bytes().decode(errors="replace"))
            except OSError:
                continue
    return left


def wait_for_records(run, least):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (run / "records.jsonl").exists() and len(runs.records(run)) >= least:
            return True
        time.sleep(0.01)
    return False


def interrupt(checks, folder, name, adapter, options):
    spec = {"systems": [{"name": "s", "adapter": adapter, "options": options,
                         "hardware": {"name": "vm", "usd_per_hour": "0.04", "cores": 2}}],
            "suites": [{"suite": "arithmetic", "repeats": 3}]}
    (folder / "x.json").write_text(json.dumps(spec))
    run = folder / name
    child = runs.start("run", "x.json", "--out", name, cwd=folder)
    checks.expect(wait_for_records(run, 5), f"{name}: answers come")
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    checks.expect(child.returncode == 130, f"{name}: exit 130, not {child.returncode}: {err}")
    checks.expect("--resume" in err, f"{name}: says how to go on")
    checks.expect((run / "report.html").exists(), f"{name}: what is there is reported")
    checks.expect(not children_left(folder), f"{name}: no process stays: {children_left(folder)}")
    before = len([r for r in runs.records(run) if r["last_attempt"]])
    checks.expect(0 < before < 2100, f"{name}: stopped on the way, after {before}")
    done = runs.pingjia("run", "--resume", name, "--quiet", cwd=folder)
    checks.expect(done.returncode == 0, f"{name}: resumes: {done.stderr}")
    asked = [runs.question(r) for r in runs.records(run) if r["last_attempt"]]
    checks.expect(len(asked) == 2100 and len(set(asked)) == 2100, f"{name}: each question once")


def spend_budget(checks, folder):
    spec = {"systems": [{"name": "s", "adapter": "echo", "options": {"text": "{question}"},
                         "price": {"input": "1000", "output": "1000"}}],
            "suites": [{"suite": "arithmetic"}], "budget_usd": "0.5", "load": {"concurrency": 1}}
    (folder / "x.json").write_text(json.dumps(spec))
    done = runs.pingjia("run", "x.json", "--out", "budget", "--quiet", cwd=folder)
    checks.expect(done.returncode == 3, f"budget: exit 3, not {done.returncode}: {done.stderr}")
    checks.expect("budget" in done.stderr, "budget: says so")
    cost = runs.metric(folder / "budget", "s", "arithmetic/generate", "cost")
    checks.expect(0.5 <= cost < 0.6, f"budget: spent {cost}")
    again = runs.pingjia("run", "--resume", "budget", "--quiet", cwd=folder)
    checks.expect(again.returncode == 3, f"budget: still spent: {again.returncode}: {again.stderr}")
    checks.expect(runs.metric(folder / "budget", "s", "arithmetic/generate", "cost") == cost,
                  "budget: nothing more is asked")
    manifest = folder / "budget" / "run.json"
    manifest.write_text(manifest.read_text().replace('"budget_usd": "0.5"', '"budget_usd": "0.8"'))
    raised = runs.pingjia("run", "--resume", "budget", "--quiet", cwd=folder)
    checks.expect(raised.returncode == 3, f"budget: raised, and spent: {raised.stderr}")
    cost = runs.metric(folder / "budget", "s", "arithmetic/generate", "cost")
    checks.expect(0.8 <= cost < 0.9, f"budget: is the whole run's, not a session's: {cost}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-stop-") as name:
        folder = pathlib.Path(name)
        interrupt(checks, folder, "worker", "llama", {"model": MODEL, "threads": 1, "parallel": 8})
        interrupt(checks, folder, "server", "server",
                  {"recipe": "llama-server", "model": MODEL, "threads": 1, "parallel": 8})
        spend_budget(checks, folder)
    checks.done()


main()
