"""What goes over the wire is DNS as another implementation of it reads and writes it."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.dns import wire
from pipeline.local.dns.records import Answer, canonical

NAMES = {
    "users.local.example.": Answer(exists=True, values=("127.83.0.1",), ttl_s=60),
    "many.local.example.": Answer(exists=True, values=("10.0.0.1", "10.0.0.2"), ttl_s=5),
    "empty.local.example.": Answer(exists=True),
}


def lookup(name: str) -> Answer | None:
    name = canonical(name)
    return NAMES.get(name, Answer(exists=False)) if name.endswith("local.example.") else None


def asked(query: dns.message.Message, time_scale: float = 1) -> dns.message.Message:
    packet = wire.answer(query.to_wire(), lookup, time_scale)
    assert packet is not None
    answer = dns.message.from_wire(packet)
    assert query.is_response(answer)
    return answer


def test_a_name_is_answered_with_authority_and_its_ttl() -> None:
    answer = asked(dns.message.make_query("users.local.example", "A"))
    assert answer.rcode() == dns.rcode.NOERROR
    assert [rrset.to_text() for rrset in answer.answer] == ["users.local.example. 60 IN A 127.83.0.1"]
    assert answer.flags & dns.flags.AA
    assert not answer.flags & dns.flags.RA


def test_every_value_is_answered() -> None:
    (rrset,) = asked(dns.message.make_query("many.local.example", "A")).answer
    assert sorted(record.to_text() for record in rrset) == ["10.0.0.1", "10.0.0.2"]


def test_case_is_kept_as_it_was_asked() -> None:
    (rrset,) = asked(dns.message.make_query("uSERS.Local.example", "A")).answer
    assert rrset.name.to_text() == "uSERS.Local.example."


@pytest.mark.parametrize(
    ("time_scale", "ttl_s"), [(1, 60), (10, 6), (0.5, 120), (50, 2), (7, 9), (60, 1), (1000, 1)]
)
def test_the_time_scale_divides_ttls_and_whole_seconds_are_rounded_up(time_scale: float, ttl_s: int) -> None:
    (rrset,) = asked(dns.message.make_query("users.local.example", "A"), time_scale).answer
    assert rrset.ttl == ttl_s


@pytest.mark.parametrize(
    ("name", "type", "code"),
    [
        ("users.local.example", "AAAA", dns.rcode.NOERROR),
        ("users.local.example", "TXT", dns.rcode.NOERROR),
        ("users.local.example", "TYPE65280", dns.rcode.NOERROR),
        ("users.local.example", "ANY", dns.rcode.NOERROR),
        ("empty.local.example", "A", dns.rcode.NOERROR),
        ("other.local.example", "A", dns.rcode.NXDOMAIN),
        ("other.local.example", "AAAA", dns.rcode.NXDOMAIN),
        ("example.org", "A", dns.rcode.REFUSED),
        (".", "NS", dns.rcode.REFUSED),
    ],
)
def test_what_has_no_address_is_answered_with_the_reason(name: str, type: str, code: dns.rcode.Rcode) -> None:
    answer = asked(dns.message.make_query(name, type))
    assert (answer.rcode(), answer.answer, answer.authority) == (code, [], [])
    assert bool(answer.flags & dns.flags.AA) == (code != dns.rcode.REFUSED)


def test_another_class_is_refused() -> None:
    query = dns.message.make_query("users.local.example", "A", dns.rdataclass.CH)
    assert asked(query).rcode() == dns.rcode.REFUSED


def test_an_update_is_not_implemented() -> None:
    query = dns.message.make_query("users.local.example", "A")
    query.set_opcode(dns.opcode.STATUS)
    assert asked(query).rcode() == dns.rcode.NOTIMP


def test_a_query_without_a_question_is_malformed() -> None:
    packet = wire.answer(dns.message.Message(id=7).to_wire(), lookup, 1)
    assert packet is not None
    assert dns.message.from_wire(packet).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize("edns", [-1, 0])
def test_extended_dns_is_answered_in_kind(edns: int) -> None:
    answer = asked(dns.message.make_query("users.local.example", "A", use_edns=edns))
    assert answer.edns == edns
    assert answer.payload == (0 if edns < 0 else wire.UDP_SIZE)


def test_an_answer_is_not_answered() -> None:
    response = dns.message.make_response(dns.message.make_query("users.local.example", "A"))
    assert wire.answer(response.to_wire(), lookup, 1) is None


@given(st.binary(max_size=80))
def test_noise_is_not_answered_or_is_answered_with_dns(packet: bytes) -> None:
    answer = wire.answer(packet, lookup, 1)
    assert answer is None or answer[:2] == packet[:2]


@given(st.data())
def test_a_damaged_query_harms_nobody(data: st.DataObject) -> None:
    packet = bytearray(wire.question("users.local.example."))
    for _ in range(data.draw(st.integers(1, 4))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
    answer = wire.answer(bytes(packet), lookup, 1)
    assert answer is None or answer[:2] == bytes(packet[:2])


def test_a_question_is_one_for_an_address() -> None:
    query = dns.message.from_wire(wire.question("users.local.example."))
    assert [rrset.to_text() for rrset in query.question] == ["users.local.example. IN A"]
    assert query.flags & dns.flags.RD


def reply(question: bytes, code: dns.rcode.Rcode, *answers: str) -> dns.message.Message:
    message = dns.message.make_response(dns.message.from_wire(question))
    message.set_rcode(code)
    message.answer = [dns.rrset.from_text(*line.split(" ")) for line in answers]  # type: ignore[arg-type]
    return message


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        (
            dns.rcode.NOERROR,
            ["a.b. 9 IN A 10.0.0.1", "a.b. 7 IN A 10.0.0.2"],
            wire.Reply(addresses=("10.0.0.1", "10.0.0.2"), ttl_s=7, failed=False),
        ),
        (
            dns.rcode.NOERROR,
            ["a.b. 9 IN CNAME c.b.", "c.b. 8 IN A 10.0.0.1"],
            wire.Reply(addresses=("10.0.0.1",), ttl_s=8, failed=False),
        ),
        (dns.rcode.NOERROR, [], wire.Reply(addresses=(), ttl_s=0, failed=False)),
        (dns.rcode.NXDOMAIN, [], wire.Reply(addresses=(), ttl_s=0, failed=False)),
        (dns.rcode.REFUSED, [], wire.Reply(addresses=(), ttl_s=0, failed=True)),
        (dns.rcode.SERVFAIL, [], wire.Reply(addresses=(), ttl_s=0, failed=True)),
    ],
)
def test_a_reply_is_read(code: dns.rcode.Rcode, answers: list[str], expected: wire.Reply) -> None:
    question = wire.question("a.b.")
    assert wire.read_reply(reply(question, code, *answers).to_wire(), question) == expected


def test_only_the_reply_to_the_question_counts() -> None:
    question = wire.question("a.b.")
    other_id = reply(question, dns.rcode.NOERROR)
    other_id.id ^= 1
    other_name = reply(wire.question("x.b."), dns.rcode.NOERROR)
    other_name.id = dns.message.from_wire(question).id
    for packet in (other_id.to_wire(), other_name.to_wire(), question, b"", b"\0" * 12):
        assert wire.read_reply(packet, question) is None
