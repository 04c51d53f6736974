"""A headless Chromium driven over its DevTools pipe, with Python's standard library alone."""

import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--disable-dev-shm-usage", "--disable-extensions",
]


class BrowserError(Exception):
    """The browser did not start, died, or refused a command."""


class Browser:
    """One browser with one page. Use as a context manager: the process and its profile go."""

    def __init__(self, program, timeout=60):
        self.timeout = timeout
        self.events = []
        self._buffer = b""
        self._next = 0
        self._profile = tempfile.mkdtemp(prefix="pingjia-browser-")
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()
        # Chromium reads descriptor 3 and writes 4; ours must not be those already.
        child_in, child_out = (self._above(end) for end in (child_in, child_out))
        self._pid = os.posix_spawn(
            program, [program, *FLAGS, "--user-data-dir=" + self._profile, "about:blank"],
            {**os.environ, "HOME": self._profile},
            file_actions=[(os.POSIX_SPAWN_DUP2, child_in, 3), (os.POSIX_SPAWN_DUP2, child_out, 4),
                          (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)],
            setpgroup=0)
        os.close(child_in)
        os.close(child_out)
        self._session = None
        pages = self.call("Target.getTargets")["targetInfos"]
        page = next((target for target in pages if target["type"] == "page"), None)
        if page is None:
            raise BrowserError("the browser has no page")
        self._session = self.call("Target.attachToTarget", targetId=page["targetId"],
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    @staticmethod
    def _above(descriptor):
        copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
        os.close(descriptor)
        return copy

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in (self._out, self._in):
            os.close(end)
        try:
            os.killpg(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self._pid, 0)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _message(self, deadline):
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise BrowserError(f"the browser did not answer within {self.timeout} s")
            data = os.read(self._in, 1 << 20)
            if not data:
                raise BrowserError("the browser ended")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **params):
        """The result of one command; events that come meanwhile are kept in `events`."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data):]
        deadline = time.monotonic() + self.timeout
        while True:
            answer = self._message(deadline)
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def wait_for(self, method):
        """The next event of that name, from those already kept or still to come."""
        deadline = time.monotonic() + self.timeout
        seen = 0
        while True:
            for event in self.events[seen:]:
                if event["method"] == method:
                    return event
            seen = len(self.events)
            self.events.append(self._message(deadline))

    def open(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def view(self, width, height, dark=False, media=""):
        """A window of that size; `media` is "print" or empty."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError("evaluate: " + json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")


def find_chromium():
    """The browser's path, or None."""
    return shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
