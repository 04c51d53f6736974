#!/usr/bin/env python3
"""kill -9 at 30 random instants of demo runs, each followed by --resume.

The demo's own run file on fewer samples. A run is killed and resumed until it ends by itself: its
summary must equal that of a run nobody interrupted, timings aside, and no question with an answer may
have been asked twice. Then the next run, until 30 kills have hit a living one. Before some resumes the
journal is given a partial last line, as a crash leaves it.
"""

import json
import os
import pathlib
import random
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

KILLS = 30
SAMPLES = 40


def write_run_file(folder):
    text = (runs.ROOT / "scripts" / "demo.json").read_text(encoding="utf-8")
    spec = json.loads("\n".join(l for l in text.split("\n") if not l.strip().startswith("//")))
    for suite in spec["suites"]:
        suite["limit"] = SAMPLES
    for system in spec["systems"]:
        system["options"]["model"] = str(runs.ROOT / "scripts" / system["options"]["model"])
    file = folder / "demo.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return file


def kill_once(arguments, folder, delay):
    """Starts the run, kills it with its whole group after `delay`; whether it had ended by itself."""
    child = runs.start(*arguments, cwd=folder)
    deadline = time.monotonic() + delay
    while time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.005)
    ended = child.poll() is not None
    if not ended:
        os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    return ended, child.returncode


def tear(journal, chance):
    """Leaves a partial last line now and then, as a crash does."""
    if not journal.exists() or chance.random() > 0.3:
        return False
    with journal.open("ab") as out:
        out.write(b'{"type":"attempt","system":"tiny-de')
    return True


def check_equal(checks, name, folder):
    """The run that was killed against the one nobody interrupted."""
    asked = [runs.question(r) for r in runs.records(folder / name) if r["last_attempt"]]
    checks.expect(len(asked) == len(set(asked)), f"{name}: no answered question was asked again")
    ours, theirs = runs.answers(folder / name), runs.answers(folder / "whole")
    checks.expect(set(ours) == set(theirs), f"{name}: the same questions were asked")
    changed = [k for k in theirs if ours.get(k) != theirs[k]]
    checks.expect(not changed, f"{name}: every answer is the same; {len(changed)} differ: {changed[:3]}")
    checks.expect(runs.outcomes(folder / name) == runs.outcomes(folder / "whole"),
                  f"{name}: the summary is the same, timings aside")


def kill_until_it_ends(checks, folder, name, file, chance, length):
    """Kills and resumes one run until it ends by itself; how often it was killed, and torn."""
    kills, torn = 0, 0
    arguments = ["run", file, "--out", name, "--quiet"]
    while True:
        ended, code = kill_once(arguments, folder, chance.uniform(0.02, length / 3))
        if ended:
            checks.expect(code == 0, f"{name}: a resumed run exits 0, not {code}")
            return kills, torn
        kills += 1
        if (folder / name / "run.json").exists():
            arguments = ["run", "--resume", name, "--quiet"]
            torn += tear(folder / name / "records.jsonl", chance)


def main():
    checks = runs.Checks()
    chance = random.Random(20261125)
    with tempfile.TemporaryDirectory(prefix="pingjia-kill-") as name:
        folder = pathlib.Path(name)
        file = write_run_file(folder)
        began = time.monotonic()
        whole = runs.pingjia("run", file, "--out", "whole", "--quiet", cwd=folder)
        length = time.monotonic() - began
        checks.expect(whole.returncode == 0, f"the whole run exits 0: {whole.stderr}")
        kills, torn, number = 0, 0, 0
        while kills < KILLS and not checks.failures:
            number += 1
            more, partial = kill_until_it_ends(checks, folder, f"killed{number}", file, chance, length)
            kills, torn = kills + more, torn + partial
            check_equal(checks, f"killed{number}", folder)
        print(f"{kills} kills of living runs of {length:.1f} s, over {number} runs; {torn} partial lines")
        checks.expect(kills >= KILLS and torn > 0, "enough kills hit a living run")
    checks.done()


main()
