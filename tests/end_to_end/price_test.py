#!/usr/bin/env python3
"""`pingjia price`: an old run valued again, without calling a model; as run and as of then side by side."""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

SPEC = {"systems": [
    {"name": "machine", "adapter": "echo", "options": {"text": "1"},
     "hardware": {"name": "vm", "usd_per_hour": "0.04", "cores": 2}},
    {"name": "priced", "adapter": "echo", "options": {"text": "1"},
     "price": {"input": "1", "output": "2", "source": "test", "date": "2026-01-01"}}],
    "suites": [{"suite": "arithmetic", "limit": 20}]}


def price(folder, *arguments):
    return runs.pingjia("price", "run", *arguments, cwd=folder)


def rows(folder, *arguments):
    done = price(folder, "--json", *arguments)
    found = {(r["system"], r["suite"]): (r["as_run"]["cost"]["value"], r["as_of"]["cost"]["value"])
             for r in json.loads(done.stdout)["rows"]}
    return {system: found[(system, "*")] for system in ("machine", "priced")}


def check_gpu(checks, folder):
    before = runs.metric(folder / "run", "machine", "*", "cost")
    asked = len(runs.records(folder / "run"))
    table = price(folder, "--gpu", "H100 SXM", "--rate", "2")
    checks.expect(table.returncode == 0, f"exit 0: {table.stderr}")
    for word in ("as run", "as of", "vm at $0.04/h", "H100 SXM at $2/h"):
        checks.expect(word in table.stdout, f"names {word!r}: {table.stdout}")
    found = rows(folder, "--gpu", "H100 SXM", "--rate", "2")
    as_run, as_of = found["machine"]
    checks.expect(as_run == before, f"as run is what the run said: {as_run}, {before}")
    checks.expect(abs(as_of / as_run / 50 - 1) < 1e-3, f"$2 for $0.04 an hour is 50 times: {as_of / as_run}")
    checks.expect(found["priced"][0] == found["priced"][1], "what is billed by the token stays")
    checks.expect(len(runs.records(folder / "run")) == asked, "no model is called")
    median = rows(folder, "--gpu", "H100 SXM")["machine"][1]
    checks.expect(1 < median / as_run < 1000, "without a rate the catalogue's median rent serves")
    back = rows(folder)["machine"]
    checks.expect(back == (before, before), f"without options it goes back to the run's own: {back}")


def check_wrong_input(checks, folder):
    for arguments, words in ((("--gpu", "H1000"), ["not in the hardware catalogue"]),
                             (("--rate", "2"), ["--gpu"]),
                             (("--gpu", "L4", "--rate", "-1"), ["--rate"]),
                             (("--at", "yesterday"), ["--at"]),
                             (("--book", "nowhere.json"), ["nowhere.json"])):
        done = price(folder, *arguments)
        checks.expect(done.returncode == 2, f"{arguments}: exit 2, not {done.returncode}")
        checks.expect(done.stderr.count("\n") == 1, f"{arguments}: one line: {done.stderr}")
        for word in words:
            checks.expect(word in done.stderr, f"{arguments}: names {word}: {done.stderr}")


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory(prefix="pingjia-price-") as name:
        folder = pathlib.Path(name)
        (folder / "x.json").write_text(json.dumps(SPEC))
        runs.pingjia("run", "x.json", "--out", "run", "--quiet", cwd=folder)
        check_gpu(checks, folder)
        check_wrong_input(checks, folder)
    checks.done()


main()
