"""Each pipeline as it was synthesized."""

import copy

import pytest

from pipeline.delivery import PIPELINES, Pipeline
from tests.pipeline.pipelines import IDS, Stages
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture(params=PIPELINES, ids=IDS)
def pipeline(request: pytest.FixtureRequest) -> Pipeline:
    found: Pipeline = request.param
    return found


@pytest.fixture
def stack(assembly: Assembly, pipeline: Pipeline) -> Stack:
    return assembly.pipeline[pipeline.id]


@pytest.fixture
def stages(stack: Stack) -> Stages:
    found: Stages = copy.deepcopy(stack.only("AWS::CodePipeline::Pipeline")["Properties"]["Stages"])
    return found
