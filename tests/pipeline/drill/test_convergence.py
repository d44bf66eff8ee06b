"""Two replicas agree on every attribute of every row."""

from __future__ import annotations

from pipeline.drill.convergence import differences
from pipeline.drill.finding import Invariant
from tests.pipeline.drill.made import THERE, claim, tabled, version, version_id, without


def test_equal_tables_have_no_differences() -> None:
    assert differences(tabled(version(1)), tabled(version(1), region=THERE)) == []


def test_a_row_that_one_region_lacks_is_named_either_way() -> None:
    full, behind = version(1), without(version(1), version_id(1))
    (one,) = differences(tabled(full), tabled(behind, region=THERE))
    (other,) = differences(tabled(behind), tabled(full, region=THERE))
    assert one.invariant is Invariant.CONVERGENCE
    assert one.evidence == other.evidence == (f"ada/{version_id(1)}",)
    assert one.sentence.endswith("is in eu-west-1 and not in eu-central-1.")
    assert other.sentence.endswith("is in eu-central-1 and not in eu-west-1.")


def test_rows_that_differ_are_named_with_their_attributes() -> None:
    (found,) = differences(
        tabled(claim("a@b", "ada"), version(1)), tabled(claim("a@b", "bob"), version(1), region=THERE)
    )
    assert found.sentence == "Row EMAIL#a@b/CLAIM differs between eu-west-1 and eu-central-1 in owner."


def test_only_declared_attributes_are_passed_over() -> None:
    here, there = tabled(claim("a@b", "ada")), tabled(claim("a@b", "bob"), region=THERE)
    assert differences(here, there, volatile={"owner"}) == []
    assert len(differences(here, there, volatile={"timestamp"})) == 1
