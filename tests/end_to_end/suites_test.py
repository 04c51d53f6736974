"""Benchmarks end to end on models that are known by heart: multiple choice by log-likelihood and by generation, word
problems and mathematics, each with the exact score that must come out; then regrading and comparison."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from runs import ROOT, metric, pingjia, programs, records, summary

DATA = pathlib.Path(os.environ.get("PINGJIA_DATA") or ROOT.parent / "shared" / "data")


def suite(name, protocols, samples, **more):
    return {"schema_version": 1, "name": name, "title": name, "licence": "none", "source": "this test",
            "protocols": protocols, "samples": samples, **more}


SHOT = {"question": "Shot?", "gold": "A", "choices": ["p", "q", "r", "s"], "subject": "law"}
MMLU_PROMPT = {"preamble": "On {subject}.\n\n", "prompt": "{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nAnswer:",
               "shots": {"count": 1, "same_subject": True}, "shots_as": "text", "shot_answer": " {letter}"}
CHOICES = suite("mmlu-like", [
    {"name": "scored", "mode": "loglikelihood", **MMLU_PROMPT, "continuation": " {letter}"},
    {"name": "written", "mode": "generate", **MMLU_PROMPT, "max_tokens": 8, "stop": ["\n"], "scorer": "choice",
     "repeats": 2}],
    # Gold B in 3 of 10 of law and in 5 of 5 of art.
    [{"id": f"q{i}", "question": f"Question {i}?", "choices": ["w", "x", "y", "z"],
      "gold": "B" if i < 3 or i >= 10 else "C", "subject": "law" if i < 10 else "art"} for i in range(15)],
    shot_samples=[{"id": "s", **SHOT}, {"id": "t", **SHOT, "subject": "art"}])
WORDS = suite("gsm-like", [{"name": "boxed", "mode": "generate", "prompt": "{question}", "max_tokens": 32,
                            "scorer": "numeric"}],
              [{"id": f"w{i}", "question": f"How many, {i}?", "gold": f"so\n#### {42 if i % 4 else 43}"}
               for i in range(20)])
MATH = suite("math-like", [{"name": "boxed", "mode": "generate", "prompt": "{question}", "max_tokens": 32,
                            "scorer": "math"}],
             [{"id": f"m{i}", "question": f"Find x, {i}.", "gold": gold} for i, gold in enumerate(
                 ["42", "\\frac{84}{2}", "6 \\cdot 7", "\\sqrt{1764}", "42.0", "41", "\\frac{42}{5}", "24", "-42",
                  "4.2"])])


class SuitesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        for name, answer in (("b", " B"), ("boxed", "\\boxed{42}")):
            subprocess.run([programs() / "pingjia-make-gguf", "oracle", cls.folder / f"{name}.gguf", "--answer",
                            answer], check=True, stdout=subprocess.DEVNULL)
        for one in (CHOICES, WORDS, MATH):
            (cls.folder / f"{one['name']}.json").write_text(json.dumps(one))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_file(self, name, model, suites, **more):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({
            "name": name, "suites": suites, "load": {"concurrency": 4}, **more,
            "systems": [{"name": "oracle", "adapter": "llama",
                         "options": {"model": f"{model}.gguf", "threads": 1, "context": 8192}}]}))
        result = pingjia("run", path, cwd=self.folder,
                         environment={"PINGJIA_DATA": str(DATA)} if DATA.exists() else None)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.folder / "runs" / name

    def test_choices_both_ways(self):
        run = self.run_file("choices", "b", [{"suite": "mmlu-like.json", "protocol": p}
                                             for p in ("scored", "written")])
        for protocol in ("scored", "written"):
            value = lambda tag: metric(run, "oracle", f"mmlu-like/{protocol}", tag)
            self.assertEqual(value("accuracy"), 8 / 15)
            # Macro: (3/10 + 5/5) / 2.
            self.assertAlmostEqual(value("accuracy_macro"), 0.65, 12)
        written = lambda tag: metric(run, "oracle", "mmlu-like/written", tag)
        self.assertEqual(written("total"), 30)  # The protocol's two repeats.
        for tag in ("avg_at_n", "pass_at_2", "cons_at_n"):
            self.assertAlmostEqual(written(tag), 8 / 15, 12)
        self.assertTrue(any("a gap of +0.0000 on 15 questions" in note for note in summary(run)["notes"]))
        asked = next(r for r in records(run) if r["sample"] == "q12")
        self.assertEqual(asked["request"]["messages"][0]["content"],
                         "On art.\n\nShot?\nA. p\nB. q\nC. r\nD. s\nAnswer: A\n\n"
                         "Question 12?\nA. w\nB. x\nC. y\nD. z\nAnswer:")

    def test_word_problems_and_mathematics(self):
        run = self.run_file("answers", "boxed", [{"suite": "gsm-like.json"}, {"suite": "math-like.json"}])
        self.assertEqual(metric(run, "oracle", "gsm-like/boxed", "accuracy"), 15 / 20)
        self.assertEqual(metric(run, "oracle", "math-like/boxed", "accuracy"), 5 / 10)

    def test_repeats_end_by_themselves(self):
        run = self.run_file("adaptive", "boxed", [{"suite": "gsm-like.json", "repeats": 50, "half_width": 0.05}])
        asked = len(records(run))
        self.assertEqual(asked % 20, 0)
        self.assertGreaterEqual(asked, 80)
        self.assertLess(asked, 1000)
        self.assertLessEqual(metric(run, "oracle", "gsm-like/boxed", "repeat_half_width"), 0.05)

    def test_regrading_and_what_flipped(self):
        first = self.run_file("first", "boxed", [{"suite": "gsm-like.json"}])
        second = self.run_file("second", "boxed", [{"suite": "gsm-like.json"}])
        same = json.loads(pingjia("compare", first, second, "--json", cwd=self.folder).stdout)
        self.assertEqual(same["rows"][0]["flips"], [])
        # An old run's marks, by an older grader that took these answers for wrong.
        lines = (second / "scores.jsonl").read_text().splitlines()
        old = [json.loads(line) for line in lines]
        for score in old[1:6]:
            score.update(outcome="wrong" if score["outcome"] == "right" else "right", version="numeric-0")
        (second / "scores.jsonl").write_text("".join(json.dumps(s) + "\n" for s in old))
        flips = json.loads(pingjia("compare", first, second, "--json", cwd=self.folder).stdout)["rows"][0]["flips"]
        self.assertEqual([f["why"] for f in flips], ["grader"] * 5)
        regraded = pingjia("score", second, cwd=self.folder)
        self.assertIn("regraded 20 answers: 5 marks changed", regraded.stderr)
        self.assertEqual(metric(second, "oracle", "gsm-like/boxed", "accuracy"), 15 / 20)

    def test_withheld_texts_are_in_no_report(self):
        private = dict(WORDS, name="private", withhold=True)
        (self.folder / "private.json").write_text(json.dumps(private))
        run = self.run_file("withheld", "boxed", [{"suite": "private.json"}])
        for form in ("html", "json", "csv", "markdown", "text"):
            text = pingjia("report", run, "--format", form, cwd=self.folder).stdout
            self.assertNotIn("How many, ", text, form)
        self.assertIn("How many, ", (run / "records.jsonl").read_text())

    def test_published_mmlu(self):
        if not (DATA / "mmlu" / "mmlu.zip").exists():
            self.skipTest(f"mmlu/mmlu.zip is not in {DATA}")
        run = self.run_file("published", "b", [{"suite": "mmlu", "protocol": p, "limit": 20}
                                          for p in ("lm-eval", "lm-eval-generate")])
        golds = {s["id"]: s["gold"] for s in json.loads((run / "suites/mmlu.json").read_text())["samples"]}
        expected = sum(golds[r["sample"]] == "B" for r in records(run) if r["suite"] == "mmlu/lm-eval") / 20
        for protocol in ("lm-eval", "lm-eval-generate"):
            self.assertEqual(metric(run, "oracle", f"mmlu/{protocol}", "accuracy"), expected)


if __name__ == "__main__":
    import sys
    unittest.main(argv=sys.argv[:1])
