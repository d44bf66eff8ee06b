"""Which changes of a journal travel to the other Region."""

from __future__ import annotations

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.sharing import Sharing

TABLE = "000000000000/users"


class Tables:
    """One table, which is shared or not."""

    shared = False

    def is_shared(self, _table: str) -> bool:
        return self.shared

    def ends_sharing(self, _definition: Item) -> bool:
        return False


def definition(at: int) -> Change:
    return Change(Key(TABLE), {"table": {}}, Stamp(at, "eu-west-1"), "here")


def test_a_definition_travels_from_the_one_on_that_shares_its_table() -> None:
    tables = Tables()
    sharing = Sharing(tables)
    sharing.note(definition(1), 1)
    tables.shared = True
    sharing.note(definition(2), 2)
    sharing.note(definition(3), 3)
    travels = [sharing.travels(definition(number), number, "there") for number in (1, 2, 3)]
    assert travels == [False, True, True]


def test_a_row_of_before_travels_too() -> None:
    tables = Tables()
    sharing = Sharing(tables)
    row = Change(Key(TABLE, "ada", "CURRENT"), {}, Stamp(2, "eu-west-1"), "here")
    assert not sharing.travels(row, 2, "there")
    tables.shared = True
    sharing.note(definition(3), 3)
    assert sharing.travels(row, 2, "there")
