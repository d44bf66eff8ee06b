"""What every repository does when a user changes or goes."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from lambdas.users.adapters.item import claim_row, history_row
from lambdas.users.domain.errors import EmailAlreadyInUse, Superseded, UserAlreadyExists, UserNotFound
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, deletion
from lambdas.users.domain.version import Change
from tests.contract.conftest import NOON, REGION, DynamoEngine
from tests.contract.racing import race

UserFactory = Callable[..., User]

RIVALS = 8
SECOND = timedelta(seconds=1)


def update(repository: UserRepository, user: User, former: User) -> None:
    repository.update(user, former_email=former.profile.email)


def delete(repository: UserRepository, user: User) -> int:
    return repository.delete(user, deletion=deletion(user, at=NOON, region=REGION))


class TestUpdate:
    def test_a_user_comes_back_as_it_was_changed(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada", phone="1", address="2")
        repository.create(ada)
        countess = changed(ada, name="Countess of Lovelace", age=36, phone=None)
        update(repository, countess, ada)
        assert repository.get("ada") == countess
        assert (countess.version.number, countess.version.supersedes) == (2, ada.version.version_id)
        assert countess.created_at == ada.created_at

    def test_nobody_cannot_be_changed(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada")
        with pytest.raises(UserNotFound):
            update(repository, changed(ada, age=36), ada)
        repository.create(made("grace", email="ada@example.com"))

    def test_who_changed_meanwhile_stays_as_they_are(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada")
        repository.create(ada)
        first = changed(ada, age=36)
        update(repository, first, ada)
        late = changed(ada, at=NOON + SECOND, age=37, email="late@example.com")
        with pytest.raises(Superseded):
            update(repository, late, ada)
        assert repository.get("ada") == first
        repository.create(made("grace", email="late@example.com"))

    def test_an_email_that_is_given_up_is_free(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada", email="first@example.com")
        repository.create(ada)
        moved = changed(ada, email="second@example.com")
        update(repository, moved, ada)
        repository.create(made("grace", email="first@example.com"))
        with pytest.raises(EmailAlreadyInUse):
            repository.create(made("emmy", email="second@example.com"))

    def test_an_email_of_another_user_is_refused_and_both_keep_their_own(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada, grace = made("ada"), made("grace")
        repository.create(ada)
        repository.create(grace)
        with pytest.raises(EmailAlreadyInUse):
            update(repository, changed(ada, email="GRACE@example.com", age=36), ada)
        assert repository.get("ada") == ada
        for taken in ("ada@example.com", "grace@example.com"):
            with pytest.raises(EmailAlreadyInUse):
                repository.create(made("emmy", email=taken))

    def test_two_users_swap_their_emails_by_way_of_a_third(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada, grace = made("ada"), made("grace")
        repository.create(ada)
        repository.create(grace)
        aside = changed(ada, email="aside@example.com")
        update(repository, aside, ada)
        swapped_grace = changed(grace, email="ada@example.com")
        update(repository, swapped_grace, grace)
        swapped_ada = changed(aside, email="grace@example.com")
        update(repository, swapped_ada, aside)
        assert repository.get("ada").profile.email == "grace@example.com"
        assert repository.get("grace").profile.email == "ada@example.com"
        repository.create(made("emmy", email="aside@example.com"))

    def test_another_spelling_of_an_email_is_no_other_email(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada", email="jose\u0301@example.com")
        repository.create(ada)
        same = changed(ada, email="JOS\u00c9@EXAMPLE.com")
        update(repository, same, ada)
        assert same.profile.email == ada.profile.email
        with pytest.raises(EmailAlreadyInUse):
            repository.create(made("grace", email="jos\u00e9@example.com"))

    @pytest.mark.usefixtures("restless_threads")
    def test_of_those_who_change_one_user_at_once_exactly_one_wins(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada")
        repository.create(ada)
        rivals = [changed(ada, at=NOON + rival * SECOND, age=rival) for rival in range(RIVALS)]
        outcomes = race([partial(update, repository, rival, ada) for rival in rivals])
        assert Counter(outcomes) == {None: 1, Superseded: RIVALS - 1}
        assert repository.get("ada") == rivals[outcomes.index(None)]
        assert len(repository.history("ada", limit=100).items) == 2

    @pytest.mark.usefixtures("restless_threads")
    def test_of_those_who_move_to_one_email_at_once_exactly_one_wins(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        users = [made(f"rival-{rival}") for rival in range(RIVALS)]
        for user in users:
            repository.create(user)
        moves = [(changed(user, email="prize@example.com"), user) for user in users]
        outcomes = race([partial(update, repository, moved, user) for moved, user in moves])
        assert Counter(outcomes) == {None: 1, EmailAlreadyInUse: RIVALS - 1}
        emails = [repository.get(user.user_id).profile.email for user in users]
        assert emails.count("prize@example.com") == 1


class TestDelete:
    def test_who_was_deleted_is_not_found(self, repository: UserRepository, made: UserFactory) -> None:
        ada = made("ada")
        repository.create(ada)
        assert delete(repository, ada) == 1
        with pytest.raises(UserNotFound):
            repository.get("ada")
        with pytest.raises(UserNotFound):
            repository.history("ada", limit=100)

    def test_nobody_cannot_be_deleted(self, repository: UserRepository, made: UserFactory) -> None:
        with pytest.raises(UserNotFound):
            delete(repository, made("ada"))

    def test_nobody_is_deleted_twice(self, repository: UserRepository, made: UserFactory) -> None:
        ada = made("ada")
        repository.create(ada)
        delete(repository, ada)
        with pytest.raises(UserNotFound):
            delete(repository, ada)

    def test_who_changed_meanwhile_is_not_deleted(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada")
        repository.create(ada)
        newer = changed(ada, age=36)
        update(repository, newer, ada)
        with pytest.raises(Superseded):
            delete(repository, ada)
        assert repository.get("ada") == newer
        assert len(repository.history("ada", limit=100).items) == 2

    def test_an_id_and_an_email_can_be_used_again(
        self, repository: UserRepository, made: UserFactory
    ) -> None:
        ada = made("ada")
        repository.create(ada)
        delete(repository, ada)
        repository.create(made("grace", email="ada@example.com"))
        again = made("ada", at=NOON + SECOND, email="again@example.com")
        repository.create(again)
        assert repository.get("ada") == again

    @pytest.mark.parametrize("versions", [1, 26, 60])
    def test_all_versions_go_and_are_counted(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory, versions: int
    ) -> None:
        user = made("ada")
        repository.create(user)
        for _ in range(versions - 1):
            newer = changed(user)
            update(repository, newer, user)
            user = newer
        assert delete(repository, user) == versions
        again = made("ada", at=NOON + SECOND)
        repository.create(again)
        assert list(repository.history("ada", limit=100).items) == [again]
        assert delete(repository, again) == 1

    @pytest.mark.usefixtures("restless_threads")
    def test_a_change_and_a_deletion_at_once_are_not_both_done(
        self, repository: UserRepository, made: UserFactory, changed: UserFactory
    ) -> None:
        ada = made("ada")
        repository.create(ada)
        newer = changed(ada, email="newer@example.com")
        outcomes = race([partial(update, repository, newer, ada), partial(delete, repository, ada)])
        if outcomes[0] is None:
            assert outcomes == [None, Superseded]
            assert repository.get("ada") == newer
        else:
            assert outcomes == [UserNotFound, None]
            repository.create(made("grace", email="newer@example.com"))
            repository.create(made("emmy", email="ada@example.com"))


def test_a_deletion_leaves_one_row_that_knows_nobody(engine: DynamoEngine, made: UserFactory) -> None:
    ada = made("ada", phone="020 7946 0000", address="12 St James's Square")
    engine.users.create(ada)
    delete(engine.users, ada)
    (tombstone,) = engine.rows()
    assert tombstone == {
        "user_id": {"S": "ada"},
        "timestamp": {"S": "2030-01-01T12:00:00.000001Z#eu-west-1"},
        "created_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "version": {"N": "2"},
        "supersedes": {"S": ada.version.version_id},
        "change": {"S": Change.DELETED},
        "region": {"S": "eu-west-1"},
        "expires_at": {"N": "1896091200"},
    }


def test_nothing_is_left_of_an_email_that_moved(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    ada = made("ada")
    engine.users.create(ada)
    update(engine.users, changed(ada, email="second@example.com"), ada)
    claims = [row["user_id"]["S"] for row in engine.rows() if row["timestamp"]["S"] == "CLAIM"]
    assert claims == ["EMAIL#second@example.com"]


def test_a_version_of_another_region_is_not_overwritten(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    ada = made("ada")
    engine.users.create(ada)
    newer = changed(ada, age=36)
    engine.replicate(history_row(changed(ada, age=99), retention=SECOND))
    with pytest.raises(Superseded):
        update(engine.users, newer, ada)
    assert engine.users.get("ada") == ada


class TestAfterTwoRegionsGaveOneEmailAway:
    """Both users have it, and the claim is that of one: the other can still move on, and leaves it alone."""

    @pytest.fixture
    def loser(self, engine: DynamoEngine, made: UserFactory) -> User:
        ada, grace = made("ada", email="both@example.com"), made("grace", email="both@example.com")
        engine.users.create(ada)
        engine.replicate(claim_row(grace))
        return ada

    def test_the_loser_can_move(self, engine: DynamoEngine, loser: User, changed: UserFactory) -> None:
        moved = changed(loser, email="ada@example.com")
        update(engine.users, moved, loser)
        assert engine.users.get("ada") == moved

    def test_the_loser_can_go(self, engine: DynamoEngine, loser: User) -> None:
        assert delete(engine.users, loser) == 1

    @pytest.fixture(autouse=True)
    def the_winner_still_holds_it(
        self, engine: DynamoEngine, made: UserFactory, loser: User, request: pytest.FixtureRequest
    ) -> None:
        def check() -> None:
            with pytest.raises(EmailAlreadyInUse):
                engine.users.create(made("emmy", email=loser.profile.email))

        request.addfinalizer(check)


def test_a_claim_that_was_lost_does_not_hold_a_user_back(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    ada = made("ada")
    engine.users.create(ada)
    engine.forget("EMAIL#ada@example.com", "CLAIM")
    update(engine.users, changed(ada, email="second@example.com"), ada)


def test_a_refused_change_writes_no_version(
    engine: DynamoEngine, made: UserFactory, changed: UserFactory
) -> None:
    ada, grace = made("ada"), made("grace")
    engine.users.create(ada)
    engine.users.create(grace)
    before = engine.rows()
    for attempt in (changed(ada, email="grace@example.com"), changed(changed(ada, age=1), age=2)):
        with pytest.raises((EmailAlreadyInUse, Superseded)):
            update(engine.users, attempt, ada)
    with pytest.raises(UserAlreadyExists):
        engine.users.create(made("ada", email="free@example.com"))
    assert sorted(map(repr, engine.rows())) == sorted(map(repr, before))
