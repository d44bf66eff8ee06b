"""Each measure, and that nothing is cleared away but old tables of restore tests."""

from lambdas.recovery.measures import Measures
from tests.lambdas.recovery.standing import PREFIX, Ground
from tests.lambdas.recovery.vault import Vault, job, point
from tests.lambdas.recovery.watching import measures


def taken(watch: Measures, name: str) -> float | None:
    return watch.all()[name]()


def test_the_age_of_the_newest_recovery_point_is_in_hours() -> None:
    vault = Vault(points=[point(40), point(12.5)])
    assert taken(measures(vault), "RecoveryPointAgeHours") == 12.5


def test_without_a_recovery_point_there_is_no_age() -> None:
    assert taken(measures(), "RecoveryPointAgeHours") is None


def test_the_hours_since_data_were_found_to_be_right() -> None:
    vault = Vault(jobs=[job(3, ValidationStatus="FAILED"), job(171, ended=170)])
    assert taken(measures(vault), "HoursSinceValidation") == 170


def test_without_a_validation_there_are_no_hours() -> None:
    assert taken(measures(Vault(jobs=[job(3, ValidationStatus="FAILED")])), "HoursSinceValidation") is None


def test_a_region_without_a_plan_asks_for_no_restore_tests() -> None:
    vault = Vault(jobs=[job(3)])
    assert taken(measures(vault, plan=None), "HoursSinceValidation") is None
    assert vault.asked == []


def test_opted_in_is_one_or_zero() -> None:
    assert taken(measures(), "OptedIn") == 1.0
    assert taken(measures(Vault(managed={"DynamoDB": False})), "OptedIn") == 0.0


class TestLeftOvers:
    def test_nothing_left_is_zero(self) -> None:
        ground = Ground()
        ground.add("users", hours=9999)
        assert taken(measures(ground=ground), "LeftOverTables") == 0
        assert ground.names == ["users"]

    def test_old_ones_are_counted_and_cleared_and_no_other_table_is_touched(self) -> None:
        ground = Ground()
        others = ("accounts", "users", "users-restored", f"my-{PREFIX}1", "awsbackup-restore-tests")
        for name in others:
            ground.add(name, hours=9999)
        ground.add(f"{PREFIX}old", hours=25)
        ground.add(f"{PREFIX}older", hours=800)
        ground.add(f"{PREFIX}young", hours=23)
        watch = measures(ground=ground)
        assert taken(watch, "LeftOverTables") == 2
        assert watch.cleared == [f"{PREFIX}old", f"{PREFIX}older"]
        assert ground.names == sorted([*others, f"{PREFIX}young"])

    def test_a_protected_one_is_counted_and_reported_and_stays(self) -> None:
        ground = Ground()
        ground.add(f"{PREFIX}1", hours=25, protected=True)
        watch = measures(ground=ground)
        assert taken(watch, "LeftOverTables") == 1
        assert (watch.cleared, watch.protected) == ([], [f"{PREFIX}1"])
        assert ground.names == [f"{PREFIX}1"]
        assert ground.deleted == []

    def test_one_that_is_in_use_is_counted_and_reported(self) -> None:
        ground = Ground(refuses="ResourceInUseException")
        ground.add(f"{PREFIX}1", hours=25)
        watch = measures(ground=ground)
        assert taken(watch, "LeftOverTables") == 1
        assert (watch.cleared, watch.standing) == ([], [f"{PREFIX}1"])
