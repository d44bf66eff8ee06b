"""One look at an endpoint, as a Route 53 health checker takes it.

An HTTPS check goes over plain HTTP to the loopback port of the API's stage: TLS is not emulated here, so
neither is a failure of it. As on AWS each look is a connection of its own.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a checker waits: to connect, and from then on for the status, in seconds.

    No time scale divides these: a function takes the time that it takes, however fast time runs for others.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """

    connect_s: float = 4
    answer_s: float = 2


async def look(url: str, patience: Patience) -> tuple[bool, str]:
    """Return whether the endpoint is well, a status of 2xx or 3xx in time, and what was seen."""
    target = urlsplit(url)
    try:
        async with asyncio.timeout(patience.connect_s):
            reader, writer = await asyncio.open_connection(target.hostname, target.port)
    except TimeoutError:
        return False, f"no connection within {patience.connect_s:g} s"
    except OSError as error:
        return False, f"no connection: {error.strerror or error}"
    try:
        async with asyncio.timeout(patience.answer_s):
            writer.write(
                f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nAccept: */*\r\n"
                "User-Agent: Amazon-Route53-Health-Check-Service\r\nConnection: close\r\n\r\n".encode()
            )
            return _judged(await reader.readline())
    except TimeoutError:
        return False, f"no answer within {patience.answer_s:g} s"
    except (OSError, ValueError) as error:
        return False, f"no answer: {error}"
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _judged(line: bytes) -> tuple[bool, str]:
    found = STATUS_LINE.match(line)
    if found is None:
        return False, "the answer is not HTTP" if line else "closed without an answer"
    status = int(found[1])
    return 200 <= status < 400, f"HTTP {status}"
