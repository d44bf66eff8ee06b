"""Users and claims are one to one, and a client who writes on meanwhile is no fault."""

import pytest

from lambdas.users.adapters.item import claim_row, current_row, history_row
from tests.lambdas.recovery.shelf import (
    RETENTION,
    changed,
    found,
    inspected,
    lived,
    user,
    written,
)


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
        assert {finding.check for finding in inspected(shelf, **limits).findings} <= {"read"}
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
