"""A headless Chromium, driven over WebDriver with nothing but the standard library."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_OPTIONS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-component-update",
]  # fmt: skip


class Browser:
    """One session; sizes are in CSS pixels."""

    def __init__(self, address: str) -> None:
        self._address = address
        options = {"binary": shutil.which("chromium"), "args": _OPTIONS}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{made['sessionId']}"

    def open(self, page: Path, width: int, height: int = 900) -> None:
        """Open a file in a window so wide."""
        self._devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        self._call("POST", f"{self._session}/url", {"url": page.as_uri()})

    def run(self, script: str, *args: Any) -> Any:
        """What a script returns."""
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": list(args)})

    def run_async(self, script: str) -> Any:
        """What a script hands to its callback."""
        return self._call("POST", f"{self._session}/execute/async", {"script": script, "args": []})

    def log(self, kind: str = "browser") -> list[dict[str, Any]]:
        """Messages since the last call: `browser` is the console, `performance` has every request."""
        return self._call("POST", f"{self._session}/se/log", {"type": kind})

    def requests(self) -> list[str]:
        """Addresses asked for since the last call."""
        events = [json.loads(e["message"])["message"] for e in self.log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def picture(self, path: Path) -> None:
        """The whole page as PNG."""
        shown = self._devtools("Page.captureScreenshot", {"captureBeyondViewport": True})
        path.write_bytes(base64.b64decode(shown["data"]))

    def print(self, path: Path) -> None:
        """The page as PDF on A4."""
        made = self._devtools("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
        path.write_bytes(base64.b64decode(made["data"]))

    def media(self, kind: str) -> None:
        """Show as `print` or `screen`."""
        self._devtools("Emulation.setEmulatedMedia", {"media": kind})

    def close(self) -> None:
        """End the session."""
        self._call("DELETE", self._session)

    def _devtools(self, command: str, params: dict[str, Any]) -> Any:
        return self._call("POST", f"{self._session}/goog/cdp/execute", {"cmd": command, "params": params})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._address + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for a test; skips where there is none."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("Chromium is not installed")
    with subprocess.Popen(
        ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as driver:
        try:
            found = Browser(f"http://127.0.0.1:{_port(driver)}")
            try:
                yield found
            finally:
                found.close()
        finally:
            driver.kill()  # it may never answer to SIGTERM


def _port(driver: subprocess.Popen[str]) -> int:
    """The port that chromedriver chose, from what it prints."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        line = driver.stdout.readline() if driver.stdout else ""
        if "successfully on port" in line:
            return int(line.rsplit("on port", 1)[1].strip(" .\n"))
    raise RuntimeError("chromedriver did not start")
