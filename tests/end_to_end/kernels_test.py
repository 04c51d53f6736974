#!/usr/bin/env python3
"""Tables of kernels with the real programs: reports of a folder that holds one alone or beside a run, and
comparison of two. Usage: kernels_test.py PROGRAMS"""

import json
import pathlib
import struct
import subprocess
import tempfile

import runs

ECHO = {"systems": [{"name": "null", "adapter": "echo"}], "suites": [{"suite": "arithmetic", "limit": 3}]}
FORMATS = ("html", "text", "markdown", "csv", "json", "junit")
SAMPLES = 20


def row(implementation, ours, seconds, **other):
    """One row as pingjia-kernels writes it; `seconds` None: it is absent."""
    times = None if seconds is None else {
        "samples": SAMPLES, "median": seconds, "low": 0.99 * seconds, "high": 1.01 * seconds,
        "quartile1": 0.99 * seconds, "quartile3": 1.01 * seconds}
    made = {"op": "gemm/dense", "type": "bf16", "model": "random", "shape": {"k": 64, "m": 64, "n": 64},
            "implementation": implementation, "ours": ours, "cache": "cold",
            "status": "absent" if seconds is None else "ok", "reason": "" if seconds else "not installed",
            "flops": 524288, "bytes": 24576, "seconds": times, "cycles": None, "clock_hz": None,
            "joules": None, "roof": "bf16", "roof_fraction": None, "first_sample": 0}
    return {**made, **other}


def write_table(folder, scale):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row("ours", True, 1e-5 * scale), row("onednn", False, 2e-5, first_sample=SAMPLES),
            row("blis", False, None, first_sample=2 * SAMPLES)]
    table = {"schema_version": 1, "context": {"processor": "invented"},
             "roofs": [{"name": "dram", "value": 2e10, "unit": "B/s", "maker": "invented"},
                       {"name": "bf16", "value": 1e12, "unit": "FLOP/s", "maker": "invented"}],
             "rows": rows}
    samples = [1e-5 * scale * (1 + 1e-4 * i) for i in range(SAMPLES)]
    samples += [2e-5 * (1 + 1e-4 * i) for i in range(SAMPLES)]
    (folder / "kernels.json").write_text(json.dumps(table))
    (folder / "kernels.samples").write_bytes(struct.pack(f"<{2 * SAMPLES}f", *samples))


def kernels(*arguments, cwd):
    return subprocess.run([str(runs.programs() / "pingjia-kernels"), *map(str, arguments)], cwd=cwd,
                          capture_output=True, text=True, timeout=60, check=False)


def check_reports(checks, folder):
    for form in FORMATS:
        done = runs.pingjia("report", "before", "--format", form, cwd=folder)
        checks.expect(done.returncode == 0, f"{form}: exit {done.returncode}: {done.stderr}")
        for word in ("gemm/dense", "ours", "onednn" if form != "junit" else "blis"):
            checks.expect(word in done.stdout, f"{form}: names {word}")
    (folder / "x.json").write_text(json.dumps(ECHO))
    runs.pingjia("run", "x.json", "--out", "both", "--quiet", cwd=folder)
    alone = runs.pingjia("report", "both", "--format", "html", cwd=folder).stdout
    checks.expect('<section id="kernels">' not in alone, "no section without a table")
    write_table(folder / "both", 1)
    for names in (["both"], ["before", "both"]):
        page = runs.pingjia("report", *names, "--format", "html", cwd=folder).stdout
        for section in ("kernels", "summary", "manifest"):
            checks.expect(f'<section id="{section}">' in page, f"{names}: section {section}")


def check_comparison(checks, folder):
    write_table(folder / "after", 1.2)
    slower = kernels("compare", "before", "after/kernels.json", cwd=folder)
    checks.expect(slower.returncode == 1, f"slower: exit {slower.returncode}: {slower.stderr}")
    checks.expect(slower.stdout.startswith("SLOW"), f"slower: says so: {slower.stdout}")
    faster = kernels("compare", "after", "before", "--json", cwd=folder)
    checks.expect(faster.returncode == 0, f"faster: exit {faster.returncode}")
    verdicts = {line["name"].split("/")[-1]: line["verdict"] for line in json.loads(faster.stdout)["rows"]}
    checks.expect(verdicts == {"ours": "FAST", "onednn": "SAME"}, f"faster: {verdicts}")


def check_wrong_input(checks, folder):
    (folder / "wrong").mkdir()
    (folder / "wrong" / "kernels.json").write_text('{"schema_version": 1, "context": {}, "roofs": []}')
    for done in (runs.pingjia("report", "wrong", cwd=folder),
                 kernels("compare", "before", "wrong", cwd=folder)):
        checks.expect(done.returncode == 2, f"wrong table: exit {done.returncode}")
        line = done.stderr.strip()
        checks.expect("\n" not in line and "missing key 'rows'" in line, f"wrong table: one line: {line!r}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-kernels-") as name:
        folder = pathlib.Path(name)
        write_table(folder / "before", 1)
        check_reports(checks, folder)
        check_comparison(checks, folder)
        check_wrong_input(checks, folder)
    checks.done()


main()
