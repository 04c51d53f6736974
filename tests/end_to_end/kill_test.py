#!/usr/bin/env python3
"""kill -9 at 30 random instants of one demo run, each followed by --resume.

The demo's own run file on fewer samples. After the last kill the run is resumed to its end: its summary
must equal that of a run nobody interrupted, timings aside, and no question with an answer may have
been asked twice. Before some resumes the journal is given a partial last line, as a crash leaves it.
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

        killed = 0
        partial = 0
        arguments = ["run", file, "--out", "killed", "--quiet"]
        for _ in range(KILLS):
            # Short enough that the run is still going at the last kill.
            ended, code = kill_once(arguments, folder, chance.uniform(0.02, length * 1.6 / KILLS + 0.5))
            killed += not ended
            checks.expect(not ended or code == 0, f"a resumed run exits 0, not {code}")
            if not (folder / "killed" / "run.json").exists():
                continue
            arguments = ["run", "--resume", "killed", "--quiet"]
            journal = folder / "killed" / "records.jsonl"
            if journal.exists() and chance.random() < 0.3:
                with journal.open("ab") as out:
                    out.write(b'{"type":"attempt","system":"tiny-de')
                partial += 1
        last = runs.pingjia("run", "--resume", "killed", "--quiet", cwd=folder)
        checks.expect(last.returncode == 0, f"the last resume exits 0: {last.stderr}")
        print(f"{killed} kills of {KILLS} hit a living run of {length:.1f} s, {partial} partial lines")

        checks.expect(killed >= KILLS // 2, "most kills hit a living run")
        asked = [runs.question(r) for r in runs.records(folder / "killed") if r["last_attempt"]]
        checks.expect(len(asked) == len(set(asked)), "no answered question was asked again")
        checks.expect(set(asked) == set(runs.answers(folder / "whole")), "the same questions were asked")
        ours, theirs = runs.answers(folder / "killed"), runs.answers(folder / "whole")
        changed = [k for k in theirs if ours.get(k) != theirs[k]]
        checks.expect(not changed, f"every answer is the same; {len(changed)} differ: {changed[:3]}")
        checks.expect(runs.outcomes(folder / "killed") == runs.outcomes(folder / "whole"),
                      "the summary is the same, timings aside")
    checks.done()


main()
