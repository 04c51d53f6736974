"""Each check refuses what it is there to refuse, at the right line, and lets good code pass."""

import contextlib
import io
import json
import os
import shutil
import tempfile
import unittest

import check_format
import check_headers
import check_layers
import check_names
import check_sizes
import check_tidy

GOOD_HEADER = "#pragma once\n\n#include <string>\n\nstd::string name();\n"
TIDY = ("Checks: '-*,bugprone-use-after-move,modernize-use-override'\nWarningsAsErrors: '*'\n"
        "HeaderFilterRegex: '.*'\n")


class CheckTest(unittest.TestCase):
    """Writes a small tree and runs one check on it."""

    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, path, text):
        """Puts a file into the tree."""
        absolute = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(absolute), exist_ok=True)
        with open(absolute, "w", encoding="utf-8") as file:
            file.write(text)

    def database(self, *sources):
        """A compile_commands.json for these sources; its path."""
        self.write("build/compile_commands.json", json.dumps([
            {"directory": self.root, "file": os.path.join(self.root, source),
             "command": f"g++ -std=c++20 -Wall -Werror -I{self.root} -o x.o -c {self.root}/{source}"}
            for source in sources]))
        return os.path.join(self.root, "build/compile_commands.json")

    def run_check(self, check, *arguments):
        """(exit code, findings) of a check's main."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), self.assertRaises(SystemExit) as ended:
            check.main(self.root, *arguments)
        return ended.exception.code, output.getvalue().splitlines()[:-1]

    def assert_finds(self, result, *beginnings):
        """The check failed with exactly these findings, each given by how it begins."""
        code, findings = result
        self.assertEqual(len(findings), len(beginnings), findings)
        for finding, beginning in zip(findings, beginnings):
            self.assertTrue(finding.startswith(beginning), f"{finding!r} for {beginning!r}")
        self.assertEqual(code, 1 if beginnings else 0)

    def test_an_empty_tree_fails_every_check(self):
        database = self.database()
        for check, arguments in [(check_layers, ()), (check_names, ()), (check_sizes, ()),
                                 (check_format, ()), (check_headers, (database,))]:
            shutil.rmtree(self.root)
            self.database()
            if check is check_names:
                shutil.rmtree(self.root + "/build")
            self.assertEqual(self.run_check(check, *arguments)[0], 1, check.__name__)
        self.write(".clang-tidy", TIDY)
        self.assertEqual(self.run_check(check_tidy, self.database(), self.root + "/build/t")[0], 1)

    # Layers.

    def test_layers_pass_on_every_allowed_edge(self):
        for header in ("harness/base/a.h", "harness/record/r.h", "harness/commands/c.h",
                       "suites/table.h", "suites/scorers/s.h", "kernels/k.h"):
            self.write(header, GOOD_HEADER)
        self.write("harness/record/r.cpp", '#include "harness/record/r.h"\n#include <map>\n'
                                           '#include "harness/base/a.h"\n')
        self.write("harness/main.cpp", '#include "harness/commands/c.h"\n#include "suites/table.h"\n')
        self.write("suites/scorers/s.cpp", '#include "suites/scorers/s.h"\n'
                                           '#include "harness/record/r.h"\n')
        self.write("tests/t.cpp", '#include "suites/table.h"\n#include "kernels/k.h"\n')
        self.assert_finds(self.run_check(check_layers))

    def test_layers_refuse_every_other_edge(self):
        for header in ("harness/base/a.h", "harness/drive/d.h", "suites/table.h", "suites/s.h",
                       "adapters/x.h", "tests/fake.h"):
            self.write(header, GOOD_HEADER)
        self.write("adapters/x.cpp", '// #include "suites/s.h"\n#include "suites/s.h"\n')
        self.write("harness/base/a.cpp", '#include <map>\n\n#  include "harness/drive/d.h"\n')
        self.write("harness/drive/d.cpp", '#include "suites/table.h"\n#include "a.h"\n'
                                          '#include <harness/base/a.h>\n')
        self.write("harness/loose.cpp", "")
        self.write("harness/main.cpp", '#include "suites/s.h"\n')
        self.write("suites/s.cpp", '#include "tests/fake.h"\n')
        self.write("tools/t.cpp", "")
        self.assert_finds(
            self.run_check(check_layers),
            "adapters/x.cpp:2: includes suites/s.h", "harness/base/a.cpp:3: includes harness/drive/d.h",
            "harness/drive/d.cpp:1: includes suites/table.h", "harness/drive/d.cpp:2: includes a.h",
            "harness/drive/d.cpp:3: includes harness/base/a.h", "harness/loose.cpp:1",
            "harness/main.cpp:1: includes suites/s.h", "suites/s.cpp:1: includes tests/fake.h",
            "tools/t.cpp:1")

    # Headers.

    def test_headers_pass_when_each_stands_alone(self):
        self.write("harness/a.h", GOOD_HEADER)
        self.write("harness/a.cpp", "")
        self.assert_finds(self.run_check(check_headers, self.database("harness/a.cpp")))

    def test_headers_refuse_what_leans_on_another_include(self):
        self.write("harness/a.h", "#pragma once\nstd::string name();\n")
        self.write("harness/a.cpp", "")
        self.assert_finds(self.run_check(check_headers, self.database("harness/a.cpp")),
                          "harness/a.h:1: does not compile alone: ")

    def test_headers_refuse_heavy_and_colouring_lines(self):
        self.write("harness/a.h", "#pragma once\n#include <iostream>\n\nusing namespace std;\n"
                                  "// #include <boost/none>\n#include <curl/curl.h>\n")
        self.write("harness/b.h", "#include <string>\n")
        self.write("kernels/k.h", '#pragma once\n#include <nlohmann/json.hpp>\n')
        found = [f for h in ("harness/a.h", "harness/b.h", "kernels/k.h")
                 for f in check_headers.hygiene(self.root, h)]
        self.assertEqual([f.split(": ")[0] for f in found],
                         ["harness/a.h:6", "harness/a.h:2", "harness/a.h:4", "harness/b.h:1",
                          "kernels/k.h:2"])

    def test_fixtures_of_tests_may_be_heavy_but_not_colouring(self):
        self.write("tests/fixture.h", "#pragma once\n#include <nlohmann/json.hpp>\nusing namespace a;\n")
        found = check_headers.hygiene(self.root, "tests/fixture.h")
        self.assertEqual([f.split(": ")[0] for f in found], ["tests/fixture.h:3"])

    def test_cuda_headers_stay_in_kernels(self):
        for header in ("harness/a.h", "kernels/k.h"):
            self.write(header, "#pragma once\n#include <cuda_runtime.h>\n")
        self.assertEqual(len(check_headers.hygiene(self.root, "harness/a.h")), 1)
        self.assertEqual(check_headers.hygiene(self.root, "kernels/k.h"), [])

    # Sizes.

    def test_sizes_measure_functions_of_every_shape(self):
        body = "  int a = 0;\n" * 3
        shapes = {
            "plain": "void plain() {\n" + body + "}\n",
            "A::member": "class B : public C<int()> {\n public:\n  int x{1};\n};\n"
                         "int A::member(int x = {}) const noexcept {\n" + body + "}\n",
            "A::A": "A::A(int b)\n    : b_{b}, c_{1} {\n" + body[13:] + "}\n",
            "T": "namespace n {\nstruct X {\n  template <class T = int>\n  T f();\n};\n}\n"
                 "template <class U = int>\nstd::vector<U> T(std::string s = \"}\") {\n"
                 + body[13:] + "}\n",
            "TEST": "TEST(Name, Does) {\n  auto f = [](int x) { return x; };\n" + body[13:] + "}\n",
            "operator==": "bool operator==(A x, A y) {\n" + body + "}\n",
        }
        for name, text in shapes.items():
            with self.subTest(name):
                found = check_sizes.functions("const int t[] = {1, g(2)};\n" + text + "int z = 1;\n")
                self.assertEqual([(lines, n) for _, lines, n in found], [(5, name)])

    def test_sizes_refuse_a_function_over_80_lines_and_pass_one_of_80(self):
        self.write("harness/ok.cpp", "void f() {\n" + "  g();\n" * 78 + "}\n")
        self.write("harness/long.h", "#pragma once\nstruct S {\n  int m() {\n" + "    // {\n" * 79
                   + "  }\n};\n")
        self.assert_finds(self.run_check(check_sizes), "harness/long.h:3: m has 81 lines")

    def test_sizes_refuse_a_file_over_400_lines(self):
        self.write("harness/long.cpp", "int x;\n" * 401)
        self.assert_finds(self.run_check(check_sizes), "harness/long.cpp:401: the file has 401")

    # Names.

    def test_names_refuse_vague_files_machine_paths_and_notes(self):
        self.write("harness/base/utils.h", GOOD_HEADER)
        self.write("harness/base/BadName.cpp", "")
        self.write("scripts/x", "see https://example.org/work/ and\n/wo" + "rk/shared/data\n")
        self.write("suites/s.cpp", "int x;  // TO" + "DO: y\n")
        self.assert_finds(self.run_check(check_names), "harness/base/BadName.cpp:1",
                          "harness/base/utils.h:1", "scripts/x:2: a path", "suites/s.cpp:1: do it")

    def test_names_pass_ordinary_files(self):
        self.write("harness/base/loop.h", GOOD_HEADER)
        self.write("README.md", "Write to /tmp/x or ./work/y\n")
        self.assert_finds(self.run_check(check_names))

    # Format and lint.

    def test_format_refuses_what_clang_format_would_change(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.write("harness/a.cpp", "int x;\n\nint  y;\n")
        self.write("harness/b.cpp", "int x;\n")
        self.assert_finds(self.run_check(check_format), "harness/a.cpp:3: not formatted")

    def test_tidy_refuses_a_use_after_move_in_sources_and_headers(self):
        self.write(".clang-tidy", TIDY)
        self.write("harness/a.h", "#pragma once\nstruct A { virtual void f(); };\n"
                                  "struct B : A { virtual void f(); };\n")
        self.write("harness/a.cpp", '#include <string>\n#include <utility>\n#include "harness/a.h"\n'
                   "std::string f(std::string x) {\n  std::string y = std::move(x);\n"
                   "  return x + y;\n}\n")
        self.write("harness/b.cpp", "int f() { return 1; }\n")
        database = self.database("harness/a.cpp", "harness/b.cpp")
        result = self.run_check(check_tidy, database, self.root + "/build/tidy")
        self.assert_finds(result, "harness/a.cpp:6:", "harness/a.h:3:")
        self.assertEqual(len(os.listdir(self.root + "/build/tidy")), 1)

    def test_tidy_looks_again_when_a_header_changed(self):
        self.write(".clang-tidy", TIDY)
        self.write("harness/a.h", "#pragma once\n")
        self.write("harness/a.cpp", '#include "harness/a.h"\n')
        arguments = (self.database("harness/a.cpp"), self.root + "/build/tidy")
        self.assert_finds(self.run_check(check_tidy, *arguments))
        self.write("harness/a.h", "#pragma once\nstruct A { virtual void f(); };\n"
                                  "struct B : A { virtual void f(); };\n")
        self.assert_finds(self.run_check(check_tidy, *arguments), "harness/a.h:3:")


if __name__ == "__main__":
    unittest.main()
