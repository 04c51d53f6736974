#!/usr/bin/env python3
"""Breaks a good page in one way after the other and expects the browser check to say so:
browser_check_test.py PROGRAM"""

import contextlib
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import browser_check



def allowed(page):
    """The page under a policy that lets its fault happen."""
    return re.sub(r'(http-equiv="Content-Security-Policy" content=")[^"]*',
                  r"\1default-src * 'unsafe-inline'", page, count=1)


# What is broken, how, and a part of the line that must say so.
FAULTS = [
    ("a wrong number", lambda page: re.sub(r'data-tag="accuracy" data-value="0\.\d',
                                           'data-tag="accuracy" data-value="0.0', page, count=1),
     "rows equal summary.json"),
    ("a missing row", lambda page: re.sub(r"<tr data-run=.*?</tr>", "", page, count=1, flags=re.S),
     "rows equal summary.json"),
    ("a request", lambda page: allowed(page).replace(
        "</main>", '<img src="http://127.0.0.1:9/x.png" alt=""></main>'), "no request"),
    ("what the policy forbids", lambda page: page.replace(
        "</main>", '<img src="http://127.0.0.1:9/x.png" alt=""></main>'), "no console error"),
    ("a script", lambda page: allowed(page).replace(
        "</main>", "<script>throw new Error('x')</script></main>"), "no script"),
    ("a chart without its table", lambda page: re.sub(
        r'(<figure class="chart"[^>]*>.*?)<details>.*?</details>', r"\1", page, count=1, flags=re.S),
     "every chart has its table"),
    ("something too wide", lambda page: allowed(page).replace(
        "</main>", '<div style="width:3000px">x</div></main>'), "nothing wider"),
    ("faint text", lambda page: allowed(page).replace(
        "</main>", '<p style="color:#888;background:#999">x</p></main>'), "contrast"),
    ("overlapping labels", lambda page: page.replace(
        "</svg><svg", '<text x="60" y="60">one text</text><text x="62" y="61">another</text></svg>'
        "<svg", 1), "no text covers another"),
]


def said(page, folder):
    """Exit code and lines of the check on this page."""
    (folder / "broken.html").write_text(page, encoding="utf-8")
    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        code = browser_check.main([str(folder / "broken.html"), str(folder / "summary.json")])
    return code, lines.getvalue()


def main(program):
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([program, "demo", name, "8"], check=True, stdout=subprocess.DEVNULL)
        good = (folder / "report.html").read_text(encoding="utf-8")
        json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        for what, breaking, wanted in FAULTS:
            page = breaking(good)
            code, lines = said(page, folder)
            found = page != good and code == 1 and any(
                line.startswith("FAIL") and wanted in line for line in lines.splitlines())
            print(f"{'ok  ' if found else 'FAIL'} finds {what}")
            if not found:
                print(lines)
            missed += not found
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
