#!/usr/bin/env python3
"""Writes a fixture run and gives its page to the browser check: browser_fixture.py PROGRAM KIND"""

import pathlib
import subprocess
import sys
import tempfile

import browser_check


def main(program, kind):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, kind, folder, "60"], check=True, stdout=subprocess.DEVNULL)
        place = pathlib.Path(folder)
        return browser_check.main([str(place / "report.html"), str(place / "summary.json")])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
