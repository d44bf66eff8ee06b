"""What was released is kept in a file, and a release says what it changes."""

from pathlib import Path

from pipeline.config import DEPLOYMENTS
from stacks.released_tables import differences, read, write
from tests.stacks.users_table import RELEASED, THIRD, add_index, add_replica, drop_index, proposed, put, stack


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    write("beta", {"BetaData-Data": RELEASED, "BetaPrimary-Api": stack()}, folder=tmp_path)
    assert read("beta", folder=tmp_path) == {"BetaData-Data": RELEASED}
    assert read("prod", folder=tmp_path) == {}


def test_a_release_says_what_changed() -> None:
    later = proposed(
        add_index("name-index"), drop_index, add_replica(THIRD), put("BillingMode", "PROVISIONED")
    )
    assert differences({"Data": RELEASED}, {"Data": later}) == [
        "Data/Users: BillingMode changed",
        "Data/Users: GlobalSecondaryIndexes changed",
        "Data/Users: Replicas changed",
        "Data/Users: index email-index removed",
        "Data/Users: index name-index added",
        f"Data/Users: replica {THIRD} added",
    ]
    assert differences({}, {"Data": RELEASED}) == ["Data/Users: new"]
    assert differences({"Data": RELEASED}, {}) == ["Data/Users: removed"]
    assert differences({"Data": RELEASED}, {"Data": RELEASED}) == []


def test_each_deployment_is_held_to_the_tables_of_its_own() -> None:
    for deployment in DEPLOYMENTS:
        (released,) = read(deployment.name).values()
        names = [table["Properties"]["TableName"] for table in released.tables.values()]
        assert sorted(names) == sorted(deployment.tables)
        assert released.region == deployment.primary_region
