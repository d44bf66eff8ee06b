from datetime import UTC, datetime

from lambdas.users.domain.user import NewUser, Profile, User, first_version
from lambdas.users.domain.version import Change, Version


def test_a_new_user_starts_at_version_one_which_supersedes_nothing() -> None:
    new = NewUser(name="Ada", email="ada@example.com", age=36, phone="1", address="2", user_id="chosen")
    user = first_version(new, user_id="given", at=datetime(2030, 1, 1, tzinfo=UTC), region="eu-west-1")
    assert user == User(
        user_id="given",
        profile=Profile(name="Ada", email="ada@example.com", age=36, phone="1", address="2"),
        created_at="2030-01-01T00:00:00.000000Z",
        version=Version(
            number=1,
            at="2030-01-01T00:00:00.000000Z",
            region="eu-west-1",
            change=Change.CREATED,
            supersedes=None,
        ),
    )
