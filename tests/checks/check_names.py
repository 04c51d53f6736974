"""Names and words that have no place in the tree. Usage: check_names.py ROOT

A file is named after one noun of the domain, in snake_case. No text holds a path of the machine it
was written on, or a note to do something later.
"""

import os
import re
import sys

import tree

NOT_NOUNS = {"util", "utils", "utility", "utilities", "helper", "helpers", "common", "misc", "stuff"}
# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.:/~}-])/(?:w[o]rk|tmp/w[t]|home/[a]ny)/\S*")
LATER = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b")


def check_file(root, path):
    """Findings in one file."""
    findings = []
    stem, suffix = os.path.splitext(os.path.basename(path))
    if stem in NOT_NOUNS:
        findings.append(f"{path}:1: named after no noun of the domain: {stem}")
    if suffix in tree.CXX and not re.fullmatch(r"[a-z][a-z0-9_]*", stem):
        findings.append(f"{path}:1: C++ files are named in snake_case")
    for number, line in enumerate(tree.read(root, path).split("\n"), 1):
        for match in MACHINE_PATH.finditer(line):
            findings.append(f"{path}:{number}: a path of one machine: {match.group()}")
        if suffix in tree.CXX and LATER.search(line):
            findings.append(f"{path}:{number}: do it, or leave it: {LATER.search(line).group()}")
    return findings


def main(root):
    paths = tree.files(root)
    tree.finish("names", len(paths), [f for p in paths for f in check_file(root, p)])


if __name__ == "__main__":
    main(sys.argv[1])
