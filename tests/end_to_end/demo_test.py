#!/usr/bin/env python3
"""The demo as quickstart runs it, and its report in a real browser."""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

SYSTEMS = ("tiny-dense", "tiny-moe", "tiny-dense-api")
SUITES = ("arithmetic/generate", "strings/generate", "choice/generate")


def check_summary(checks, run):
    for system in SYSTEMS:
        for suite in SUITES:
            accuracy = runs.metric(run, system, suite, "accuracy")
            checks.expect(accuracy is not None and 0 < accuracy < 1,
                          f"accuracy of {system} on {suite} is neither 0 nor 1: {accuracy}")
            for tag in ("ttft_p50", "output_tokens_per_s", "usd_per_mtok_blended", "usd_per_correct"):
                value = runs.metric(run, system, suite, tag)
                checks.expect(value is not None and value > 0, f"{tag} of {system} on {suite}: {value}")
            checks.expect(runs.metric(run, system, suite, "failed") == 0, f"no failure: {system} {suite}")
            checks.expect(runs.metric(run, system, suite, "total") == 700, f"700 asked: {system} {suite}")
    # One model behind two adapters, greedy: the same answers but for rounding's ties.
    answers = runs.answers(run)
    pairs = [(k, v, answers[("tiny-dense-api",) + k[1:]]) for k, v in answers.items()
             if k[0] == "tiny-dense"]
    same = sum(a[0].strip() == b[0].strip() for _, a, b in pairs)
    checks.expect(same >= 0.99 * len(pairs), f"one model, two adapters: {same} of {len(pairs)} equal")


def check_parity(checks, run, folder):
    """Verdicts on the demo: the server's model is the worker's, so that it cannot be worse."""
    text = runs.pingjia("parity", run, "--reference", "tiny-dense", "--margin", "2pt", cwd=folder)
    checks.expect(text.returncode == 0, f"parity exits 0: {text.stderr}")
    checks.expect("tiny-dense-api is not worse than tiny-dense by more than 2 points" in text.stdout,
                  f"parity gives its sentence: {text.stdout}")
    made = runs.pingjia("parity", run, "--reference", "tiny-dense", "--margin", "2pt", "--json", cwd=folder)
    rows = {row["model"]: row for row in json.loads(made.stdout)["rows"]}
    checks.expect(rows["tiny-dense-api"]["verdict"] == "not worse", f"a decided verdict: {rows}")
    checks.expect(all(row["paired"] == 2100 for row in rows.values()), "parity pairs every question")
    for ratio in ("price_per_token_ratio", "cost_per_correct_ratio"):
        found = rows["tiny-dense-api"][ratio]
        checks.expect(0 < found["low"] <= found["value"] <= found["high"], f"{ratio} has its interval: {found}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-demo-") as name:
        run = pathlib.Path(name) / "demo"
        done = runs.pingjia("run", runs.ROOT / "scripts" / "demo.json", "--out", run, cwd=name)
        checks.expect(done.returncode == 0, f"the demo exits 0: {done.stderr}")
        checks.expect("tiny-moe" in done.stdout, "a table stands on standard output")
        checks.expect("700/700" in done.stderr, "progress goes to standard error")
        checks.expect("\r" not in done.stderr, "plain progress lines where there is no terminal")
        check_summary(checks, run)
        began = time.monotonic()
        again = runs.pingjia("score", run, cwd=name)
        print(f"marking, pricing and reporting again took {time.monotonic() - began:.2f} s")
        checks.expect(again.returncode == 0 and again.stdout == done.stdout,
                      "the later stages give the same table from the files alone")
        page = subprocess.run([sys.executable, str(pathlib.Path(__file__).parent / "browser_check.py"),
                               str(run / "report.html"), str(run / "summary.json")],
                              capture_output=True, text=True, timeout=300)
        checks.expect(page.returncode == 0, f"the report in Chromium: {page.stdout}{page.stderr}")
        for form in ("text", "json", "csv", "markdown"):
            made = runs.pingjia("report", run, "--format", form, cwd=name)
            checks.expect(made.returncode == 0 and "tiny-moe" in made.stdout, f"report as {form}")
        pair = runs.pingjia("compare", f"{run}:tiny-dense", f"{run}:tiny-moe", cwd=name)
        checks.expect(pair.returncode == 0 and "2100 questions paired" in pair.stdout,
                      f"compare pairs every question: {pair.stdout}{pair.stderr}")
        check_parity(checks, run, name)
        one = runs.pingjia("show", run, "a0001", cwd=name)
        checks.expect(one.stdout.count("== ") == 3, "show gives every system's attempt")
    checks.done()


main()
