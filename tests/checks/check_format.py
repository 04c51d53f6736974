"""Every C++ file is as clang-format leaves it. Usage: check_format.py ROOT

To mend: clang-format -i FILE
"""

import os
import re
import shutil
import subprocess
import sys

import tree


def check(root, paths):
    """One finding for each file that clang-format would change, at the first place."""
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if tool is None:
        return ["clang-format is not installed; run: scripts/install_packages test"]
    done = subprocess.run(
        [tool, "--dry-run", "-Werror", "--style=file", *paths], cwd=root, capture_output=True,
        text=True, check=False)
    first = {}
    for match in re.finditer(r"^(.+?):(\d+):\d+: error: ", done.stderr, re.MULTILINE):
        first.setdefault(os.path.normpath(match.group(1)), match.group(2))
    if done.returncode != 0 and not first:
        return [done.stderr.strip() or f"{tool} failed"]
    return [f"{path}:{line}: not formatted; run: clang-format -i {path}" for path, line in first.items()]


def main(root):
    paths = tree.files(root, tree.CXX)
    tree.finish("format", len(paths), check(root, paths) if paths else [])


if __name__ == "__main__":
    main(sys.argv[1])
