"""DNS messages as bytes: what a server answers to a packet, and what a resolver asks and reads (RFC 1035).

Only A is answered with values: a Region stands behind an IPv4 address here. An answer without values carries
no SOA, so nobody keeps it (RFC 2308, section 5).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dnslib import (  # type: ignore[import-untyped]
    CLASS,
    EDNS0,
    OPCODE,
    QR,
    QTYPE,
    RCODE,
    RR,
    A,
    DNSError,
    DNSRecord,
)

from pipeline.local.dns.records import Answer

Lookup = Callable[[str], Answer | None]

UDP_SIZE = 1232  # what passes everywhere unfragmented: https://www.dnsflagday.net/2020/


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server said: addresses that hold for `ttl_s`, or none; `failed` is that it could not say."""

    addresses: tuple[str, ...]
    ttl_s: int
    failed: bool


def answer(packet: bytes, lookup: Lookup, time_scale: float) -> bytes | None:
    """Return what to send back for a packet, None where it is none to answer.

    Args:
        lookup: the answer for A and a name; None is a name outside of the zone, which is refused.
        time_scale: divides TTLs, which are whole seconds on the wire: they are rounded up.
    """
    query = _parsed(packet)
    if query is None or query.header.qr == QR.RESPONSE:
        return None
    reply = query.reply(ra=0, aa=0)
    if any(record.rtype == QTYPE.OPT for record in query.ar):
        reply.add_ar(EDNS0(udp_len=UDP_SIZE))
    reply.header.rcode = RCODE.NOERROR
    if query.header.opcode != OPCODE.QUERY:
        reply.header.rcode = RCODE.NOTIMP
    elif len(query.questions) != 1:
        reply.header.rcode = RCODE.FORMERR
    else:
        _fill(reply, lookup, time_scale)
    return bytes(reply.pack())


def _fill(reply: DNSRecord, lookup: Lookup, time_scale: float) -> None:
    question = reply.q
    found = lookup(str(question.qname)) if question.qclass == CLASS.IN else None
    if found is None:
        reply.header.rcode = RCODE.REFUSED
        return
    reply.header.aa = 1
    if not found.exists:
        reply.header.rcode = RCODE.NXDOMAIN
    elif question.qtype == QTYPE.A:
        ttl = math.ceil(found.ttl_s / time_scale)
        for value in found.values:
            reply.add_answer(RR(question.qname, QTYPE.A, ttl=ttl, rdata=A(value)))


def question(name: str) -> bytes:
    """Return a packet that asks for the A records of a name, under an id of its own."""
    return bytes(DNSRecord.question(name, "A").pack())


def read_reply(packet: bytes, asked: bytes) -> Reply | None:
    """Return what a packet says to the question that was asked, None where it does not answer that."""
    reply, query = _parsed(packet), DNSRecord.parse(asked)
    if reply is None or reply.header.qr != QR.RESPONSE or reply.header.id != query.header.id:
        return None
    if [question.qname for question in reply.questions] != [query.q.qname]:
        return None
    found = [record for record in reply.rr if record.rtype == QTYPE.A]
    return Reply(
        addresses=tuple(str(record.rdata) for record in found),
        ttl_s=min((record.ttl for record in found), default=0),
        failed=reply.header.rcode not in (RCODE.NOERROR, RCODE.NXDOMAIN),
    )


def _parsed(packet: bytes) -> DNSRecord | None:
    try:
        return DNSRecord.parse(packet)
    except DNSError:
        return None
