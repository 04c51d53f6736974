"""clang-tidy finds nothing. Usage: check_tidy.py ROOT COMPILE_COMMANDS CACHE [JOBS]

Runs the checks of .clang-tidy over every source that the build compiles, tests aside: a source costs
some three seconds, and the tests would double the time. One that was clean is not looked at again
until it, a header it includes, a flag or .clang-tidy changes: CACHE is a folder with an empty file
for each clean state.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import tree


def entries(root, database):
    """(source, directory, words) of each source of this tree, generated ones and tests left out."""
    with open(database, encoding="utf-8") as file:
        listed = json.load(file)
    left_out = (os.path.dirname(os.path.abspath(database)) + os.sep, os.path.join(root, "tests", ""))
    found = {}
    for entry in listed:
        source = os.path.abspath(os.path.join(entry["directory"], entry["file"]))
        inside = source.startswith(root + os.sep) and not source.startswith(left_out)
        if inside and source.endswith(".cpp"):
            words = entry.get("arguments") or shlex.split(entry["command"])
            found[source] = (entry["directory"], words)
    return sorted((source, *rest) for source, rest in found.items())


def state(root, directory, words, settings):
    """Hash of everything that decides what clang-tidy says about a source, system headers aside."""
    kept = [w for i, w in enumerate(words) if w not in ("-c", "-o") and words[i - 1] != "-o"]
    if os.path.basename(kept[0]) == "ccache":
        kept = kept[1:]
    done = subprocess.run(kept + ["-MM", "-MG"], cwd=directory, capture_output=True, text=True,
                          check=False)
    digest = hashlib.sha256(settings)
    digest.update(" ".join(kept).encode())
    for path in sorted(set(re.findall(r"[^\s\\]+", done.stdout.partition(":")[2]))):
        absolute = os.path.abspath(os.path.join(directory, path))
        if absolute.startswith(root + os.sep):
            with open(absolute, "rb") as file:
                digest.update(absolute.encode() + file.read())
    return digest.hexdigest() if done.returncode == 0 else None


def look(root, tool, database, cache, settings, entry):
    """Findings in one source."""
    source, directory, words = entry
    seen = state(root, directory, words, settings)
    mark = os.path.join(cache, seen) if seen else None
    if mark and os.path.exists(mark):
        return []
    done = subprocess.run(
        [tool, "-p", os.path.dirname(database), "--quiet", "--extra-arg=-w", source],
        capture_output=True, text=True, check=False)
    findings = [
        os.path.relpath(match.group(1), root) + match.group(2)
        for match in re.finditer(r"^(/[^:\n]+)(:\d+:\d+: (?:error|warning): .*)$", done.stdout,
                                 re.MULTILINE)]
    if done.returncode != 0 and not findings:
        findings = [f"{os.path.relpath(source, root)}:1: {tool} failed: {done.stderr.strip()[-300:]}"]
    if not findings and mark:
        with open(mark, "w", encoding="utf-8"):
            pass
    return findings


def main(root, database, cache, jobs="2"):
    root = os.path.realpath(root)
    tool = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if tool is None:
        print("clang-tidy is not installed; run: scripts/install_packages test")
        sys.exit(1)
    with open(os.path.join(root, ".clang-tidy"), "rb") as file:
        settings = file.read()
    settings += subprocess.run([tool, "--version"], capture_output=True, check=True).stdout
    os.makedirs(cache, exist_ok=True)
    sources = entries(root, database)
    findings = []
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        for found in pool.map(lambda e: look(root, tool, database, cache, settings, e), sources):
            # A finding in a header comes once for each source that includes it.
            findings += [f for f in found if f not in findings]
    tree.finish("tidy", len(sources), findings)


if __name__ == "__main__":
    main(*sys.argv[1:])
