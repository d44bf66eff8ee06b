"""What API Gateway holds request bodies to: the API's own OpenAPI document, as far as a gateway may judge.

The functions tell a client which field breaks which rule, and their words are the contract; a gateway would
answer the same requests with one sentence for all. So a model names and describes every field, and refuses
nothing but a body that is no JSON object at all.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.bundling import REPOSITORY

DOCUMENT = REPOSITORY / "lambdas" / "users" / "openapi.json"
JSON = "application/json"
ANNOTATIONS = ("title", "description")  # they say something, and refuse nothing
ALTERNATIVES = ("allOf", "anyOf", "oneOf")

Schema = Mapping[str, Any]


class NotAnObject(ValueError):
    """A body of the document may be something else than an object, which no model of ours can say."""


@dataclass(frozen=True, kw_only=True)
class RequestBody:
    """A model of API Gateway: its name, letters and digits alone, and its schema in JSON Schema draft 4."""

    name: str
    schema: Schema


def request_bodies(document: Path = DOCUMENT) -> Mapping[tuple[str, str], RequestBody]:
    """The body of each operation that takes one in JSON, by path and method (`POST`); raises NotAnObject."""
    return dict(_bodies(json.loads(document.read_text())))


def model_of(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Reduce a schema of OpenAPI 3.1 to draft 4: an object whose fields are described and not constrained.

    References are followed into `schemas`, since those of a model are addresses of other models, and the
    fields of alternatives are put side by side. Draft 4 is what API Gateway reads
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html).
    Raises NotAnObject.
    """
    target = _followed(schema, schemas)
    return {**_annotations(target), "type": "object", "properties": dict(sorted(_fields(target, schemas)))}


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], RequestBody]]:
    """Find each operation with a body."""
    schemas = document.get("components", {}).get("schemas", {})
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "requestBody" in operation:
                schema = operation["requestBody"]["content"][JSON]["schema"]
                name = schema.get("$ref", f"{method} {path} body").rpartition("/schemas/")[2]
                words = re.findall(r"[A-Za-z0-9]+", name)
                title = "".join(word[0].upper() + word[1:] for word in words)
                yield (path, method.upper()), RequestBody(name=title, schema=model_of(schema, schemas))


def _followed(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Go where a reference leads."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def _fields(schema: Schema, schemas: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """List the fields of a schema and of its alternatives, each with what is said of it."""
    alternatives = [part for word in ALTERNATIVES for part in schema.get(word, ())]
    if schema.get("type") != "object" and not alternatives:
        raise NotAnObject(f"A body is an object, not {schema.get('type', 'anything')}.")
    for part in alternatives:
        yield from _fields(_followed(part, schemas), schemas)
    for name, field in schema.get("properties", {}).items():
        yield name, _described(field, schemas)


def _described(field: Schema, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """Keep what is said of a field, or else of the first of its alternatives of which anything is said."""
    said = _annotations(_followed(field, schemas)) | _annotations(field)
    alternatives = (_described(part, schemas) for word in ALTERNATIVES for part in field.get(word, ()))
    return said or next((words for words in alternatives if words), {})


def _annotations(schema: Schema) -> dict[str, Any]:
    """Keep what is said of a schema."""
    return {word: schema[word] for word in ANNOTATIONS if word in schema}
