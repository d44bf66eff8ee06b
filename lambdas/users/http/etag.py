"""Entity tags (RFC 9110, section 8.8.3): a user's is its version_id, so a tag names one version for ever."""

import re

from lambdas.users.domain.user import User
from lambdas.users.http.errors import InvalidRequest

_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
_TAGS = re.compile(_TAG)
# Possessive, so that no text of many commas and blanks takes more than linear time.
_LIST = re.compile(rf"[ \t]*+(?:{_TAG}[ \t]*+)?(?:,[ \t]*+(?:{_TAG}[ \t]*+)?)*+")


def etag(user: User) -> str:
    """Return the strong entity tag of a user, quotes included."""
    return f'"{user.version.version_id}"'


def is_fresh(if_none_match: str | None, user: User) -> bool:
    """Tell whether an If-None-Match header is `*` or lists the user's tag, weak or not (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or any(
        tag == user.version.version_id for _, tag in _TAGS.findall(if_none_match)
    )


def require_match(if_match: str | None, user: User) -> None:
    """Let a write pass whose If-Match header is absent, `*`, or lists the user's tag (RFC 9110, 13.1.1).

    Raises InvalidRequest with status 412 where the user is at another version; a weak tag matches none. What
    is no list of tags, such as a tag without its quotes, has status 400: a client who was told 412 would read
    the user again, and fail again.
    """
    if if_match is None or if_match.strip() == "*":
        return
    tags = _TAGS.findall(if_match)
    if not tags or not _LIST.fullmatch(if_match):
        raise InvalidRequest("The header If-Match is not a list of entity tags")
    if ("", user.version.version_id) not in tags:
        raise InvalidRequest("The user is at another version", status=412)
