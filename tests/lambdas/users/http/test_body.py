import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.users.http.body import MAX_BYTES, json_object
from lambdas.users.http.errors import InvalidRequest

FILLER = MAX_BYTES - len('{"name":""}')
WIDE = 40


def nested(levels: int) -> str:
    """Write an object that is `levels` deep, itself included."""
    return '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1)


def refused(body: str | None, *, base64_encoded: bool = False) -> int:
    with pytest.raises(InvalidRequest) as refusal:
        json_object(body, base64_encoded=base64_encoded)
    return refusal.value.status


@pytest.mark.parametrize(
    ("body", "document"),
    [
        ("{}", {}),
        (' {"name": "Ada", "age": 36} ', {"name": "Ada", "age": 36}),
        ('{"name": "Zoë"}', {"name": "Zoë"}),
        (r'{"name": "\u00e9\ud83d\ude00"}', {"name": "é😀"}),
        (r'{"name": "\\u0000"}', {"name": r"\u0000"}),
        (nested(32), json.loads(nested(32))),
        (json.dumps({"a": [[]] * WIDE}), {"a": [[]] * WIDE}),
        (json.dumps({"a": "[" * 100}), {"a": "[" * 100}),
        ('{"name":"%s"}' % ("x" * FILLER), {"name": "x" * FILLER}),
    ],
)
def test_an_object_is_read(body: str, document: object) -> None:
    assert json_object(body, base64_encoded=False) == document
    assert json_object(base64.b64encode(body.encode()).decode(), base64_encoded=True) == document


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "{",
        "name=Ada",
        "null",
        "7",
        '"text"',
        "[]",
        "[{}]",
        '{"name": "Ada"} {}',
        "{'name': 'Ada'}",
        '{"name": "Ada",}',
        '\ufeff{"name": "Ada"}',
        '{"age": NaN}',
        '{"age": Infinity}',
        '{"age": -Infinity}',
        '{"age": 01}',
        '{"name": "Ada", "name": "Grace"}',
        '{"a": {"b": 1, "b": 1}}',
        r'{"name": "Ada", "n\u0061me": "Grace"}',
        r'{"name": "\ud800"}',
        r'{"\udfff": 1}',
        '{"name": "\ud800"}',
        r'{"name": "\u0000"}',
        r'{"unknown": [{"a": ["\u0000"]}]}',
        '{"name": "\0"}',
        '{"age": ' + "9" * 5000 + "}",
        nested(33),
        '{"a":' + "[" * 32 + "]" * 32 + "}",
        '{"a":' * 12_000,
        "[" * 60_000,
    ],
    ids=lambda body: repr(body)[:32],
)
def test_what_is_not_a_safe_object_is_a_bad_request(body: str | None) -> None:
    assert refused(body) == 400


@pytest.mark.parametrize(
    "octets", [b"\xff", b'{"name": "\xe9"}', b'{"name": "\xed\xa0\x80"}', b"\xff\xfe{\0}\0"]
)
def test_a_body_that_is_not_utf_8_is_a_bad_request(octets: bytes) -> None:
    assert refused(base64.b64encode(octets).decode(), base64_encoded=True) == 400


@pytest.mark.parametrize("body", ["{}", "e30", "e30=é"])
def test_a_body_that_is_said_to_be_base64_and_is_not_is_a_bad_request(body: str) -> None:
    assert refused(body, base64_encoded=True) == 400


def test_a_body_is_measured_in_bytes_not_in_characters() -> None:
    body = '{"name":"%s"}' % ("é" * (FILLER // 2 + 1))
    assert len(body) < MAX_BYTES
    assert refused(body) == 413


def test_one_byte_too_many_is_too_large_and_is_not_parsed() -> None:
    body = "[" * (MAX_BYTES + 1)
    assert refused(body) == 413
    assert refused(base64.b64encode(body.encode()).decode(), base64_encoded=True) == 413


json_text = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec=None)), inner),
).map(json.dumps)


@given(st.one_of(st.text(st.characters(codec=None)), json_text), st.booleans())
def test_any_text_is_an_object_or_a_refusal(body: str, encoded: bool) -> None:
    object_or_refusal(body, encoded=encoded)


@given(st.one_of(st.binary(), json_text.map(str.encode)))
def test_any_bytes_are_an_object_or_a_refusal(octets: bytes) -> None:
    object_or_refusal(base64.b64encode(octets).decode(), encoded=True)


def object_or_refusal(body: str, *, encoded: bool) -> None:
    try:
        document = json_object(body, base64_encoded=encoded)
    except InvalidRequest as refusal:
        assert refusal.status in {400, 413}
    else:
        assert isinstance(document, dict)
        text = json.dumps(document, ensure_ascii=False)
        assert "\0" not in text
        text.encode()
