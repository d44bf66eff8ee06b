"""Opaque cursors: where a listing goes on, and which listing that is."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from lambdas.users.domain.page import Position
from lambdas.users.domain.user import UserId
from lambdas.users.http.errors import InvalidRequest

MAX_CHARACTERS = 2048
# Whatever a forged cursor says, an index can be asked for it.
SortText = Annotated[str, Meta(min_length=1, max_length=200)]
_DIGEST_CHARACTERS = 16


class _Cursor(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a cursor says."""

    digest: str
    value: int | str
    user_id: UserId


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One operation with its parameters, and the type that the values of its positions have.

    The limit is no parameter: a client may change it from page to page. A cursor holds a digest of both, and
    no signature: whoever works one out sees what they may list anyhow. It is the same in every region.
    """

    operation: str
    parameters: tuple[str | int, ...] = ()
    value: Any = SortText

    def cursor(self, after: Position | None) -> str | UnsetType:
        """Return the cursor of a position: up to 2,048 letters, digits, hyphens and underscores."""
        if after is None:
            return UNSET
        document = msgspec.json.encode(_Cursor(self._digest(after), after.value, after.user_id))
        return base64.urlsafe_b64encode(document).decode().rstrip("=")

    def position(self, cursor: str | UnsetType) -> Position | None:
        """Return the position of a cursor; raises InvalidRequest unless this listing gave it out."""
        if cursor is UNSET:
            return None
        try:
            octets = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            read = msgspec.json.decode(octets, type=_Cursor)
            position = Position(msgspec.convert(read.value, self.value), read.user_id)
        except ValueError:
            raise _foreign() from None
        if self.cursor(position) != cursor:  # its digest is another's, or it is spelled in another way
            raise _foreign()
        return position

    def _digest(self, position: Position) -> str:
        """Tie a position to the listing."""
        subject = (self.operation, self.parameters, position.value, position.user_id)
        return hashlib.sha256(msgspec.json.encode(subject)).hexdigest()[:_DIGEST_CHARACTERS]


def _foreign() -> InvalidRequest:
    """Refuse a cursor that was forged, cut short, or given out by another listing."""
    return InvalidRequest("Invalid parameter: 'cursor' is not one that this listing gave out")
