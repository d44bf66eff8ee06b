"""A table that the application wrote has nothing wrong, and each thing that may go wrong is found."""

from datetime import timedelta

import pytest

from lambdas.recovery.domain.inspection import refused
from lambdas.recovery.domain.table import TableUnreadable
from lambdas.users.adapters.item import claim_row, current_row, history_row
from lambdas.users.domain.user import deletion
from tests.lambdas.conftest import NOON, REGION
from tests.lambdas.recovery.shelf import (
    INDEXES,
    KEYS,
    RETENTION,
    Shelf,
    changed,
    described,
    found,
    inspected,
    lived,
    removed,
    user,
    written,
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


class TestRecorded:
    def test_a_current_row_without_its_history_row_is_found(self) -> None:
        shelf, ada = lived(), user("ada")
        shelf.put([current_row(ada), claim_row(ada)])
        assert found(inspected(shelf)) == ["recorded: ada has no history row"]

    def test_a_history_row_that_expired_is_no_fault(self) -> None:
        shelf = lived()
        for age in (30, 31, 400):
            former = user(f"old-{age}", days_ago=age)
            shelf.put([current_row(former), claim_row(former)])
        assert found(inspected(shelf)) == []

    def test_a_history_row_that_is_nearly_old_enough_to_expire_must_be_there(self) -> None:
        shelf, ada = Shelf(), user("ada", days_ago=29.99)
        shelf.put([current_row(ada), claim_row(ada)])
        assert found(inspected(shelf)) == ["recorded: ada has no history row"]
        assert found(inspected(shelf, retention=timedelta(days=29))) == []

    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("name", {"S": "Eve"}),
            ("age", {"N": "99"}),
            ("phone", {"S": "1"}),
            ("phone", None),
            ("address", {"S": "elsewhere"}),
            ("nickname", {"S": "a field that the application will have next year"}),
            ("version", {"N": "7"}),
            ("supersedes", {"S": "2029-01-01T00:00:00.000000Z#eu-west-1"}),
            ("change", {"S": "created"}),
        ],
    )
    def test_a_current_row_that_differs_from_its_history_row_is_found(
        self, attribute: str, value: dict[str, str] | None
    ) -> None:
        shelf, first = lived(), user("ada")
        shelf.put(written(first, changed(first)))
        shelf.change("ada", **{attribute: value})
        assert found(inspected(shelf)) == [f"recorded: ada differs from its history row in {attribute}"]

    def test_a_history_row_that_lost_its_profile_is_found(self) -> None:
        shelf, ada = Shelf(), user("ada")
        shelf.put(written(ada))
        shelf.change("ada", ada.version.version_id, profile=None)
        assert found(inspected(shelf)) == ["recorded: ada differs from its history row in age, email, name"]

    def test_a_version_id_that_does_not_fit_its_time_is_found(self) -> None:
        shelf = lived()
        shelf.change("user-1", updated_at={"S": "2030-01-01T11:00:00.000000Z"})
        assert found(inspected(shelf)) == [
            "recorded: the current row of user-1 has a version_id of another time or region"
        ]

    def test_a_user_who_writes_meanwhile_is_no_fault(self) -> None:
        shelf, first = lived(), user("ada")
        shelf.put(written(first))
        shelf.drop("ada", first.version.version_id)
        shelf.meanwhile = lambda: shelf.put(written(changed(first)))
        assert found(inspected(shelf)) == []

    def test_a_user_who_is_deleted_meanwhile_is_no_fault(self) -> None:
        shelf, first = lived(), user("ada")
        shelf.put(written(first))

        def delete() -> None:
            for key in (("ada", "CURRENT"), ("EMAIL#ada@example.com", "CLAIM")):
                shelf.drop(*key)
            shelf.drop("ada", first.version.version_id)
            shelf.put(removed([first]))

        shelf.meanwhile = delete
        assert found(inspected(shelf)) == []


class TestLost:
    def test_a_third_that_was_deleted_with_its_claims_by_no_deletion_is_found(self) -> None:
        shelf = lived()
        for number in range(0, 30, 3):
            shelf.drop(f"user-{number}")
            shelf.drop(f"EMAIL#moved-{number}@example.com", "CLAIM")
        inspection = inspected(shelf)
        assert {finding.check for finding in inspection.findings} == {"lost"}
        assert inspection.wrong == 10
        assert "lost: user-27 has a history, no current row and no deletion" in found(inspection)

    def test_a_third_is_found_by_a_sample_too(self) -> None:
        shelf = lived()
        for number in range(0, 30, 3):
            shelf.drop(f"user-{number}")
            shelf.drop(f"EMAIL#moved-{number}@example.com", "CLAIM")
        assert inspected(shelf, sample=12).wrong > 0

    def test_a_user_who_was_created_again_and_then_lost_is_found(self) -> None:
        shelf, first = Shelf(), user("ada")
        shelf.put(removed([first], leftovers=True))
        again = user("ada", days_ago=0)
        shelf.put([history_row(again, retention=RETENTION)])
        assert found(inspected(shelf, least_users=0)) == [
            "lost: ada has a history, no current row and no deletion"
        ]

    def test_a_deletion_that_won_over_a_later_write_elsewhere_is_no_fault(self) -> None:
        shelf, first = Shelf(), user("ada")
        shelf.put(removed([first]))
        shelf.put([history_row(changed(first, hours=0.01), retention=RETENTION)])
        assert found(inspected(shelf, least_users=0)) == []

    def test_a_user_who_is_created_between_two_looks_is_no_fault(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf, ada = Shelf(), user("ada")
        shelf.put([history_row(ada, retention=RETENTION)])
        monkeypatch.setattr(shelf, "partition", lambda _user_id: written(ada))
        assert found(inspected(shelf, least_users=0)) == []

    def test_a_user_who_is_created_meanwhile_is_no_fault(self) -> None:
        shelf, ada = Shelf(), user("ada")
        shelf.put([history_row(ada, retention=RETENTION)])
        shelf.meanwhile = lambda: shelf.put(written(ada))
        assert found(inspected(shelf, least_users=0)) == []


class TestClaims:
    def test_a_claim_too_many_is_found(self) -> None:
        shelf = lived()
        shelf.put([claim_row(user("user-1", email="second@example.com"))])
        inspection = inspected(shelf)
        assert found(inspection) == ["claims: an email is claimed by user-1, who has another one"]
        assert inspection.claims == 31

    def test_a_claim_of_nobody_is_found(self) -> None:
        shelf = lived()
        shelf.put([claim_row(user("nobody"))])
        assert found(inspected(shelf)) == ["claims: an email is claimed by nobody, who is not there"]

    def test_a_claim_that_is_missing_is_found(self) -> None:
        shelf = lived()
        shelf.drop("EMAIL#user-1@example.com", "CLAIM")
        assert found(inspected(shelf)) == ["claims: user-1 has an email that is claimed by nobody"]

    def test_two_users_with_one_email_are_found(self) -> None:
        shelf, eve = lived(), user("eve", email="user-1@example.com")
        shelf.put([current_row(eve), history_row(eve, retention=RETENTION)])
        assert found(inspected(shelf)) == ["claims: eve has an email that is claimed by user-1"]

    @pytest.mark.parametrize("limits", [{"most_open": 0}, {"pages": 16}], ids=["memory", "time"])
    def test_where_not_all_can_be_paired_the_sample_is_looked_up(self, limits: dict[str, int]) -> None:
        shelf = lived()
        assert found(inspected(shelf, **limits)) == []
        shelf.drop("EMAIL#user-1@example.com", "CLAIM")
        shelf.put([claim_row(user("user-2", email="second@example.com"))])
        inspection = inspected(shelf, **limits)
        assert "claims: user-1 has an email that is claimed by nobody" in found(inspection)
        assert "Claims were looked up for the sample alone." in inspection.message

    def test_a_claim_too_many_is_in_the_sample_where_memory_ends(self) -> None:
        shelf = lived()
        shelf.put([claim_row(user("user-2", email="second@example.com"))])
        assert found(inspected(shelf, most_open=0)) == [
            "claims: an email is claimed by user-2, who has another one"
        ]

    def test_an_email_that_moves_meanwhile_is_no_fault(self) -> None:
        shelf, first = lived(), user("ada")
        shelf.put([current_row(first), history_row(first, retention=RETENTION)])
        shelf.meanwhile = lambda: shelf.put([claim_row(first)])
        assert found(inspected(shelf)) == []

    def test_a_user_who_gets_another_email_meanwhile_is_no_fault(self) -> None:
        shelf, first = lived(), user("ada")
        shelf.put([current_row(first), history_row(first, retention=RETENTION)])
        shelf.meanwhile = lambda: shelf.put(written(first, changed(first, email="king@example.com")))
        assert found(inspected(shelf)) == []

    def test_a_claim_that_is_given_up_meanwhile_is_no_fault(self) -> None:
        shelf = lived()
        shelf.put([claim_row(user("nobody"))])
        shelf.meanwhile = lambda: shelf.drop("EMAIL#nobody@example.com", "CLAIM")
        assert found(inspected(shelf)) == []

    def test_no_finding_says_an_email(self) -> None:
        shelf = lived()
        for number in (1, 2, 4):
            shelf.drop(f"EMAIL#user-{number}@example.com", "CLAIM")
        inspection = inspected(shelf)
        assert inspection.wrong == 3
        assert "@" not in str(inspection)


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
        f"users: {inspection.users} users in what could be read in time, and not 30 or more"
    ]
    assert inspection.message.endswith("The table was not read to its end.")


def test_many_faults_of_a_kind_are_counted_and_the_first_are_told() -> None:
    shelf = lived()
    for number in range(30):
        shelf.drop(f"user-{number}", "CURRENT")
    inspection = inspected(shelf)
    assert inspection.wrong == 1 + 30 + 30
    assert "claims: and 10 more" in found(inspection)
    assert "lost: and 10 more" in found(inspection)
    assert "61 findings (claims: 30, lost: 30, users: 1)" in inspection.message


def test_a_deletion_in_the_place_of_a_current_version_is_found() -> None:
    shelf, ada = Shelf(), user("ada")
    gone = deletion(ada, at=NOON, region=REGION)
    shelf.put(written(ada))
    shelf.put(removed([ada]))
    shelf.change("ada", version_id={"S": gone.version_id})
    assert inspected(shelf).status == "FAILED"


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
