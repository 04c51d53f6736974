"""Every header stands alone. Usage: check_headers.py ROOT COMPILE_COMMANDS [JOBS]

Each is compiled by itself with the flags of its folder, and holds nothing that slows or colours
every file which includes it.
"""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

import tree

# What no header may hold, and what to do instead.
FORBIDDEN = [
    (r"<nlohmann/json\.hpp>", "include <nlohmann/json_fwd.hpp>, and json.hpp in the source"),
    (r"<curl/", "keep libcurl in the source"),
    (r"<boost/", "keep Boost in the source"),
    (r"<iostream>", "include <iosfwd>, and the streams in the source"),
]
CUDA = (r"<(cuda|cublas|cudnn|cupti|nvml)", "CUDA stays in kernels/")
USING = re.compile(r"^\s*using\s+namespace\b", re.MULTILINE)


def hygiene(root, header):
    """What a header may not hold."""
    text = tree.blank_comments(tree.read(root, header))
    findings = []

    def find(pattern, advice):
        for match in re.finditer(pattern, text, re.MULTILINE):
            line = text.count("\n", 0, match.start()) + 1
            findings.append(f"{header}:{line}: {match.group().strip()}: {advice}")

    if not re.match(r"\s*#pragma once\b", text):
        findings.append(f"{header}:1: does not begin with #pragma once")
    # A fixture of tests is included by a file or two: what it brings in costs nobody.
    rules = [] if header.startswith("tests/") else FORBIDDEN
    rules = rules + ([] if header.startswith("kernels/") else [CUDA])
    for pattern, advice in rules:
        find(r"^[ \t]*#[ \t]*include[ \t]*" + pattern, advice)
    find(r"^[ \t]*using[ \t]+namespace\b.*", "colours every file that includes this")
    return findings


def compile_flags(database):
    """For each folder with sources in the build, the compiler and flags of one source in it."""
    with open(database, encoding="utf-8") as file:
        entries = json.load(file)
    flags = {}
    for entry in entries:
        if entry["file"].endswith(".cu"):  # Another compiler's flags.
            continue
        words = entry.get("arguments") or shlex.split(entry["command"])
        if words and os.path.basename(words[0]) == "ccache":
            words = words[1:]
        kept, skip = [], False
        for word in words:
            if skip or word in ("-c", "-o", "-MF", "-MT", "-MQ", "-MD", "-MMD", entry["file"]):
                skip = word in ("-o", "-MF", "-MT", "-MQ") and not skip
                continue
            kept.append(word)
        flags.setdefault(os.path.dirname(os.path.abspath(entry["file"])), (entry["directory"], kept))
    return flags


def nearest(flags, folder):
    """The flags of the folder whose path shares most with `folder`."""
    return flags[max(flags, key=lambda known: len(os.path.commonpath([known, folder])))]


def compile_alone(root, header, flags):
    """Findings of the compiler for a file that includes this header and nothing else."""
    directory, command = nearest(flags, os.path.dirname(os.path.abspath(os.path.join(root, header))))
    done = subprocess.run(
        command + ["-fsyntax-only", "-x", "c++", "-"], cwd=directory, capture_output=True, text=True,
        input=f'#include "{os.path.abspath(os.path.join(root, header))}"\n', check=False)
    if done.returncode == 0:
        return []
    first = next((l for l in done.stderr.splitlines() if "error:" in l), done.stderr.strip()[-200:])
    return [f"{header}:1: does not compile alone: {first}"]


def main(root, database, jobs="2"):
    headers = tree.files(root, ".h")
    findings = [finding for header in headers for finding in hygiene(root, header)]
    flags = compile_flags(database)
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        for found in pool.map(lambda header: compile_alone(root, header, flags), headers):
            findings += found
    tree.finish("headers", len(headers), findings)


if __name__ == "__main__":
    main(*sys.argv[1:])
