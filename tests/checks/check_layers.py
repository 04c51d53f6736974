"""Who may include whom. Usage: check_layers.py ROOT

suites, adapters, kernels and reports include harness and themselves; a stage of harness includes
the stages before it and itself; harness/main.cpp, the composition root, includes also the tables;
tests include anything. Paths are written from the root; other people's headers in angle brackets.
"""

import os
import re
import sys

import tree

STAGES = ["base", "stats", "spec", "record", "drive", "score", "money", "summary", "commands"]
LEAVES = ["suites", "adapters", "kernels", "reports"]
FOLDERS = ["harness", "tests"] + LEAVES
COMPOSITION_ROOT = "harness/main.cpp"
# What the composition root hands to the commands: the tables, and doctor's check of an adapter.
TABLES = {"suites/table.h", "adapters/table.h", "kernels/table.h", "reports/table.h", "adapters/conformance.h"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def stage(path):
    """Rank of a file's stage in harness; main.cpp stands above all; None for an unknown folder."""
    if path == COMPOSITION_ROOT:
        return len(STAGES)
    parts = path.split("/")
    return STAGES.index(parts[1]) if len(parts) > 2 and parts[1] in STAGES else None


def objection(source, target):
    """Why source may not include target, both paths of the tree; None when it may."""
    here, there = source.split("/")[0], target.split("/")[0]
    if here == "tests":
        return None
    if there == "tests":
        return "only tests include tests"
    if here == "harness" and there == "harness":
        if stage(target) is None or stage(target) > stage(source):
            return f"a stage includes only those before it: {' < '.join(STAGES)}"
        return None
    if source == COMPOSITION_ROOT:
        return None if target in TABLES else "the composition root includes only the tables"
    if here == there or there == "harness":
        return None
    return f"{here} may include only harness and itself" if here in LEAVES else (
        "harness includes nothing but itself; only harness/main.cpp knows the tables")


def check_file(root, source):
    """Findings in one file."""
    parts = source.split("/")
    if parts[0] not in FOLDERS:
        return [f"{source}:1: C++ belongs in one of: {' '.join(FOLDERS)}"]
    if parts[0] == "harness" and stage(source) is None:
        return [f"{source}:1: not in a stage of harness: {' '.join(STAGES)}"]
    findings = []
    text = tree.blank_comments(tree.read(root, source))
    for match in INCLUDE.finditer(text):
        quote, target = match.groups()
        ours = target.split("/")[0] in FOLDERS and os.path.isfile(os.path.join(root, target))
        if quote == '"' and not ours:
            problem = "not a path from the root; other people's headers stand in <>"
        elif quote == "<" and ours:
            problem = "our own headers stand in quotes"
        else:
            problem = objection(source, target) if ours else None
        if problem:
            line = text.count("\n", 0, match.start(1)) + 1
            findings.append(f"{source}:{line}: includes {target}: {problem}")
    return findings


def main(root):
    sources = tree.files(root, tree.CXX)
    tree.finish("layers", len(sources), [f for s in sources for f in check_file(root, s)])


if __name__ == "__main__":
    main(sys.argv[1])
