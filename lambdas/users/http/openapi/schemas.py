"""JSON schemas of the types in the document."""

from collections.abc import Iterable
from typing import Any

import msgspec

_TEMPLATE = "#/components/schemas/{name}"


def schema(annotation: Any) -> dict[str, Any]:  # noqa: ANN401  # a type annotation is any object
    """Return the schema of a type, in which structs are references; a tuple of types is a choice."""
    if isinstance(annotation, tuple):
        return {"anyOf": [schema(part) for part in annotation]}
    ((found,), _) = msgspec.json.schema_components([annotation], ref_template=_TEMPLATE)
    return found


def components(annotations: Iterable[Any]) -> dict[str, Any]:
    """Return the schemas of all structs that some types are made of, by name."""
    types = [part for each in annotations for part in (each if isinstance(each, tuple) else (each,))]
    _, found = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    for struct in found.values():
        for name, field in struct.get("properties", {}).items():
            if name.lower() == "name" and "minLength" in field:
                field["pattern"] = r"\S"  # the length counts after trimming
    return dict(sorted(found.items()))
