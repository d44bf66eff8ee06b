"""The body of a request, as one JSON object that is safe to keep."""

import base64
import json
import re
from typing import NoReturn

from lambdas.users.http.errors import InvalidRequest

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32

UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


def json_object(body: str | None, *, base64_encoded: bool, max_bytes: int = MAX_BYTES) -> dict[str, object]:
    """Return the object that a body holds: `max_bytes` of UTF-8, 32 levels at most, no key given twice.

    Raises InvalidRequest: with status 413 for a body that is too long, with 400 for every other fault.
    """
    text = _text(body or "", base64_encoded=base64_encoded, max_bytes=max_bytes)
    try:
        document = _DECODER.decode(text)
    except RecursionError:
        raise InvalidRequest(f"The body is nested deeper than {MAX_DEPTH} levels") from None
    except ValueError:  # a syntax error, or an integer of more digits than Python converts
        raise InvalidRequest("The body is not valid JSON") from None
    if not isinstance(document, dict):
        raise InvalidRequest("The body is not a JSON object")
    # Only an escape can bring in what UTF-8 and the syntax of JSON keep out; most bodies have none.
    if "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH:
        _inspect(document)
    return document


def _text(body: str, *, base64_encoded: bool, max_bytes: int) -> str:
    """Undo what API Gateway does to a body that is not text, and hold it to its length."""
    try:
        octets = base64.b64decode(body, validate=True) if base64_encoded else body.encode()
        if len(octets) > max_bytes:
            raise InvalidRequest(f"The body is longer than {max_bytes} bytes", status=413)
        return octets.decode()
    except ValueError:
        raise InvalidRequest("The body is not UTF-8 text") from None


def _inspect(document: object) -> None:
    """Refuse too many levels, NUL and lone surrogates, one level at a time: recursion is what is in doubt."""
    level, depth = [document], 1
    while level:
        below: list[object] = []
        for value in level:
            if isinstance(value, str) and UNKEEPABLE.search(value):
                raise InvalidRequest("The body holds NUL or half a surrogate pair")
            if isinstance(value, dict | list):
                if depth > MAX_DEPTH:
                    raise InvalidRequest(f"The body is nested deeper than {MAX_DEPTH} levels")
                below.extend(value)
            if isinstance(value, dict):
                below.extend(value.values())
        level, depth = below, depth + 1


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of its members, none of which may be given twice (RFC 7493, section 2.3)."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidRequest("The body gives a key twice")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise InvalidRequest("The body is not valid JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
