#!/usr/bin/env python3
"""A provider that misbehaves, and a planted key.

A loopback server answers each question in another wrong way. Each gets one record with its class, the
run ends normally, and the API key is in no file the run wrote, nor on its standard streams.
"""

import http.server
import json
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import runs  # noqa: E402

KEY = "sk-planted-0123456789abcdef"
CHUNK = 'data: {"choices":[{"index":0,"delta":{"content":"4"},"finish_reason":%s}]}\n\n'

# question -> (what the server does, failure class or None)
FAULTS = {
    "good": None, "garbage": "protocol", "cut": "truncated_stream", "stall": "timeout_idle",
    "429": "rate_limit", "500": "server", "401": "auth", "404": "not_found", "quota": "quota_exhausted",
    "error in stream": "server", "reset": "connect", "no usage": None,
}


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    keys = []

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.reply(200, b'{"data":[]}')

    def reply(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, text, cut=False):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if not cut:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        self.close_connection = cut

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Provider.keys.append(self.headers["Authorization"])
        fault = body["messages"][-1]["content"]
        error = lambda code: json.dumps({"error": {"message": f"it is {code}; you sent {self.headers['Authorization']}",
                                                   "code": code}}).encode()
        if fault in ("good", "no usage"):
            usage = '' if fault == "no usage" else \
                'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\n\n'
            self.stream(CHUNK % '"stop"' + usage + "data: [DONE]\n\n")
        elif fault == "garbage":
            self.stream("data: {this is not JSON\n\ndata: [DONE]\n\n")
        elif fault == "cut":
            self.stream(CHUNK % "null", cut=True)
        elif fault == "stall":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.flush()
            time.sleep(4)
            self.close_connection = True
        elif fault == "error in stream":
            self.stream('data: {"error":{"message":"upstream broke","code":500}}\n\n')
        elif fault == "reset":
            self.connection.close()
            self.close_connection = True
        elif fault == "quota":
            self.reply(429, error("insufficient_quota"))
        else:
            self.reply(int(fault), error(fault))


def write_files(folder, port):
    suite = {"schema_version": 1, "name": "faults", "title": "t", "licence": "l", "source": "s",
             "protocols": [{"name": "generate", "mode": "generate", "prompt": "{question}", "scorer": "exact"}],
             "samples": [{"id": f"f{i}", "question": q, "gold": "4"} for i, q in enumerate(FAULTS)]}
    (folder / "faults.json").write_text(json.dumps(suite))
    spec = {"systems": [{"name": "bad", "adapter": "openai", "price": {"input": "1", "output": "2"},
                         "options": {"base_url": f"http://127.0.0.1:{port}/v1", "model": "m",
                                     "api_key_env": "PLANTED_API_KEY", "idle_timeout_s": 1}}],
            "suites": [{"suite": "./faults.json"}], "timeout_s": 20}
    (folder / "x.json").write_text(json.dumps(spec))


def main():
    checks = runs.Checks()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="pingjia-provider-") as name:
        folder = pathlib.Path(name)
        write_files(folder, server.server_address[1])
        done = runs.pingjia("run", "x.json", "--out", "run", cwd=folder,
                            environment={"PLANTED_API_KEY": KEY})
        checks.expect(done.returncode == 0, f"the run ends normally: {done.returncode} {done.stderr}")
        seen = {r["request"]["messages"][-1]["content"]: r["completion"].get("failure", {}).get("class")
                for r in runs.records(folder / "run")}
        for fault, kind in FAULTS.items():
            checks.expect(seen.get(fault, "no record") == kind, f"{fault}: {kind}, not {seen.get(fault)}")
        checks.expect(len(runs.records(folder / "run")) == len(FAULTS), "one record each")
        checks.expect(runs.metric(folder / "run", "bad", "faults/generate", "accuracy") == 1,
                      "failures are not wrong answers")
        checks.expect(any(key == f"Bearer {KEY}" for key in Provider.keys), "the key reached the provider")
        streams = done.stdout + done.stderr
        checks.expect(KEY not in streams, "the key is on no standard stream")
        for file in (folder / "run").rglob("*"):
            if file.is_file():
                checks.expect(KEY.encode() not in file.read_bytes(), f"the key is not in {file.name}")
    checks.done()


main()
