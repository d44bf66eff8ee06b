"""Answers follow Route 53's rules for failover, aliases and names, whatever the health."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.dns.records import (
    NOTHING,
    PRIMARY,
    RESOURCE_TTL_S,
    SECONDARY,
    Answer,
    Records,
    RecordSet,
    canonical,
)
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.zones import FIRST, SECOND, SHARED, ZONE, alias

DEPLOYED = zones.zone().addressed
BOTH = ("eu-west-1-both", "eu-central-1-both")


def test_names_are_compared_without_case_and_with_their_last_dot() -> None:
    assert {canonical(name) for name in ("Users.Local.example", "users.local.example.")} == {SHARED}


def values(ttl_s: int, *addresses: str) -> Answer:
    return Answer(exists=True, values=addresses, ttl_s=ttl_s)


def plain(name: str, address: str, **more: str | None) -> RecordSet:
    return RecordSet(name=name, type="A", ttl_s=30, values=(address,), **more)  # type: ignore[arg-type]


def of(*sets: RecordSet) -> Records:
    return Records(zone=ZONE, sets=sets, resources={"api.": FIRST, "other.": SECOND})


def failover(first: dict[str, object], second: dict[str, object]) -> Records:
    """A primary and a secondary record of one name, the secondary one deployed first."""
    primary = plain(SHARED, "10.0.0.1", failover=PRIMARY, set_identifier="1")
    secondary = plain(SHARED, "10.0.0.2", failover=SECONDARY, set_identifier="2")
    return of(replace(secondary, **second), replace(primary, **first))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sick", "answer"),
    [
        ([], FIRST),
        (["eu-central-1-both"], FIRST),
        (["eu-west-1-both"], SECOND),
        (["eu-west-1-both", "eu-central-1-both"], FIRST),
    ],
)
def test_the_primary_answers_unless_only_it_is_unhealthy(sick: list[str], answer: str) -> None:
    assert DEPLOYED.answer(SHARED, "A", lambda check: check not in sick) == values(RESOURCE_TTL_S, answer)


@given(st.fixed_dictionaries(dict.fromkeys(BOTH, st.booleans())))
def test_no_region_is_answered_whose_check_is_unhealthy_while_the_other_is_healthy(
    health: dict[str, bool],
) -> None:
    (address,) = DEPLOYED.answer(SHARED, "A", health.__getitem__).values
    check = dict(zip((FIRST, SECOND), BOTH, strict=True))[address]
    assert health[check] or not any(health.values())
    assert address == FIRST or health == {BOTH[0]: False, BOTH[1]: True}


@given(
    names=st.permutations(["a", "b", "c", "d"]),
    failovers=st.booleans(),
    health=st.fixed_dictionaries({name: st.booleans() for name in "abcd"}),
)
def test_health_of_a_tree_of_aliases_decides_as_its_leaves_say(
    names: list[str], failovers: bool, health: dict[str, bool]
) -> None:
    """Two branches of two leaves each: a branch is healthy while a leaf is, and then answers that leaf."""
    leaves = {name: f"10.0.0.{number}" for number, name in enumerate(names)}
    sets = []
    for branch, pair in (("x", names[:2]), ("y", names[2:])):
        for leaf, role in zip(pair, (PRIMARY, SECONDARY), strict=True):
            sets.append(
                plain(
                    f"{branch}.{ZONE}", leaves[leaf], failover=role, set_identifier=leaf, health_check_id=leaf
                )
            )
    for branch, role in (("x", PRIMARY), ("y", SECONDARY)):
        sets.append(
            alias(SHARED, f"{branch}.{ZONE}", failover=role, set_identifier=branch, evaluate=failovers)
        )
    answer = of(*sets).answer(SHARED, "A", health.__getitem__).values
    order = names if failovers else names[:2]
    assert answer == (leaves[next((leaf for leaf in order if health[leaf]), names[0])],)


@pytest.mark.parametrize("region", zones.REGIONS)
def test_a_regions_own_names_lead_to_it_whatever_the_health(region: str) -> None:
    for name in (f"{region}.{SHARED}", f"origin-{region}.{SHARED}"):
        answer = DEPLOYED.answer(name, "A", lambda _: False)
        assert answer == values(RESOURCE_TTL_S, zones.REGIONS[region])


def test_a_record_without_a_check_is_always_healthy() -> None:
    records = failover({"health_check_id": "sick"}, {})
    assert records.answer(SHARED, "A", lambda _: False) == values(30, "10.0.0.2")


def test_a_primary_alone_is_answered_even_if_unhealthy() -> None:
    alone = of(plain(SHARED, "10.0.0.1", failover=PRIMARY, health_check_id="sick"))
    assert alone.answer(SHARED, "A", lambda _: False) == values(30, "10.0.0.1")


def test_a_secondary_alone_is_answered() -> None:
    alone = of(plain(SHARED, "10.0.0.2", failover=SECONDARY))
    assert alone.answer(SHARED, "A", lambda _: True) == values(30, "10.0.0.2")


@pytest.mark.parametrize(
    ("evaluate", "own_check", "sick", "healthy"),
    [
        (True, None, ["target"], False),
        (False, None, ["target"], True),
        (True, "own", ["own"], False),
        (True, "own", ["target"], False),
        (True, "own", [], True),
        (False, "own", ["target"], True),
        (False, "own", ["own"], False),
    ],
)
def test_an_alias_is_as_healthy_as_its_check_and_if_asked_its_target(
    evaluate: bool, own_check: str | None, sick: list[str], healthy: bool
) -> None:
    target = f"origin.{ZONE}"
    records = of(
        plain(target, "10.0.0.1", health_check_id="target"),
        alias(
            SHARED,
            target,
            evaluate=evaluate,
            failover=PRIMARY,
            set_identifier="1",
            health_check_id=own_check,
        ),
        plain(SHARED, "10.0.0.2", failover=SECONDARY, set_identifier="2"),
    )
    answer = records.answer(SHARED, "A", lambda check: check not in sick)
    assert answer == values(30, "10.0.0.1" if healthy else "10.0.0.2")


def test_an_api_gateway_counts_as_healthy_where_its_health_is_evaluated() -> None:
    records = of(
        alias(SHARED, "api.", evaluate=True, failover=PRIMARY),
        alias(SHARED, "other.", evaluate=True, failover=SECONDARY),
    )
    assert records.answer(SHARED, "A", lambda _: False) == values(RESOURCE_TTL_S, FIRST)


def test_an_alias_whose_target_is_gone_is_unhealthy() -> None:
    records = of(
        alias(SHARED, f"gone.{ZONE}", evaluate=True, failover=PRIMARY),
        alias(SHARED, "other.", evaluate=True, failover=SECONDARY),
    )
    assert records.answer(SHARED, "A", lambda _: True) == values(RESOURCE_TTL_S, SECOND)


@pytest.mark.parametrize("evaluate", [True, False])
def test_aliases_that_lead_to_each_other_lead_nowhere(evaluate: bool) -> None:
    records = of(alias(SHARED, f"b.{ZONE}", evaluate=evaluate), alias(f"b.{ZONE}", SHARED, evaluate=evaluate))
    assert records.answer(SHARED, "A", lambda _: True) == NOTHING


def test_an_aliass_ttl_is_that_of_what_it_leads_to() -> None:
    records = of(plain(f"b.{ZONE}", "10.0.0.1"), alias(f"a.{ZONE}", f"b.{ZONE}"), alias(f"c.{ZONE}", "api."))
    assert [records.answer(f"{name}.{ZONE}", "A", lambda _: True).ttl_s for name in "abc"] == [30, 30, 60]


def test_a_resource_has_an_ipv4_address_only() -> None:
    assert DEPLOYED.answer(SHARED, "AAAA", lambda _: True) == NOTHING


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        (ZONE, True),
        (SHARED, True),
        (f"a.b.{ZONE}", True),
        (f"b.{ZONE}", True),
        (f"other.{ZONE}", False),
        (f"x.a.b.{ZONE}", False),
        (f"xusers.{ZONE}", False),
    ],
)
def test_a_name_exists_if_it_has_a_record_or_is_on_the_way_to_one(name: str, exists: bool) -> None:
    records = of(plain(SHARED, "10.0.0.1"), plain(f"a.b.{ZONE}", "10.0.0.2"))
    assert records.answer(name, "A", lambda _: True).exists == exists
    assert records.answer(name, "TXT", lambda _: True) == Answer(exists=exists)


@pytest.mark.parametrize(
    ("name", "held"), [(ZONE, True), (SHARED, True), ("example.", False), (f"x{ZONE}", False)]
)
def test_a_zone_holds_its_name_and_those_below(name: str, held: bool) -> None:
    assert DEPLOYED.holds(name) == held
