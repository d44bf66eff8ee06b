"""What a Region's process asks the process of another Region, below `/_local/`."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

TIMEOUT_S = 5.0
COPY_TIMEOUT_S = 120.0
UNREACHABLE = (OSError, http.client.HTTPException, ValueError)


class PeerRefusedError(Exception):
    """The other Region answered that it cannot, and why."""


class Peer:
    """Another Region's process, on a port of loopback. All of its methods wait, so not on the loop."""

    def __init__(self, port: int) -> None:
        self._port = port

    def has(self, table: str) -> bool:
        """Tell whether it answers that it has the table `account/name`."""
        try:
            return table in self._get("tables")["tables"]
        except UNREACHABLE:
            return False

    def lacks(self, table: str) -> bool:
        """Tell whether it answers that it has no table `account/name`."""
        try:
            return table not in self._get("tables")["tables"]
        except UNREACHABLE:
            return False

    def has_read(self, region: str, sequence: int) -> bool:
        """Tell whether it has taken what the journal of `region` has up to a sequence number."""
        try:
            followed = self._get("status")["replication"]
        except UNREACHABLE:
            return False
        return any(each["peer"] == region and each["position"] >= sequence for each in followed)

    def send(self, what: str, query: Mapping[str, str], content: bytes) -> None:
        """Post content below `/_local/`, and return once the other Region has it on its disk.

        Raises:
            PeerRefusedError: it does not take it.
            OSError: it cannot be reached, or does not answer.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=COPY_TIMEOUT_S)
        try:
            connection.request("POST", f"/_local/{what}?{urlencode(query)}", body=content)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise PeerRefusedError(json.loads(body)["error"])
        except (http.client.HTTPException, ValueError) as error:
            raise OSError(f"the other Region does not answer: {error}") from error
        finally:
            connection.close()

    def _get(self, what: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", f"/_local/{what}")
            answer = connection.getresponse()
            if answer.status != 200:
                raise ValueError(f"GET {what} was answered {answer.status}")
            found: dict[str, Any] = json.loads(answer.read())
            return found
        finally:
            connection.close()
