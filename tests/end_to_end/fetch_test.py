"""`pingjia fetch` against a loopback server that behaves like the Hub: rows API with pages, revision header,
ResponseNotReady and 422 above 100 rows; files resolved at a commit, with a redirect and ranges; a gated set."""

import gzip
import hashlib
import http.server
import io
import json
import pathlib
import shutil
import socketserver
import tempfile
import threading
import unittest
import urllib.parse
import zipfile

from runs import pingjia

ROWS = [{"question": f"What is {i}+1?", "answer": i + 1, "subject": "sums" if i % 2 else "more_sums"}
        for i in range(257)]
CSV = ('\ufeffId,Question,Right,Wrong 1,Wrong 2,Note\r\n'
       'r1,"Which, of ""these"",\r\nis it?",yes,no,"maybe\nnot",\r\n'
       'r2,Second?,a,b,c,x\r\n')


def zipped(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


ZIP = zipped({"val/b_val.csv": "id,question,A,B,answer\n0,下列哪项？,甲,乙,B\n",
              "val/a_val.csv": "id,question,A,B,answer\n0,Q,x,y,A\n1,R,x,y,B\n", "val/README": "no"})


class Hub(http.server.BaseHTTPRequestHandler):
    """One state for all requests of a test."""
    revision = "c0ffee" * 6 + "abcd"
    rows = list(ROWS)
    fail_from = None     # Offset from which requests fail with 503.
    change_at = None     # Offset at which the data set changes.
    not_ready = 0        # So many requests are answered 500 ResponseNotReady.
    cut_file = 0         # So many file requests are cut off in the middle.
    log = []

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        Hub.log.append((self.path, self.headers.get("Authorization"), self.headers.get("Range")))
        if url.path == "/rows":
            return self.page({k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()})
        if url.path.startswith("/api/datasets/"):
            if "gated" in url.path and self.headers.get("Authorization") != "Bearer secret-token":
                return self.reply(401, b"{}")
            return self.reply(200, json.dumps({"sha": Hub.revision}).encode())
        if "/resolve/" in url.path:
            if "gated" in url.path and self.headers.get("Authorization") != "Bearer secret-token":
                return self.reply(401, b"")
            return self.reply(302, b"moved", [("Location", "/cdn/" + url.path.split("/")[-1])])
        if url.path.startswith("/cdn/") or url.path.startswith("/raw/"):
            return self.file(url.path.split("/")[-1])
        return self.reply(404, b"")

    def page(self, query):
        if Hub.not_ready > 0:
            Hub.not_ready -= 1
            return self.reply(500, b'{"error":"busy"}',
                              [("X-Error-Code", "ResponseNotReady"), ("Retry-After", "0")])
        offset, length = int(query["offset"]), int(query["length"])
        if length > 100:
            return self.reply(422, b"{}")
        if Hub.fail_from is not None and offset >= Hub.fail_from:
            return self.reply(503, b"", [("Retry-After", "0")])
        if Hub.change_at is not None and offset >= Hub.change_at:
            Hub.revision = "0" * 40
        rows = [{"row_idx": i, "row": Hub.rows[i], "truncated_cells": []}
                for i in range(offset, min(offset + length, len(Hub.rows)))]
        body = {"features": [], "rows": rows, "num_rows_total": len(Hub.rows), "num_rows_per_page": 100,
                "partial": False}
        self.reply(200, json.dumps(body).encode(), [("X-Revision", Hub.revision)])

    def file(self, name):
        files = {"set.csv": CSV.encode(), "exam.zip": ZIP,
                 "packed.jsonl.gz": gzip.compress(b'{"q": "1+1", "a": "2"}\n', mtime=0)}
        if name not in files:
            return self.reply(404, b"")
        data, status = files[name], 200
        if self.headers.get("Range"):
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            data, status = data[start:], 206
        if Hub.cut_file > 0:
            Hub.cut_file -= 1
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:len(data) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        self.reply(status, data)


class FetchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hub)
        cls.server.daemon_threads = True
        cls.url = f"http://127.0.0.1:{cls.server.server_address[1]}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "suites").mkdir()
        Hub.revision, Hub.rows, Hub.log = "c0ffee" * 6 + "abcd", list(ROWS), []
        Hub.fail_from, Hub.change_at, Hub.not_ready, Hub.cut_file = None, None, 0, 0

    def suite(self, data, name="toy", **more):
        (self.folder / "suites" / f"{name}.json").write_text(json.dumps({
            "schema_version": 1, "name": name, "title": "Toy", "licence": "none", "source": "a test",
            "protocols": [{"name": "p", "mode": "generate", "scorer": "numeric"}], "data": data, **more}))

    def rows_suite(self, **more):
        self.suite({"file": "toy/rows.jsonl", "format": "jsonl", "count": 257,
                    "fields": {"question": "question", "gold": "answer", "subject": "subject"},
                    "from": {"hub": "a/b", "config": "main", "split": "test"}, **more})

    def fetch(self, *arguments, environment=None):
        return pingjia("fetch", "toy", *arguments, cwd=self.folder,
                       environment={"HF_ENDPOINT": self.url, "PINGJIA_ROWS_ENDPOINT": self.url,
                                    "PINGJIA_DATA": "", **(environment or {})})

    def lock(self):
        return json.loads((self.folder / "data/pingjia.lock.json").read_text())["files"]

    def samples(self):
        out = pingjia("list", "suites", "--json", cwd=self.folder).stdout
        return {s["name"]: s["state"] for s in json.loads(out)["suites"]}["toy"]

    def test_rows_are_paged_and_pinned(self):
        self.rows_suite()
        Hub.not_ready = 2
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("257 rows", result.stdout)
        self.assertIn("pinned now", result.stdout)
        lines = (self.folder / "data/toy/rows.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line) for line in lines], ROWS)
        (entry,) = self.lock()
        self.assertEqual((entry["rows"], entry["revision"]), (257, Hub.revision))
        self.assertEqual(self.samples(), "257 samples")
        asked = len(Hub.log)
        again = self.fetch()
        self.assertIn("already here", again.stdout)
        self.assertEqual(len(Hub.log), asked)

    def test_a_broken_fetch_goes_on(self):
        self.rows_suite()
        Hub.fail_from = 200
        broken = self.fetch()
        self.assertEqual(broken.returncode, 2)
        self.assertIn("HTTP 503", broken.stderr)
        self.assertFalse((self.folder / "data/toy/rows.jsonl").exists())
        Hub.fail_from, Hub.log = None, []
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(len(Hub.log), 1)
        self.assertIn("offset=200", Hub.log[0][0])
        self.assertEqual(len((self.folder / "data/toy/rows.jsonl").read_text().splitlines()), 257)

    def test_a_change_while_reading_is_refused(self):
        self.rows_suite()
        Hub.change_at = 100
        result = self.fetch()
        self.assertEqual(result.returncode, 2)
        self.assertIn("changed while it was read", result.stderr)
        self.assertFalse((self.folder / "data/toy/rows.jsonl").exists())

    def test_changed_data_is_refused_and_named(self):
        self.rows_suite(count=None)
        self.assertEqual(self.fetch().returncode, 0)
        target = self.folder / "data/toy/rows.jsonl"
        before = target.read_text()
        target.unlink()
        Hub.rows, Hub.revision = ROWS + [{"question": "new", "answer": 1, "subject": "x"}], "1" * 40
        result = self.fetch()
        self.assertEqual(result.returncode, 2)
        for part in ("257 rows then, 258 now", "1" * 40, hashlib.sha256(before.encode()).hexdigest(), "--accept-new"):
            self.assertIn(part, result.stderr)
        self.assertFalse(target.exists())
        self.assertEqual(self.fetch("--accept-new").returncode, 0)
        self.assertEqual(self.lock()[0]["rows"], 258)
        target.write_text(before)
        self.assertIn("its sha256 is", self.samples())

    def test_wrong_count_and_wrong_hash_write_nothing(self):
        self.rows_suite(count=300)
        self.assertIn("holds 257 rows", self.fetch().stderr)
        self.rows_suite(sha256="a" * 64)
        self.assertIn("pins " + "a" * 64, self.fetch().stderr)
        self.assertFalse((self.folder / "data/toy").exists())

    def test_file_at_a_commit_with_token_and_resume(self):
        self.suite({"file": "toy/set.csv", "format": "csv", "count": 2, "gold_is": "first",
                    "fields": {"id": "Id", "question": "Question", "choices": ["Right", "Wrong 1", "Wrong 2"]},
                    "from": {"hub": "a/gated", "path": "set.csv", "token_env": "TOY_TOKEN"}})
        result = self.fetch()
        self.assertEqual(result.returncode, 2)
        self.assertIn("TOY_TOKEN", result.stderr)
        self.assertIn("401", self.fetch(environment={"TOY_TOKEN": "wrong"}).stderr)
        Hub.cut_file, Hub.log = 1, []
        result = self.fetch(environment={"TOY_TOKEN": "secret-token"})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("secret-token", result.stdout + result.stderr)
        self.assertTrue(any(entry[2] for entry in Hub.log), "no range was asked for")
        self.assertTrue(all("/resolve/" + Hub.revision in e[0] for e in Hub.log if "/resolve/" in e[0]))
        self.assertEqual((self.folder / "data/toy/set.csv").read_bytes(), CSV.encode())
        self.assertEqual(self.samples(), "2 samples")

    def test_zip_and_gzip(self):
        self.suite({"file": "toy/exam.zip", "member": "val/{subject}_val.csv", "format": "csv", "count": 3,
                    "id": "{subject}-{index}", "gold_is": "letter",
                    "sha256": hashlib.sha256(ZIP).hexdigest(),
                    "fields": {"question": "question", "choices": ["A", "B"], "gold": "answer",
                               "subject": "subject"},
                    "from": {"url": self.url + "/raw/exam.zip"}})
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("as the suite pins it", result.stdout)
        self.assertEqual(self.samples(), "3 samples")
        self.suite({"file": "toy/packed.jsonl.gz", "format": "jsonl", "count": 1,
                    "fields": {"question": "q", "gold": "a"}, "from": {"url": self.url + "/raw/packed.jsonl.gz"}})
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(self.samples(), "1 samples")

    def test_local_path_and_missing_file(self):
        self.rows_suite()
        local = self.folder / "mine.jsonl"
        local.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        result = self.fetch("--from", local)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.samples(), "257 samples")
        self.suite({"file": "toy/none.csv", "format": "csv", "count": 1,
                    "fields": {"question": "q", "gold": "a"}, "from": {"url": self.url + "/raw/none.csv"}})
        self.assertIn("HTTP 404", self.fetch().stderr)
        self.assertIn("did you mean 'toy'", pingjia("fetch", "toi", cwd=self.folder).stderr)


if __name__ == "__main__":
    import sys
    unittest.main(argv=sys.argv[:1])
