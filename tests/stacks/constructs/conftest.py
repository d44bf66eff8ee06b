"""The API stack of each Region of each deployment."""

from dataclasses import dataclass

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Stack

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]


@dataclass(frozen=True, kw_only=True)
class PlacedApi:
    """A template, the deployment that it is of, and the Region that it is for."""

    stack: Stack
    deployment: Deployment
    region: str


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> PlacedApi:
    deployment, role = request.param
    return PlacedApi(
        stack=assembly.stacks[f"{deployment.name.title()}{role.title()}-Api"],
        deployment=deployment,
        region=getattr(deployment, f"{role}_region"),
    )
