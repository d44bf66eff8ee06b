"""Entity tags (RFC 9110, section 8.8.3): a user's is its version_id, so a tag names one version for ever."""

import re

from lambdas.users.domain.user import User

_OPAQUE_TAG = re.compile(r'"([\x21\x23-\x7e\x80-\xff]*)"')


def etag(user: User) -> str:
    """Return the strong entity tag of a user, quotes included."""
    return f'"{user.version.version_id}"'


def is_fresh(if_none_match: str | None, user: User) -> bool:
    """Tell whether an If-None-Match header is `*` or lists the user's tag, weak or not (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or user.version.version_id in _OPAQUE_TAG.findall(if_none_match)
