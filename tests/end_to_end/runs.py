"""Runs of the real program for the end-to-end tests: where its parts are, and how to read what it wrote."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def programs():
    """The folder of the built programs: the tests' one argument."""
    return pathlib.Path(sys.argv[1]).resolve()


def pingjia(*arguments, cwd, environment=None, timeout=300, stdin=None):
    """Runs the program to its end; the result has returncode, stdout, stderr as text."""
    env = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY")}
    env.update(environment or {})
    return subprocess.run([str(programs() / "pingjia"), *map(str, arguments)], cwd=cwd, env=env,
                          capture_output=True, text=True, timeout=timeout, input=stdin)


def start(*arguments, cwd, environment=None):
    """Starts the program in a process group of its own."""
    env = dict(os.environ)
    env.update(environment or {})
    return subprocess.Popen([str(programs() / "pingjia"), *map(str, arguments)], cwd=cwd, env=env,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            start_new_session=True)


def records(run):
    """Every attempt in the order of the journal; an unfinished last line is passed over."""
    text = (pathlib.Path(run) / "records.jsonl").read_text(encoding="utf-8")
    lines = text.split("\n")[:-1]
    return [r for r in map(json.loads, lines) if r.get("type") == "attempt"]


def summary(run):
    return json.loads((pathlib.Path(run) / "summary.json").read_text(encoding="utf-8"))


def metric(run, system, suite, tag):
    """The metric's value, or None where it is unknown."""
    for row in summary(run)["rows"]:
        if row["system"] == system and row["suite"] == suite:
            for entry in row["metrics"]:
                if entry["tag"] == tag:
                    return entry.get("value")
    raise AssertionError(f"no metric {tag} of {system} on {suite}")


def question(record):
    return (record["system"], record["suite"], record["sample"], record["repeat"])


def answers(run):
    """What each question was answered: question -> (text, failure class)."""
    found = {}
    for record in records(run):
        if record["last_attempt"]:
            failure = record["completion"].get("failure", {}).get("class")
            found[question(record)] = (record["completion"]["text"], failure)
    return found


def outcomes(run):
    """Everything of the summary that must not depend on timing: accuracies, counts, tokens."""
    steady = ("accuracy", "right", "wrong", "undecided", "parse_failed", "truncated", "refused",
              "failed", "unsupported", "answered", "total", "output_tokens")
    return {(row["system"], row["suite"], entry["tag"]):
            (entry.get("value"), entry.get("low"), entry.get("high"))
            for row in summary(run)["rows"] for entry in row["metrics"] if entry["tag"] in steady}


class Checks:
    """Counts what was expected; ends the test with one line per failure."""

    def __init__(self):
        self.failures = []
        self.count = 0

    def expect(self, good, what):
        self.count += 1
        if not good:
            self.failures.append(what)
            print(f"FAILED: {what}", flush=True)

    def done(self):
        print(f"{self.count - len(self.failures)} of {self.count} checks passed")
        sys.exit(1 if self.failures else 0)
