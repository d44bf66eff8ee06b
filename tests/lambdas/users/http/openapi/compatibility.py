"""Which changes to an OpenAPI document break the clients of the one before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
CEILINGS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
FLOORS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def breaking_changes(released: Json, current: Json) -> list[str]:
    """Say what breaks, each in a line; nothing does where the major number of the version moved."""
    if _major(released) != _major(current):
        return []
    return list(_paths(_inlined(released, released)["paths"], _inlined(current, current)["paths"]))


def _major(document: Json) -> str:
    return str(document["info"]["version"]).partition(".")[0]


def _inlined(node: Any, document: Json) -> Any:  # noqa: ANN401  # JSON
    """Replace references by what they refer to; no schema of ours contains itself."""
    if isinstance(node, list):
        return [_inlined(part, document) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" not in node:
        return {name: _inlined(part, document) for name, part in node.items() if name != "discriminator"}
    target: Any = document
    for name in node["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return _inlined(target, document)


def _paths(released: Json, current: Json) -> Iterator[str]:
    for path, operations in released.items():
        for method in filter(operations.__contains__, METHODS):
            name = f"{method.upper()} {path}"
            if method not in current.get(path, {}):
                yield f"{name} is gone"
            else:
                yield from _operation(name, operations[method], current[path][method])


def _operation(name: str, released: Json, current: Json) -> Iterator[str]:
    if released["operationId"] != current["operationId"]:
        yield f"{name} has another operationId"
    yield from _parameters(name, released.get("parameters", ()), current.get("parameters", ()))
    yield from _body(name, released.get("requestBody"), current.get("requestBody"))
    for status, response in released["responses"].items():
        if status not in current["responses"]:
            yield f"{name} answers {status} no more"
        else:
            yield from _response(f"{name} {status}", response, current["responses"][status])


def _parameters(name: str, released: Sequence[Json], current: Sequence[Json]) -> Iterator[str]:
    before = {(parameter["in"], parameter["name"]): parameter for parameter in released}
    after = {(parameter["in"], parameter["name"]): parameter for parameter in current}
    for key in before.keys() - after.keys():
        yield f"{name} takes {key[1]} no more"
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{name} requires {key[1]}"
        if key in before:
            yield from _narrower(f"{name} {key[1]}", before[key]["schema"], parameter["schema"])


def _body(name: str, released: Json | None, current: Json | None) -> Iterator[str]:
    if released is None or current is None:
        if released is not current:
            yield f"{name} takes {'a body' if released is None else 'no body'}"
        return
    for media_type, content in released["content"].items():
        if media_type not in current["content"]:
            yield f"{name} takes {media_type} no more"
        else:
            after = current["content"][media_type]["schema"]
            yield from _narrower(f"{name} body", content["schema"], after)


def _response(name: str, released: Json, current: Json) -> Iterator[str]:
    for header, described in released.get("headers", {}).items():
        after = current.get("headers", {}).get(header)
        if after is None or (described.get("required") and not after.get("required")):
            yield f"{name} may lack the header {header}"
    for media_type, content in released.get("content", {}).items():
        if media_type not in current.get("content", {}):
            yield f"{name} is {media_type} no more"
        else:
            yield from _wider(name, content["schema"], current["content"][media_type]["schema"])


def _narrower(name: str, released: Json, current: Json) -> Iterator[str]:
    """Say what a request may no longer hold."""
    yield from _alternatives(name, released, current, _narrower)
    if "type" in current and current["type"] != released.get("type"):
        yield f"{name} is another type"
    if "enum" in current and not set(released.get("enum", [None])) <= set(current["enum"]):
        yield f"{name} takes fewer values"
    if "pattern" in current and current["pattern"] != released.get("pattern"):
        yield f"{name} has another pattern"
    for bound in CEILINGS:
        if bound in current and current[bound] < released.get(bound, float("inf")):
            yield f"{name} has a lower {bound}"
    for bound in FLOORS:
        if bound in current and current[bound] > released.get(bound, float("-inf")):
            yield f"{name} has a higher {bound}"
    for field in set(current.get("required", ())) - set(released.get("required", ())):
        yield f"{name} requires {field}"
    for field, schema in released.get("properties", {}).items():
        if field not in current.get("properties", {}):
            yield f"{name} takes {field} no more"
        else:
            yield from _narrower(f"{name} {field}", schema, current["properties"][field])
    if "items" in released and "items" in current:
        yield from _narrower(f"{name} item", released["items"], current["items"])


def _wider(name: str, released: Json, current: Json) -> Iterator[str]:
    """Say what an answer may no longer hold, or holds in another form."""
    yield from _alternatives(name, released, current, _wider)
    if released.get("type") != current.get("type"):
        yield f"{name} is another type"
    for field in set(released.get("required", ())) - set(current.get("required", ())):
        yield f"{name} may lack {field}"
    for field, schema in released.get("properties", {}).items():
        if field not in current.get("properties", {}):
            yield f"{name} lacks {field}"
        else:
            yield from _wider(f"{name} {field}", schema, current["properties"][field])
    if "items" in released and "items" in current:
        yield from _wider(f"{name} item", released["items"], current["items"])


def _alternatives(
    name: str, released: Json, current: Json, compare: Callable[[str, Json, Json], Iterator[str]]
) -> Iterator[str]:
    """Compare choices: each alternative of before must be one of now's, or differ from one harmlessly."""
    after = current.get("anyOf", ())
    for number, alternative in enumerate(released.get("anyOf", ()), start=1):
        if not any(not list(compare(name, alternative, other)) for other in after):
            yield f"{name} has lost alternative {number}"
