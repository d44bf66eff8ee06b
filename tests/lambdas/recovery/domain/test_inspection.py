"""A table that the application wrote has nothing wrong, and each thing that may go wrong is found."""

from zlib import crc32

import pytest

from lambdas.recovery.domain.inspection import refused
from lambdas.recovery.domain.table import TableUnreadable
from tests.lambdas.recovery.shelf import (
    INDEXES,
    KEYS,
    Shelf,
    described,
    found,
    inspected,
    lived,
)


def test_what_the_application_wrote_is_right() -> None:
    inspection = inspected(lived(), least_users=30)
    assert found(inspection) == []
    assert (inspection.status, inspection.wrong) == ("SUCCESSFUL", 0)
    assert (inspection.users, inspection.sampled, inspection.claims) == (30, 30, 30)
    assert inspection.message == (
        "users-restored: nothing is wrong; 30 users and 30 claims were read, 30 users compared."
    )


def test_too_few_users_are_found() -> None:
    inspection = inspected(lived(), least_users=31)
    assert found(inspection) == ["users: 30 users, and not 31 or more"]
    assert inspection.status == "FAILED"


def test_an_empty_table_is_right_where_none_is_expected() -> None:
    assert inspected(Shelf(), least_users=0).status == "SUCCESSFUL"
    assert found(inspected(Shelf())) == ["users: 0 users, and not 1 or more"]


class TestRows:
    @pytest.mark.parametrize(
        ("attribute", "says"),
        [
            ("email", "rows: user-1 at CURRENT has no text in email"),
            ("version_id", "rows: user-1 at CURRENT has no text in version_id"),
        ],
    )
    def test_a_current_row_without_what_it_must_have_is_found(self, attribute: str, says: str) -> None:
        shelf = lived()
        shelf.change("user-1", **{attribute: None})
        assert says in found(inspected(shelf))

    def test_a_row_that_nobody_writes_is_found_and_not_read_aloud(self) -> None:
        shelf = lived()
        shelf.put(
            [
                {"user_id": {"S": "user-1"}, "timestamp": {"S": "yesterday"}},
                {"user_id": {"S": "EMAIL#ada@example.com"}, "timestamp": {"S": "LOCK"}},
            ]
        )
        assert found(inspected(shelf)) == [
            "rows: user-1 at yesterday is no row of ours",
            "rows: EMAIL at LOCK is no row of ours",
        ]

    @pytest.mark.parametrize(
        ("attribute", "value", "indexes"),
        [
            ("shard", None, "age-index, created-index, name-index"),
            ("shard", {"S": "1"}, "age-index, created-index, name-index"),
            ("name_key", None, "name-index"),
        ],
    )
    def test_a_user_whom_an_index_misses_is_found(
        self, attribute: str, value: dict[str, str] | None, indexes: str
    ) -> None:
        shelf = lived()
        shelf.change("user-1", **{attribute: value})
        assert found(inspected(shelf)) == [f"indexed: user-1 is not in {indexes}"]

    def test_a_user_in_the_shard_of_others_is_found(self) -> None:
        shelf = lived()
        right = crc32(b"user-1") % 8
        for shard in range(9):
            shelf.change("user-1", shard={"N": str(shard)})
            wrong = [] if shard == right else ["indexed: user-1 is in the shard of other ids"]
            assert found(inspected(shelf)) == wrong

    @pytest.mark.parametrize(
        ("key", "says"),
        [
            (("user-1", "CURRENT"), "rows: the current row of user-1 is to expire"),
            (
                ("EMAIL#user-1@example.com", "CLAIM"),
                "rows: the claim of user-1 to an email is to expire",
            ),
        ],
    )
    def test_a_row_that_dynamodb_would_remove_from_a_user_who_is_there_is_found(
        self, key: tuple[str, str], says: str
    ) -> None:
        shelf = lived()
        shelf.change(*key, expires_at={"N": "1924992000"})
        assert found(inspected(shelf)) == [says]


class TestSchema:
    def test_an_index_that_is_missing_is_found_and_the_rows_are_read_all_the_same(self) -> None:
        shelf = lived()
        shelf.told = described(KEYS, {name: key for name, key in INDEXES.items() if name != "age-index"})
        inspection = inspected(shelf)
        assert found(inspection) == ["schema: age-index is missing"]
        assert inspection.users == 30

    def test_a_key_of_a_wrong_type_is_found_and_no_row_is_asked_for(self) -> None:
        shelf = lived()
        shelf.told = described([["user_id", "HASH", "S"], ["timestamp", "RANGE", "N"]], INDEXES)
        inspection = inspected(shelf)
        assert found(inspection) == [
            "schema: the primary key is user_id HASH S, timestamp RANGE N, and not "
            "user_id HASH S, timestamp RANGE S"
        ]
        assert inspection.users == 0


def test_a_table_that_cannot_be_read_fails_with_what_was_found_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = lived()

    def fail(*_keys: object) -> None:
        raise TableUnreadable("users-restored cannot be read: AccessDeniedException.")

    monkeypatch.setattr(shelf, "rows", fail)
    inspection = inspected(shelf, least_users=31)
    assert found(inspection) == [
        "users: 30 users, and not 31 or more",
        "read: users-restored cannot be read: AccessDeniedException.",
    ]
    assert inspection.status == "FAILED"


def test_what_could_not_be_read_in_time_is_said() -> None:
    inspection = inspected(lived(), pages=2, least_users=30)
    assert inspection.users < 14
    assert found(inspection) == [
        f"users: {inspection.users} users in what could be read in time, and not 30 or more",
        f"read: not read to its end, but as far as {inspection.users} users and {inspection.claims} claims",
    ]
    assert inspection.message.endswith("The table was not read to its end.")


def test_a_table_that_was_not_read_to_its_end_fails_however_sound_the_rest_is() -> None:
    inspection = inspected(lived(), pages=2)
    assert (inspection.status, inspection.wrong) == ("FAILED", 1)
    seen = f"{inspection.users} users and {inspection.claims} claims"
    assert inspection.message.startswith(f"users-restored: 1 findings (read: 1); {seen} were read")


def test_a_check_that_found_nothing_is_not_in_the_message() -> None:
    assert "1 findings (users: 1);" in inspected(lived(), least_users=31).message


def test_many_faults_of_a_kind_are_counted_and_the_first_are_told() -> None:
    shelf = lived()
    for number in range(30):
        shelf.drop(f"user-{number}", "CURRENT")
    inspection = inspected(shelf)
    assert inspection.wrong == 1 + 30 + 30
    assert "claims: and 10 more" in found(inspection)
    assert "lost: and 10 more" in found(inspection)
    assert "61 findings (claims: 30, lost: 30, users: 1)" in inspection.message


def test_what_could_not_be_inspected_is_a_failure_that_says_why() -> None:
    inspection = refused("users-restored", "It is on fire.")
    assert inspection.as_result() == {
        "table": "users-restored",
        "status": "FAILED",
        "message": "It is on fire.",
        "findings": [{"check": "read", "detail": "It is on fire."}],
        "users": 0,
        "sampled": 0,
        "claims": 0,
    }
