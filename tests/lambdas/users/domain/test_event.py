import msgspec
import pytest

from lambdas.users.domain.event import UserEvent
from lambdas.users.domain.version import Change


@pytest.mark.parametrize("change", Change)
def test_an_event_is_named_for_its_change(change: Change) -> None:
    event = UserEvent(user_id="ada", version=1, version_id="at#here", region="here", change=change)
    assert event.type == f"user.{change}"


def test_an_event_has_no_place_for_what_a_user_says_of_themselves() -> None:
    names = {field.name for field in msgspec.structs.fields(UserEvent)}
    assert names == {"user_id", "version", "version_id", "region", "change", "changed"}
