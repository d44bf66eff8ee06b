"""A headless browser on the PATH, and what is wrong with a page that it shows.

It is spoken to by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.waiting import eventually

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)
SEEN = """({
  text: document.body.checkVisibility() ? document.body.innerText.length : 0,
  scrolls: document.documentElement.scrollWidth - window.innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
  hatched: [...document.querySelectorAll("figure.lane")].filter(lane =>
    [...lane.querySelectorAll("rect, path")].some(shape => getComputedStyle(shape).fill.startsWith("url"))
  ).map(lane => lane.id),
  lanes: Object.fromEntries([...document.querySelectorAll("figure.lane")].map(lane => {
    const {width, height} = lane.querySelector("svg").getBoundingClientRect();
    return [lane.id, Math.min(width, height, lane.querySelector("figcaption").innerText.length)];
  })),
})"""


def path() -> str:
    """Return where a browser is; without one the test is skipped, and fails where CI runs."""
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is not None:
        return found
    reason = f"no browser is on the PATH; looked for {', '.join(NAMES)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(profile: Path) -> Iterator[str]:
    """Run a browser with a new profile, and give the address at which it is spoken to."""
    process = subprocess.Popen(  # noqa: S603  # the browser that was found
        [path(), *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = profile / "DevToolsActivePort"
        number, where = eventually(lambda: port.read_text().split() if port.exists() else [])
        yield f"ws://127.0.0.1:{number}{where}"
    finally:
        process.terminate()
        process.wait()


@dataclass(kw_only=True)
class Tab:
    """A page under way; `events` are all that the browser told of it."""

    socket: ClientWebSocketResponse
    session: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=count)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  # as the protocol has it
        """Call the browser, and return what it answers."""
        number = next(self._ids)
        session = {"sessionId": self.session} if self.session else {}
        await self.socket.send_json({"id": number, "method": method, "params": parameters, **session})
        while (message := await self.socket.receive_json()).get("id") != number:
            self.events.append(message)
        assert "error" not in message, message
        result: dict[str, Any] = message["result"]
        return result

    async def until(self, method: str) -> None:
        """Wait for an event."""
        while all(event["method"] != method for event in self.events):
            self.events.append(await self.socket.receive_json())


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a browser saw: `faults` are sentences, `background` tells the colour scheme.

    `hatched` are the lanes in which something is filled with a pattern.
    """

    faults: Sequence[str]
    lanes: frozenset[str]
    hatched: frozenset[str]
    background: str


def look(browser: str, url: str, *, dark: bool = False, width: int = 1280) -> Sight:
    """Show a page without a network, so many pixels wide, and say what is wrong with it."""
    return asyncio.run(asyncio.wait_for(_look(browser, url, dark=dark, width=width), timeout=60))


async def _look(browser: str, url: str, *, dark: bool, width: int) -> Sight:
    async with _tab(browser) as tab:
        for domain in ("Page", "Runtime", "Log", "Network"):
            await tab.call(f"{domain}.enable")
        await tab.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await tab.call("Emulation.setEmulatedMedia", features=[scheme])
        await tab.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        await tab.call("Page.navigate", url=url)
        await tab.until("Page.loadEventFired")
        answer = await tab.call("Runtime.evaluate", expression=SEEN, returnByValue=True)
    seen = answer["result"]["value"]
    return Sight(
        faults=[*_told(tab.events, url), *_shown(seen)],
        lanes=frozenset(seen["lanes"]),
        hatched=frozenset(seen["hatched"]),
        background=seen["background"],
    )


@asynccontextmanager
async def _tab(browser: str) -> AsyncIterator[Tab]:
    async with ClientSession() as client, client.ws_connect(browser, max_msg_size=0) as socket:
        outer = Tab(socket=socket)
        target = (await outer.call("Target.createTarget", url="about:blank"))["targetId"]
        attached = await outer.call("Target.attachToTarget", targetId=target, flatten=True)
        yield Tab(socket=socket, session=attached["sessionId"])
        await outer.call("Target.closeTarget", targetId=target)


def _told(events: Sequence[dict[str, Any]], url: str) -> Iterator[str]:
    """Yield what the browser complained of, and each request but that for the page."""
    for event in events:
        about = event.get("params", {})
        match event["method"]:
            case "Runtime.exceptionThrown":
                yield f"exception: {about['exceptionDetails']['text']}"
            case "Runtime.consoleAPICalled" if about["type"] in ("error", "warning", "assert"):
                yield f"console: {about['args']}"
            case "Log.entryAdded" if about["entry"]["level"] in ("error", "warning"):
                yield f"log: {about['entry']['text']}"
            case "Network.requestWillBeSent" if about["request"]["url"] != url:
                yield f"request: {about['request']['url']}"


def _shown(seen: dict[str, Any]) -> Iterator[str]:
    """Yield what cannot be seen."""
    if not seen["text"]:
        yield "no text is visible"
    if seen["scrolls"] > 0:
        yield f"the page is {seen['scrolls']} pixels too wide"
    yield from (f"{lane} is not visible" for lane, size in seen["lanes"].items() if size < 1)
