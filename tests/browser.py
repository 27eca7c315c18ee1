"""A headless Chromium, driven over its DevTools protocol: enough to open a page, wait for words, and take a picture."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

SECONDS = 60.0
"""What a page may take until it shows what it should; on a busy machine the first one takes ten."""

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    # Loopback alone: whatever else a page asks for is refused before a name is looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def program() -> str:
    """Chromium; where there is none the test is skipped, but on CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        says = "Chromium is not installed (apt-get install chromium)"
        pytest.fail(says) if "CI" in os.environ else pytest.skip(says)
    return found


class Page:
    """One tab. What is asked of it waits until the page is as wanted."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the protocol; events that come in between are left aside."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv(timeout=SECONDS))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer.get("result", {})

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)["result"].get(
            "value"
        )

    def open(self, address: str, *words: str) -> str:
        """Opens an address and waits until all these words stand on the page; returns its text."""
        self.ask("Page.navigate", url=address)
        return self.until(*words)

    def until(self, *words: str) -> str:
        """Waits until all these words stand on the page; returns its text."""
        end = time.monotonic() + SECONDS
        while True:
            text: str = self.evaluate("document.body ? document.body.innerText : ''") or ""
            missing = [word for word in words if word not in text]
            if not missing:
                return text
            assert time.monotonic() < end, f"{missing} do not stand on the page, but:\n{text[:3000]}"
            self.evaluate("new Promise(done => setTimeout(done, 100))")

    def size(self, width: int, height: int) -> None:
        """Makes the tab so large, in pixels."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def settle(self) -> None:
        """Waits until what moves on the page has come to rest: two seconds are enough for Prefect's charts."""
        self.evaluate("new Promise(done => setTimeout(done, 2000))")

    def picture(self) -> bytes:
        """The tab as it is, as a PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])


@contextmanager
def page(folder: Path, flags: Sequence[str] = ()) -> Iterator[Page]:
    """A tab of a browser with a profile of its own in `folder`."""
    words = [program(), *_FLAGS, "--window-size=1400,1000", f"--user-data-dir={folder}", *flags, "about:blank"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with connect(_tab(folder, process), max_size=None, compression=None, proxy=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _tab(folder: Path, process: subprocess.Popen[bytes]) -> str:
    """The address of the first tab's socket, once the browser is up."""
    end = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError):
            port = int((folder / "DevToolsActivePort").read_text().splitlines()[0])
            return _socket_of(port)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError(f"Chromium did not start (it ended with {process.poll()})")


def _socket_of(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
        tabs = json.load(answer)
    return next(str(tab["webSocketDebuggerUrl"]) for tab in tabs if tab["type"] == "page")
