#!/usr/bin/env python3
"""What a resumed run asks again, and what stops a run that could not be trusted."""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

# Answers while the file "alive" is there, else dies of the first question.
ENGINE = """
import json, os, sys
for line in sys.stdin:
    m = json.loads(line)
    say = lambda **words: print(json.dumps(words), flush=True)
    if m["type"] == "hello": say(type="hello", protocol=1, name="mortal", version="1", capabilities=["generate"])
    if m["type"] == "load": say(type="ready", model="m", device="CPU")
    if m["type"] == "generate":
        if not os.path.exists("alive"): os._exit(9)
        say(type="delta", id=m["id"], text="4", tokens=1)
        say(type="done", id=m["id"], finish="stop", usage={"input": 3, "output": 1})
    if m["type"] == "shutdown": break
"""
HARDWARE = {"name": "vm", "usd_per_hour": "0.04", "cores": 2}


def write(folder, systems, **more):
    spec = {"systems": systems, "suites": [{"suite": "arithmetic", "limit": 200}], **more}
    (folder / "x.json").write_text(json.dumps(spec))


def dead_engine(checks, folder):
    (folder / "mortal.py").write_text(ENGINE)
    write(folder, [{"name": "mortal", "adapter": "process", "hardware": HARDWARE,
                    "options": {"command": ["python3", "mortal.py"]}},
                   {"name": "echo", "adapter": "echo", "options": {}, "hardware": HARDWARE}],
          load={"concurrency": 2})
    done = runs.pingjia("run", "x.json", "--out", "mortal", "--quiet", cwd=folder)
    checks.expect(done.returncode == 2, f"dead engine: exit 2, not {done.returncode}: {done.stderr}")
    checks.expect("died again and again" in done.stderr, f"dead engine: told: {done.stderr}")
    records = runs.records(folder / "mortal")
    lost = [r for r in records if r["system"] == "mortal"]
    checks.expect(0 < len(lost) < 40, f"dead engine: not asked 200 times in vain: {len(lost)}")
    checks.expect(len([r for r in records if r["system"] == "echo"]) == 200, "dead engine: the others go on")
    (folder / "alive").write_text("")
    again = runs.pingjia("run", "--resume", "mortal", "--quiet", cwd=folder)
    checks.expect(again.returncode == 0, f"dead engine: mended, it goes on: {again.stderr}")
    row = lambda tag: runs.metric(folder / "mortal", "mortal", "arithmetic/generate", tag)
    checks.expect(row("failed") == 0, f"dead engine: what was lost is asked again: {row('failed')} failed")
    answered = [r for r in runs.records(folder / "mortal") if r["system"] == "mortal" and "failure" not in r["completion"]]
    checks.expect(len(answered) == 200, f"dead engine: all answered once: {len(answered)}")
    checks.expect(len({runs.question(r) for r in answered}) == 200, "dead engine: each question once")
    shown = runs.pingjia("show", "mortal", lost[0]["sample"], cwd=folder).stdout
    attempts = len([r for r in runs.records(folder / "mortal") if r["sample"] == lost[0]["sample"]])
    checks.expect(shown.count("== ") == attempts, f"show: all {attempts} attempts: {shown}")


def refusals(checks, folder):
    write(folder, [{"name": "s", "adapter": "echo", "options": {}}], budget_usd="1")
    done = runs.pingjia("run", "x.json", cwd=folder)
    checks.expect(done.returncode == 2 and "has no price" in done.stderr,
                  f"a budget over an unpriced system is refused: {done.stderr}")
    write(folder, [{"name": "s", "adapter": "echo", "options": {}, "hardware": HARDWARE}], budget_usd="-1")
    done = runs.pingjia("run", "x.json", "--dry-run", cwd=folder)
    checks.expect(done.returncode == 2 and "budget_usd" in done.stderr,
                  f"a negative budget is refused before anything is made: {done.stderr}")
    for place, protocol in ((".", "p"), ("b", "q")):
        (folder / place).mkdir(exist_ok=True)
        (folder / place / "same.json").write_text(json.dumps({
            "schema_version": 1, "name": "same", "title": "t", "licence": "CC0-1.0", "source": "test",
            "protocols": [{"name": protocol, "mode": "generate", "scorer": "exact"}],
            "samples": [{"id": "1", "question": "x?", "gold": "x"}]}))
    (folder / "x.json").write_text(json.dumps({
        "systems": [{"name": "s", "adapter": "echo", "options": {}, "hardware": HARDWARE}],
        "suites": [{"suite": "same.json"}, {"suite": "b/same.json"}]}))
    done = runs.pingjia("run", "x.json", cwd=folder)
    checks.expect(done.returncode == 2 and "two different suites are called 'same'" in done.stderr,
                  f"two suites of one name are refused: {done.stderr}")
    adopted = folder / "adopted"
    adopted.mkdir()
    (adopted / "records.jsonl").write_text('{"schema_version":1,"type":"header"}\n')
    done = runs.pingjia("run", "x.json", "--out", "adopted", cwd=folder)
    checks.expect(done.returncode == 2 and (adopted / "records.jsonl").exists(),
                  f"another's records are not adopted: {done.stderr}")
    write(folder, [{"name": "s", "adapter": "openai",
                    "options": {"base_url": "http://127.0.0.1:9/v1", "model": "gpt-4o"}}])
    done = runs.pingjia("run", "x.json", "--dry-run", cwd=folder)
    checks.expect("$" not in done.stdout, f"one's own server has no API's price: {done.stdout}")


def archive(checks, folder):
    write(folder, [{"name": "s", "adapter": "echo", "options": {}, "hardware": HARDWARE}])
    runs.pingjia("run", "x.json", "--out", "archive", "--quiet", cwd=folder)
    run = folder / "archive"
    stamp = lambda: {p.name: p.stat().st_mtime_ns for p in run.iterdir() if p.is_file()}
    before = stamp()
    done = runs.pingjia("report", "archive", "--format", "csv", cwd=folder)
    checks.expect(done.returncode == 0 and "accuracy" in done.stdout, f"report: {done.stderr}")
    checks.expect(stamp() == before, "report writes nothing into the run")
    for name in ("scores.jsonl", "summary.json"):
        (run / name).unlink()
    again = runs.pingjia("report", "archive", "--format", "csv", cwd=folder)
    checks.expect(again.stdout == done.stdout, "report makes in memory what is not there")


def main():
    checks = runs.Checks()
    for check in (dead_engine, refusals, archive):
        with tempfile.TemporaryDirectory(prefix="pingjia-resume-") as name:
            check(checks, pathlib.Path(name))
    checks.done()


main()
