"""How text that people type is made comparable."""

import unicodedata

SEARCH_KEY_CHARACTERS = 200


def normalised_email(text: str) -> str:
    """Return the one spelling under which an email is stored, compared and shown.

    NFKC and lower case, as RFC 5895 maps a domain, without surrounding space. Not casefold: it would turn `ß`
    into `ss`, which is the address of somebody else. Lower case can take a text out of NFKC, hence the second
    time: to normalise what is normalised changes nothing.
    """
    lower = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFKC", lower).strip()


def search_key(name: str) -> str:
    """Return the name without case and accents, in 1 to 200 characters of at most 4 bytes each.

    The bound matters: one character may decompose into eighteen, and a key has a largest size wherever it is
    indexed. A name that is nothing but accents keeps them, since a key is never empty.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return (bare or folded)[:SEARCH_KEY_CHARACTERS]
