from collections.abc import Iterator

import pytest
from moto import mock_aws

from lambdas.users import bootstrap
from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.settings import InvalidSettings


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Forget what another test wired, and what this one does."""
    bootstrap.application.cache_clear()
    yield
    bootstrap.application.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "nowhere")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("HISTORY_RETENTION_DAYS", "30")


@mock_aws
@pytest.mark.usefixtures("environment")
def test_a_process_is_wired_once() -> None:
    assert bootstrap.application() is bootstrap.application()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_wiring_reaches_for_the_table_of_the_environment() -> None:
    app = bootstrap.application()
    assert app.region == "eu-west-1"
    with pytest.raises(RepositoryUnavailable):
        app.users.ping()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_clock_knows_its_zone_and_ids_differ() -> None:
    app = bootstrap.application()
    assert app.now().utcoffset() is not None
    assert app.new_id() != app.new_id()


@pytest.mark.usefixtures("environment")
def test_a_process_without_a_variable_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAME")
    with pytest.raises(InvalidSettings, match="TABLE_NAME"):
        bootstrap.application()
