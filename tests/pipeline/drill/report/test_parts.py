"""The picture of recovery shows each part that is known, and a limit that was passed."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from pipeline.drill.attempt import ClientKind
from pipeline.drill.recovery import Recovery
from pipeline.drill.report.parts import LEFT, RIGHT, recovery_parts

KIND = ClientKind.OBEYS_TTL


def bars(recovery: Recovery, limit_s: float = 100) -> dict[str, tuple[float, float]]:
    """Return the left and right edge of each bar, by its style."""
    return {
        bar.get("class", "hatched"): (
            float(bar.get("x", 0)),
            float(bar.get("x", 0)) + float(bar.get("width", 0)),
        )
        for bar in picture(recovery, limit_s).findall("rect")
    }


def picture(recovery: Recovery, limit_s: float) -> Element:
    return fromstring(recovery_parts([recovery], {KIND: limit_s}))  # noqa: S314  # our own


def test_parts_follow_one_another_and_fill_the_whole() -> None:
    found = bars(
        Recovery(kind=KIND, rto_s=100, failures=3, detection_s=30, dns_s=10, client_s=60),
    )
    assert found["part-1"][0] == LEFT
    assert found["part-1"][1] == found["part-2"][0]
    assert found["part-2"][1] == found["part-3"][0]
    assert found["part-3"][1] == found["neutral"][1] == RIGHT


def test_what_is_not_split_is_shown_as_a_whole() -> None:
    assert set(bars(Recovery(kind=KIND, rto_s=50, failures=3))) == {"track", "neutral"}


def test_the_clients_part_is_the_last_where_nothing_was_detected() -> None:
    found = bars(Recovery(kind=KIND, rto_s=100, failures=1, client_s=20))
    assert found["part-3"][1] == RIGHT
    assert found["part-3"][0] > LEFT


def test_who_was_never_served_again_fills_the_row() -> None:
    image = picture(Recovery(kind=KIND, rto_s=None, failures=3), 100)
    assert any(bar.get("fill", "").startswith("url(#hatch") for bar in image.findall("rect"))
    assert [text.text for text in image.findall("text")] == ["obeys-ttl", "not recovered"]


def test_who_never_failed_has_no_bar() -> None:
    image = picture(Recovery(kind=KIND, rto_s=0.0, failures=0), 0)
    assert [bar.get("class") for bar in image.findall("rect")] == ["track"]
    assert [text.text for text in image.findall("text")] == ["obeys-ttl", "never failed"]


def test_the_limit_is_where_it_was_passed() -> None:
    image = picture(Recovery(kind=KIND, rto_s=200, failures=3), 100)
    (limit,) = image.findall("line")
    assert float(limit.get("x1", 0)) == (LEFT + RIGHT) / 2
