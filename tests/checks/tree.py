"""The source tree as the checks see it: its files, and how a check reports what it finds."""

import os
import re
import sys

CXX = (".h", ".cpp", ".cu", ".cuh")
# Nothing of these is ours: builds, runs, and whatever begins with a dot.
SKIPPED = {"build", "runs", "__pycache__"}


def files(root, suffixes=None):
    """Paths below root, relative, sorted; only those with one of the suffixes if given."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [s for s in subfolders if s not in SKIPPED and not s.startswith(".")]
        for name in names:
            if name == ".git":  # A worktree has a file of that name.
                continue
            if suffixes is None or name.endswith(suffixes):
                found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def read(root, path):
    """The text of a file; empty for one that is not text."""
    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        return ""


def blank_comments(text, strings=False):
    """C++ text with comments, and the insides of literals too if asked, turned into spaces.

    Lines stay where they were, so a position in the result is a position in the source.
    """
    token = re.compile(
        r'(?P<comment>//[^\n]*|/\*.*?\*/)'
        r'|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
        r'|"(?:\\.|[^"\\\n])*"'
        # Not the digit separator of 1'000.
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
        re.DOTALL,
    )

    def blank(match):
        if match.group("comment") is None and not strings:
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return token.sub(blank, text)


def finish(check, looked_at, findings):
    """Prints one line per finding and ends the program: 0 without findings, else 1.

    A check that looked at nothing has failed: it stands in the wrong place.
    """
    for finding in findings:
        print(finding)
    if looked_at == 0:
        print(f"{check}: found nothing to look at")
        sys.exit(1)
    print(f"{check}: {len(findings)} findings in {looked_at} files")
    sys.exit(1 if findings else 0)
