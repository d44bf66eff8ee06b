"""Which headers a request or an answer keeps on its way through another server."""

from __future__ import annotations

from multidict import CIMultiDict, CIMultiDictProxy

# RFC 9110, section 7.6.1: these speak of one connection and are not forwarded.
HOP_BY_HOP = frozenset(("connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"))
# What the client library would add of its own.
NOT_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


def end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """Return the headers without those that speak of one connection, or that such a one names.

    https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
    """
    named = {name.strip().lower() for name in ",".join(headers.getall("Connection", ())).split(",")}
    return CIMultiDict((name, v) for name, v in headers.items() if name.lower() not in HOP_BY_HOP | named)
