"""Every CUDA source compiles for every architecture we name. Usage: compile_all.py ROOT CACHE [JOBS]

Exit 77, which ctest shows as skipped, where there is no nvcc. A source that compiled is not compiled
again until it, another CUDA file or header of kernels/, or the compiler changes: CACHE is a folder
with an empty file for each clean state. Warnings are errors. Prints what spills registers.
"""

import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ARCHITECTURES = ["80", "86", "89", "90a", "100", "120"]
FLAGS = ["-std=c++20", "-O3", "--expt-relaxed-constexpr", "-Werror", "all-warnings", "-Xptxas", "-v"]
# More than this in one kernel is a mistake; a few registers saved around a loop are not.
MOST_SPILLED_BYTES = 512


def compiler():
    """nvcc's path, or None."""
    return os.environ.get("CUDACXX") or shutil.which("nvcc") or shutil.which(
        "nvcc", path="/usr/local/cuda/bin")


def sources(root, suffixes):
    """Paths below kernels/ with one of the suffixes, sorted."""
    found = []
    for folder, _, names in os.walk(os.path.join(root, "kernels")):
        found += [os.path.join(folder, name) for name in names if name.endswith(suffixes)]
    return sorted(found)


def compile_one(nvcc, root, source):
    """(whether it compiled, what to show)."""
    with tempfile.TemporaryDirectory() as folder:
        targets = [f"-gencode=arch=compute_{a},code=sm_{a}" for a in ARCHITECTURES]
        done = subprocess.run(
            [nvcc, *FLAGS, *targets, "-I", root, "-c", source, "-o", os.path.join(folder, "out.o")],
            capture_output=True, text=True, check=False)
    name = os.path.relpath(source, root)
    if done.returncode != 0:
        errors = [l for l in done.stderr.splitlines() if not l.startswith(("ptxas info", "    "))]
        return False, "\n".join([f"{name}: does not compile", *errors[:20]])
    spills = [int(n) for n in re.findall(r"(\d+) bytes spill stores", done.stderr)]
    most = max(spills, default=0)
    return most <= MOST_SPILLED_BYTES, f"{name}: {len(spills)} kernels, {most} bytes spilled at most"


def compile_and_mark(nvcc, root, source, mark):
    """The same; a run that is cut off begins where it was."""
    good, words = compile_one(nvcc, root, source)
    if good:
        with open(mark, "w", encoding="utf-8"):
            pass
    return good, words


def state(nvcc, headers, source):
    """Hash of everything that decides how a source compiles."""
    digest = hashlib.sha256(subprocess.run([nvcc, "--version"], capture_output=True, check=True).stdout)
    digest.update(repr((FLAGS, ARCHITECTURES)).encode())
    for path in [*headers, source]:
        with open(path, "rb") as file:
            digest.update(path.encode() + file.read())
    return digest.hexdigest()


def main(root, cache, jobs="2"):
    nvcc = compiler()
    if nvcc is None:
        print("no nvcc on the PATH, in CUDACXX or in /usr/local/cuda: nothing was compiled")
        sys.exit(77)
    os.makedirs(cache, exist_ok=True)
    headers, failed = sources(root, (".h", ".cuh")), 0
    stale = {s: os.path.join(cache, state(nvcc, headers, s)) for s in sources(root, (".cu",))}
    if not stale:
        sys.exit("found no CUDA source")
    todo = [s for s in stale if not os.path.exists(stale[s])]
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        done = [pool.submit(compile_and_mark, nvcc, root, s, stale[s]) for s in todo]
        for one in concurrent.futures.as_completed(done):
            good, words = one.result()
            print(words, flush=True)
            failed += not good
    print(f"cuda: {len(stale)} sources, {len(todo)} compiled now for {len(ARCHITECTURES)} "
          f"architectures, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
