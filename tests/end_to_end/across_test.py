#!/usr/bin/env python3
"""`pingjia report A B`: the page pairs systems of different runs, with the numbers of `pingjia compare`."""

import json
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402


def ask(folder, name, text):
    """A run of one system that always answers `text`."""
    spec = {"name": name, "systems": [{"name": "echo", "adapter": "echo", "options": {"text": text}}],
            "suites": [{"suite": "arithmetic", "limit": 400}]}
    (folder / f"{name}.json").write_text(json.dumps(spec), encoding="utf-8")
    return runs.pingjia("run", f"{name}.json", "--out", name, "--quiet", cwd=folder)


def shown(page):
    """The numbers of the page's one pair: tag -> (value, low, high)."""
    row = re.search(r'<tr data-a="0" data-b="1">.*?</tr>', page, re.S)
    cells = re.findall(r'data-pair="(\w+)" data-value="([^"]*)"(?: data-low="([^"]*)" data-high="([^"]*)")?',
                       row.group(0) if row else "")
    return {tag: tuple(float(end) for end in ends if end) for tag, *ends in cells}


def main():
    checks = runs.Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for run, text in (("twelve", "12"), ("twenty", "20")):
            done = ask(folder, run, text)
            checks.expect(done.returncode == 0, f"{run}: {done.stderr}")
        made = runs.pingjia("report", "twelve", "twenty", "-o", "both.html", cwd=folder)
        checks.expect(made.returncode == 0, f"report: {made.stderr}")
        found = shown((folder / "both.html").read_text(encoding="utf-8"))
        told = runs.pingjia("compare", "twelve", "twenty", "--json", cwd=folder)
        rows = json.loads(told.stdout)["rows"]
        whole = next(row for row in rows if row["suite"] == "*")
        for tag in ("difference", "minimum_detectable", "paired", "only_a", "only_b"):
            checks.expect(tag in found and found[tag][0] == whole[tag],
                          f"{tag} is compare's: {found.get(tag)}, {whole.get(tag)}")
        checks.expect(whole["only_a"] + whole["only_b"] > 0, f"something differs: {whole}")
        alone = runs.pingjia("report", "twelve", "-o", "one.html", cwd=folder)
        page = (folder / "one.html").read_text(encoding="utf-8") if alone.returncode == 0 else ""
        checks.expect("No pairs: fewer than two systems" in page, "a run of one system has no pairs")
    checks.done()


main()
