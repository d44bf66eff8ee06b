"""Requests that may be sent again: Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).

Only a success is remembered. A request that was refused changed nothing, and is judged anew.
"""

import hashlib
import re
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.version import timestamp
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"

_PRINTABLE = re.compile(r"[\x20-\x7e]{1,128}")
_NAMESPACE = UUID("0f4c9a52-6d5b-4c1e-9a55-5b0f6d3f7a10")


class IdempotencyKey(Struct, frozen=True):
    """A key that a client chose; what is kept of it is a digest, since it might be about somebody."""

    text: str

    def user_id(self, index: int | None = None) -> str:
        """Return the id of the user that the request creates, or of the one at an index of a batch.

        It is the same in every region, so a repeat meets the first user wherever it goes.
        """
        single = uuid5(_NAMESPACE, self.text)
        return str(single if index is None else uuid5(single, str(index)))

    def receipt(self, request: Request, document: object, *, at: datetime, region: str) -> Receipt:
        """Return the receipt of a request whose body holds a document; members may be in any order."""
        asked = f"{request.method} {request.resource}\n".encode()
        digest = hashlib.sha256(asked + msgspec.json.encode(document, order="sorted")).hexdigest()
        key = hashlib.sha256(self.text.encode()).hexdigest()
        return Receipt(key=key, digest=digest, at=timestamp(at), region=region)


def key_of(request: Request) -> IdempotencyKey | None:
    """Return the key of a request, if it has one; raises InvalidRequest for text that cannot be a key."""
    text = request.headers.get(HEADER.lower())
    if text is None:
        return None
    if not _PRINTABLE.fullmatch(text):
        raise InvalidRequest(f"The header {HEADER} is not 1 to 128 printable ASCII characters")
    return IdempotencyKey(text)


def same(first: Receipt, again: Receipt | None) -> Receipt:
    """Return the first receipt of a key; raises InvalidRequest, a 422, where it is for something else."""
    if again is None or first.digest != again.digest:
        raise InvalidRequest(f"The {HEADER} was used for another request", status=422)
    return first


def replayed(response: Response) -> Response:
    """Return an answer, marked as that to an earlier request."""
    return msgspec.structs.replace(response, headers={**response.headers, REPLAYED: "true"})
