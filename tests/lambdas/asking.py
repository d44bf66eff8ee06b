"""Queries, and the people whom they are about."""

from tests.lambdas.gateway import Answer, Call

ADA = {"user_id": "ada", "name": "Ada Lovelace", "email": "ada@example.com", "age": 36}
PEOPLE = [
    ADA,
    {"user_id": "adele", "name": "Adèle Ångström", "email": "adele@example.com", "age": 25},
    {"user_id": "grace", "name": "GRACE Hopper", "email": "grace@example.com", "age": 36},
    {"user_id": "linus", "name": "linus", "email": "linus@example.com", "age": 0},
    {"user_id": "old", "name": "ada@example.com", "email": "old@example.com", "age": 150},
]


def ask(call: Call, operation: str, **parameters: object) -> Answer:
    texts = {name: str(value) for name, value in parameters.items()}
    return call("GET", "/query", query={"operation": operation, **texts})


def ids(answer: Answer) -> list[str]:
    return [user["user_id"] for user in answer.json["users"]]


def pages(call: Call, operation: str, **parameters: object) -> list[Answer]:
    """Return what is on each page, to the last one."""
    answers = [ask(call, operation, **parameters)]
    while "next_cursor" in answers[-1].json:
        answers.append(ask(call, operation, **parameters, cursor=answers[-1].json["next_cursor"]))
    return answers
