"""Users beside their histories and their claims: each fault is found, and a client who writes on is none."""

from datetime import timedelta

import pytest

from lambdas.users.adapters.item import claim_row, current_row, history_row
from lambdas.users.domain.user import deletion
from tests.lambdas.conftest import NOON, REGION
from tests.lambdas.recovery.shelf import (
    RETENTION,
    Shelf,
    changed,
    found,
    inspected,
    lived,
    removed,
    user,
    written,
)


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


def test_a_deletion_in_the_place_of_a_current_version_is_found() -> None:
    shelf, ada = Shelf(), user("ada")
    gone = deletion(ada, at=NOON, region=REGION)
    shelf.put(written(ada))
    shelf.put(removed([ada]))
    shelf.change("ada", version_id={"S": gone.version_id})
    assert inspected(shelf).status == "FAILED"
