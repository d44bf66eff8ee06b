from tests.lambdas.gateway import Answer, Call


def populate(call: Call) -> Answer:
    return call("POST", "/batch", body={"operation": "populate_sample_data"})


def test_eight_users_are_there_to_try_queries_on(call: Call) -> None:
    answer = populate(call)
    assert answer.status == 201
    assert answer.json["message"] == "Successfully populated table with 8 sample users"
    assert len(answer.json["users"]) == 8
    assert call("GET", "/users").json["count"] == 8


def test_a_second_run_changes_nothing_and_answers_the_same(call: Call) -> None:
    first = populate(call)
    assert (populate(call).status, populate(call).json) == (first.status, first.json)


def test_a_user_who_was_changed_stays_as_it_is(call: Call) -> None:
    ada = populate(call).json["users"][0]
    changed = call("PUT", "/users/{user_id}", path=ada["user_id"], body={"age": 99}).json["user"]
    assert populate(call).json["users"][0] == changed


def test_a_user_who_was_deleted_comes_back(call: Call) -> None:
    ada = populate(call).json["users"][0]
    call("DELETE", "/users/{user_id}", path=ada["user_id"])
    assert {user["user_id"] for user in populate(call).json["users"]} >= {ada["user_id"]}


def test_an_email_that_somebody_else_has_is_a_conflict(call: Call) -> None:
    call("POST", "/users", body={"name": "A", "email": "ada@sample.example"})
    assert populate(call).status == 409
