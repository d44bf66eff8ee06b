"""The queries that there are: what each does, takes and answers."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from lambdas.users.http import parameters
from lambdas.users.http.query_answers import (
    AgesQueried,
    HistoryQueried,
    QueriesListed,
    QueryOperation,
    RecentQueried,
    UserQueried,
    UsersQueried,
)


class Query(Struct, frozen=True, kw_only=True):
    """One query; `example` is what follows its name in a request to try."""

    description: str
    parameters: type[Struct]
    answer: type[Struct]
    example: str = ""


QUERIES: Mapping[str, Query] = {
    "query_by_user": Query(
        description="Read one user by its key",
        parameters=parameters.ByUser,
        answer=UserQueried,
        example="&user_id=sample-ada",
    ),
    "query_by_email": Query(
        description="Find the user with an email through an index, however the email is capitalised",
        parameters=parameters.ByEmail,
        answer=UsersQueried,
        example="&email=ada@sample.example",
    ),
    "scan_by_age": Query(
        description="Find users within a range of ages by reading every user, to compare with query_by_age",
        parameters=parameters.AgeRange,
        answer=AgesQueried,
        example="&min_age=25&max_age=35",
    ),
    "query_by_age": Query(
        description="Find users within a range of ages through an index, by age and a page at a time",
        parameters=parameters.PagedAgeRange,
        answer=AgesQueried,
        example="&min_age=25&max_age=35",
    ),
    "query_user_history": Query(
        description="List the versions of a user, newest first",
        parameters=parameters.History,
        answer=HistoryQueried,
        example="&user_id=sample-ada",
    ),
    "query_recent_users": Query(
        description="List users who were created in the last hours through an index, newest first",
        parameters=parameters.Recent,
        answer=RecentQueried,
        example="&hours=24",
    ),
    "search": Query(
        description="Find users whose name starts with a text, but for case and accents, or has it as email",
        parameters=parameters.Search,
        answer=UsersQueried,
        example="&q=ad",
    ),
}


def listing() -> QueriesListed:
    """Return the queries that there are, which costs nothing."""
    return QueriesListed(
        message="Available query operations",
        operations={name: _operation(name, query) for name, query in QUERIES.items()},
        scanned_count=0,
        consumed_capacity=0.0,
    )


def _operation(name: str, query: Query) -> QueryOperation:
    """Describe a query."""
    fields = msgspec.structs.fields(query.parameters)
    return QueryOperation(
        description=query.description,
        parameters={field.name: _words(field) for field in fields},
        example=f"GET /query?operation={name}{query.example}",
    )


def _words(field: Any) -> str:  # noqa: ANN401  # msgspec keeps the type of its fields to itself
    """Describe a parameter."""
    if field.required:
        return f"{parameters.rule(field.type)}; required"
    if field.default is msgspec.UNSET:
        return parameters.rule(field.type)
    return f"{parameters.rule(field.type)}; {field.default} where absent"
