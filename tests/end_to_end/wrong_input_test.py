#!/usr/bin/env python3
"""Wrong input: one line that says what, where and how to mend; exit 2; nothing half-written."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

ECHO = {"systems": [{"name": "null", "adapter": "echo"}], "suites": [{"suite": "arithmetic", "limit": 3}]}


def with_system(**system):
    return {"systems": [dict({"name": "s"}, **system)], "suites": ECHO["suites"]}


def model():
    return str(runs.ROOT / "adapters" / "models" / "pingjia-tiny-dense.gguf")


def cases(folder):
    """(what it is, run file text or None, arguments, words that the line must hold)"""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    (folder / "broken.gguf").write_bytes(b"GGUF but not really")
    (folder / "data").mkdir()
    (folder / "data" / "d.jsonl").write_text('{"q":"1+1","a":"2"}\n')
    suite = {"schema_version": 1, "name": "own", "title": "t", "licence": "l", "source": "s",
             "protocols": [{"name": "generate", "mode": "generate", "scorer": "exact"}],
             "data": {"file": "d.jsonl", "sha256": "0" * 64, "format": "jsonl", "count": 1,
                      "id": "d-{index}", "fields": {"question": "q", "gold": "a"}}}
    (folder / "own.json").write_text(json.dumps(suite))
    yield listener, "missing file", None, ["run", "nowhere.json"], ["nowhere.json"]
    yield listener, "bad JSON", '{\n  "systems": [,]\n}', ["run", "x.json"], ["x.json", "line 2"]
    yield (listener, "unknown key", json.dumps(dict(ECHO, sytems=[])), ["run", "x.json"],
           ["sytems", "systems"])
    yield (listener, "unknown adapter", json.dumps(with_system(adapter="llamma")), ["run", "x.json"],
           ["llamma", "did you mean 'llama'"])
    yield (listener, "unknown suite", json.dumps(dict(ECHO, suites=[{"suite": "arithmetics"}])),
           ["run", "x.json"], ["arithmetics", "arithmetic"])
    yield (listener, "unknown protocol",
           json.dumps(dict(ECHO, suites=[{"suite": "choice", "protocol": "generat"}])),
           ["run", "x.json"], ["generat", "generate"])
    yield (listener, "wrong hash", json.dumps(dict(ECHO, suites=[{"suite": "./own.json"}], data="data")),
           ["run", "x.json"], ["d.jsonl", "0000"])
    yield (listener, "no such model", json.dumps(with_system(adapter="llama", options={"model": "no.gguf"})),
           ["run", "x.json"], ["no.gguf"])
    yield (listener, "broken model",
           json.dumps(with_system(adapter="llama", options={"model": "broken.gguf"})),
           ["run", "x.json"], ["broken.gguf"])
    yield (listener, "unknown option",
           json.dumps(with_system(adapter="llama", options={"model": model(), "thread": 2})),
           ["run", "x.json"], ["thread", "threads"])
    yield (listener, "port taken",
           json.dumps(with_system(adapter="server",
                                  options={"recipe": "llama-server", "model": model(), "port": port})),
           ["run", "x.json"], [str(port)])
    yield (listener, "server dies at start",
           json.dumps(with_system(adapter="server",
                                  options={"recipe": "llama-server", "model": "broken.gguf"})),
           ["run", "x.json"], ["llama-server"])
    yield (listener, "key not set",
           json.dumps(with_system(adapter="openai", options={"provider": "openai", "model": "m"})),
           ["run", "x.json"], ["OPENAI_API_KEY"])
    yield (listener, "bad price",
           json.dumps(with_system(adapter="echo", price={"input": "-1", "output": "2"})),
           ["run", "x.json"], ["price"])
    yield listener, "unwritable folder", json.dumps(ECHO), ["run", "x.json", "--out", "/proc/run"], ["/proc/run"]
    yield listener, "no run to resume", None, ["run", "--resume", "nowhere"], ["nowhere"]
    yield listener, "unknown option of a command", None, ["run", "--resum", "x"], ["resume"]
    yield listener, "unknown command", None, ["rnu"], ["run"]
    yield (listener, "margin without unit", None,
           ["parity", "x", "--reference", "m", "--margin", "2"], ["--margin", "no unit", "2pt"])
    yield (listener, "margin in percent", None,
           ["parity", "x", "--reference", "m", "--margin", "2%"], ["--margin", "points", "2pt"])
    yield (listener, "parity of nothing", None,
           ["parity", "nowhere", "--reference", "m", "--margin", "2pt"], ["nowhere"])
    yield listener, "unknown calculator", None, ["cost", "brakeven"], ["breakeven"]
    yield listener, "rate that is missing", None, ["cost", "training", "--gpu-hours", "5"], ["--gpu-hour"]
    yield (listener, "negative rate", None, ["cost", "breakeven", "--example", "--gpu-hour", "-2"],
           ["--gpu-hour", "-2"])
    yield (listener, "unknown input of a calculator", None, ["cost", "training", "--gpu-houers", "5"],
           ["did you mean '--gpu-hours'"])
    yield listener, "report of nothing", None, ["report", "nowhere"], ["nowhere"]
    yield listener, "unknown scorer", None, ["grade", "--scorer", "numerik"], ["numeric"]
    yield listener, "unknown dialect", None, ["decode", "--dialect", "opanai", "x.json"], ["openai"]


def check_line(checks, what, done, words):
    checks.expect(done.returncode == 2, f"{what}: exit 2, not {done.returncode}")
    line = done.stderr.strip()
    checks.expect(line.count("\n") == 0 and line.startswith("pingjia: "), f"{what}: one line: {line!r}")
    for word in words:
        checks.expect(word in line, f"{what}: names {word!r}: {line!r}")
    checks.expect(done.stdout == "", f"{what}: nothing on standard output")


def check_newer_schema(checks, folder):
    (folder / "x.json").write_text(json.dumps(ECHO))
    runs.pingjia("run", "x.json", "--out", "newer", "--quiet", cwd=folder)
    manifest = json.loads((folder / "newer" / "run.json").read_text())
    manifest["schema_version"] = 99
    (folder / "newer" / "run.json").write_text(json.dumps(manifest))
    for arguments in (["report", "newer"], ["score", "newer"], ["run", "--resume", "newer"]):
        check_line(checks, f"newer schema: {arguments}", runs.pingjia(*arguments, cwd=folder),
                   ["newer", "update pingjia"])
    shutil.rmtree(folder / "newer")


def check_no_descriptors(checks, folder):
    """So few that not even the loop can be made."""
    if b"__ubsan_handle" in (runs.programs() / "pingjia").read_bytes():
        return  # The sanitizer's own look at an exception needs descriptors.
    done = subprocess.run(["sh", "-c", 'ulimit -n 4; exec "$0" list', str(runs.programs() / "pingjia")],
                          cwd=folder, capture_output=True, text=True, timeout=60)
    check_line(checks, "no descriptors", done, ["ulimit -n"])


def check_full_disk(checks, folder):
    """A run directory on a file system of 64 KiB that fills up on the way."""
    small = folder / "small"
    small.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=262144 tmpfs {small} 2>/dev/null") != 0:
        print("disk full: not checked here, mounting a small file system needs root")
        return
    try:
        spec = {"systems": ECHO["systems"], "suites": [{"suite": "arithmetic", "repeats": 20}]}
        (folder / "x.json").write_text(json.dumps(spec))
        check_line(checks, "disk full",
                   runs.pingjia("run", "x.json", "--out", "small/run", "--quiet", cwd=folder),
                   ["small/run", "No space left"])
    finally:
        os.system(f"umount {small}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-wrong-") as name:
        folder = pathlib.Path(name)
        for _, what, text, arguments, words in cases(folder):
            if text is not None:
                (folder / "x.json").write_text(text)
            check_line(checks, what, runs.pingjia(*arguments, cwd=folder), words)
            left = [p.name for p in (folder / "runs").rglob("*") if p.is_file() and p.suffix != ".log"]
            checks.expect(not left, f"{what}: nothing half-written: {left}")
        check_newer_schema(checks, folder)
        check_no_descriptors(checks, folder)
        check_full_disk(checks, folder)
    checks.done()


main()
