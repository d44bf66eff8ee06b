"""The requests of `requests.http`, and what each should be answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import httpx

WALK = Path(__file__).with_name("requests.http")
REQUEST = re.compile(
    r"^### (?P<title>.+)\n# expect (?P<status>\d{3}) \"(?P<text>.+)\"\n(?P<method>[A-Z]+) (?P<url>\S+)\n"
    r"(?P<headers>(?:[\w-]+: .+\n)*)(?:\n(?P<body>[^#]+))?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Step:
    """One request of the walk and what it should be answered."""

    title: str
    status: int
    text: str
    request: httpx.Request

    @property
    def reads_an_index(self) -> bool:
        """Tell whether the answer may be a moment behind: an index follows its table."""
        return "/query" in str(self.request.url)


def steps(base: str, run: str) -> list[Step]:
    text = WALK.read_text().replace("{{base}}", base).replace("{{run}}", run)
    return [
        Step(
            title=found["title"],
            status=int(found["status"]),
            text=found["text"],
            request=httpx.Request(
                found["method"],
                found["url"],
                headers=dict(line.split(": ", 1) for line in found["headers"].splitlines()),
                content=(found["body"] or "").strip().encode() or None,
            ),
        )
        for found in REQUEST.finditer(text)
    ]
