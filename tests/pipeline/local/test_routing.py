"""Where requests go is kept as it was deployed: to each Region by its port, through DNS by the shared one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import LOCAL
from pipeline.local import deploy, routing
from pipeline.local.dns.deployed import Source
from pipeline.local.dns.zone import Zone, ZoneError, read
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from tests.pipeline.local.dns.clouds import Cloud, alarm


class Deployed:
    """Two Regions with APIs, and what Route 53 has of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.cloud = Cloud()
        self.without_api: str | None = None
        self.asked: list[str] = []

    def api_url(self, layout: Layout, region: RegionPlace) -> str:
        assert layout == self.layout
        if region.role == self.without_api:
            raise LocalError(f"No API is deployed to the {region.role} Region, {region.name}")
        return f"{region.aws_url}/the-api-of/{region.role}"

    def source(self, place: RegionPlace) -> Source:
        self.asked.append(place.name)
        return next(source for source in self.cloud.sources() if source.place == place)

    def routes(self) -> dict[str, Any]:
        routing.write(self.layout)
        return dict(json.loads(self.layout.routes.read_text()))

    def zone(self) -> Zone:
        return read(self.layout.zone)

    def left(self) -> Sequence[str]:
        return sorted(file.name for file in self.layout.state.iterdir())


@pytest.fixture
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    deployed = Deployed(Layout(state=tmp_path))
    monkeypatch.setattr(deploy, "api_url", deployed.api_url)
    monkeypatch.setattr(routing, "source", deployed.source)
    return deployed


def test_a_regions_port_leads_to_that_region_and_the_shared_one_through_dns(deployed: Deployed) -> None:
    stage = "/restapis/api/local/_user_request_"
    assert deployed.routes() == {
        "8081": "http://127.0.0.1:8083/the-api-of/primary",
        "8082": "http://127.0.0.1:8084/the-api-of/secondary",
        "8080": {
            "name": "users.local.example",
            "dns_port": 8085,
            "addresses": {
                "127.83.0.1": f"http://127.0.0.1:8083{stage}",
                "127.83.0.2": f"http://127.0.0.1:8084{stage}",
            },
        },
    }


def test_the_zone_is_kept_for_dns_and_nothing_else_is_left(deployed: Deployed) -> None:
    routes = deployed.routes()
    assert deployed.zone().api_urls == routes["8080"]["addresses"]
    assert deployed.zone().addressed.holds("users.local.example.")
    assert deployed.asked == ["eu-west-1", "eu-central-1"]
    assert deployed.left() == ["routes.json", "zone.json"]


def test_a_deployment_without_a_domain_leads_to_the_primary_region(deployed: Deployed) -> None:
    api = replace(LOCAL.api, domain=None)
    deployed.layout = replace(deployed.layout, deployment=replace(LOCAL, api=api))
    routes = deployed.routes()
    assert routes["8080"] == routes["8081"] == "http://127.0.0.1:8083/the-api-of/primary"
    assert (deployed.asked, deployed.left()) == ([], ["routes.json"])


@pytest.mark.parametrize("role", ["primary", "secondary"])
def test_a_region_without_an_api_is_named_and_what_was_there_stays(deployed: Deployed, role: str) -> None:
    before = deployed.routes()
    deployed.without_api = role
    with pytest.raises(LocalError, match=f"No API is deployed to the {role} Region"):
        deployed.routes()
    assert json.loads(deployed.layout.routes.read_text()) == before


def test_a_zone_that_cannot_be_served_changes_nothing(deployed: Deployed) -> None:
    before, zone = deployed.routes(), deployed.zone()
    deployed.cloud.alarms["eu-central-1"].alarms["stop-eu-west-1"] = alarm("eu-west-1", Period=10)
    with pytest.raises(ZoneError, match="has high resolution"):
        deployed.routes()
    assert (json.loads(deployed.layout.routes.read_text()), deployed.zone()) == (before, zone)
