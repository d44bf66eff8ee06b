"""The walk through every operation goes as it says, in each Region and through the front door."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import httpx
import pytest

from tests.e2e.platform import Platform
from tests.e2e.walk import WALK, Step, steps
from tests.waiting import eventually


def goes_as_it_says(http: httpx.Client, step: Step) -> bool:
    answer = http.send(step.request)
    return answer.status_code == step.status and step.text in answer.text


@pytest.mark.e2e
@pytest.mark.parametrize("entrance", ["front door", "primary", "secondary"])
def test_the_walk_goes_as_it_says(platform: Platform, http: httpx.Client, entrance: str) -> None:
    layout = platform.layout
    urls = {"front door": layout.url, **{region.role: region.api_url for region in layout.regions}}
    for step in steps(urls[entrance], f"walk-{uuid4().hex[:8]}"):
        if step.reads_an_index:
            eventually(partial(goes_as_it_says, http, step))
            continue
        answer = http.send(step.request)
        assert answer.status_code == step.status, (step.title, answer.text)
        assert step.text in answer.text, (step.title, answer.text)


def test_no_request_of_the_walk_is_passed_over() -> None:
    assert len(steps("http://127.0.0.1", "r")) == WALK.read_text().count("\n### ")
