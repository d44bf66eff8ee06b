"""How long a push takes until both Regions answer with its code, beside a bare `cdk deploy` of the stacks."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from pipeline.local import commands, deploy
from pipeline.local.assembly import stacks_of
from pipeline.local.layout import ROOT, Layout
from pipeline.local.platform import environment
from pipeline.local.runner.record import Status
from tests.bench.figure import Figure, seconds
from tests.e2e.clone import Clone
from tests.e2e.platform import Platform
from tests.e2e.release import releases, say_release

DELIVERY = "pipeline/delivery.py"
DRILL = ", drill=Drill(time_scale=10)"
LAST_WAVE = "        Wave(deployment=LOCALPROD, bake_seconds=5, approved=True),\n"
LOOKS_EVERY_S = 0.2  # seldom enough that looking costs the push next to nothing


def measure(platform: Platform) -> Figure:
    """Deploy one release to a running platform by the CDK CLI alone, and push the next one.

    Both find their environments installed and the Regions at the clone's code, so that a release is all that
    changes. The pipeline has one wave without its drill: after one, a bake was seen to wait half a minute.

    Raises:
        SystemExit: a push or a deployment did not bring its release to both Regions.
    """
    with TemporaryDirectory() as folder:
        home = Path(folder) / "clone"
        clone = Clone(home, platform)
        cloned, drill_less = clone.head, _warm_up(clone)
        clone.back_to(cloned)
        layout = Layout(port=platform.layout.port, state=Path(folder) / "bare")
        layout.state.mkdir()
        _synthesize(layout, home)  # so that the clone has its bytecode, as one that somebody works in has
        say_release(clone, "bare", before=None)
        bare = seconds(lambda: _bare_deploy(layout, home))
        if releases(platform) != ["bare", "bare"]:
            raise SystemExit(f"after `cdk deploy` the Regions say {releases(platform)}")
        clone.back_to(drill_less)
        say_release(clone, "pushed", before=None)
        clone.commit("Say another release")
        push = _push(clone, platform, "pushed")
    made_of = (
        f"push {push:.1f} s with tests, synth, update of the pipeline, assets, the secondary Region's smoke "
        f"and bake; synth and `cdk deploy` per stage with assets {bare:.1f} s"
    )
    return Figure(
        name="push to both Regions / cdk deploy", value=push / bare, unit=" times", most=4.0, made_of=made_of
    )


def _warm_up(clone: Clone) -> str:
    """Push what is there without the drill, which installs what builds need, and return the commit."""
    clone.replace(DELIVERY, DRILL, "")
    clone.replace(DELIVERY, LAST_WAVE, "")
    commit = clone.commit("Have one wave, and no drill")
    said = clone.push()
    if clone.record(commit).status is not Status.SUCCEEDED:
        raise SystemExit(f"the first push did not succeed:\n{said}")
    return commit


def _bare_deploy(layout: Layout, home: Path) -> None:
    """Synthesize and deploy the clone as somebody does who has a CDK CLI and no pipeline."""
    _synthesize(layout, home)
    regions = {place.name: place for place in layout.regions}
    for stage, region in {stack.stage: stack.region for stack in stacks_of(layout)}.items():
        commands.run(
            deploy.cdk(deploy.stage_arguments(stage, layout)),
            cwd=layout.state,
            environment=deploy.towards(regions[region], layout, environment()),
            log=layout.state / f"{stage}.log",
        )


def _synthesize(layout: Layout, home: Path) -> None:
    """Synthesize the clone's one deployment, with this repository's environment."""
    commands.run(
        [sys.executable, "app.py"],
        cwd=home,
        environment={
            **environment(),
            "CDK_OUTDIR": str(layout.assembly),
            "CDK_CONTEXT_JSON": f'{{"deployments": "{layout.deployment.name}"}}',
            "JSII_NODE": str(ROOT / ".venv" / "bin" / "node"),
        },
        log=layout.state / "synth.log",
    )


def _push(clone: Clone, platform: Platform, release: str) -> float:
    """Return how long after its beginning a push had both Regions answer; it has ended then."""
    began = time.perf_counter()
    with clone.pushing() as push, httpx.Client(timeout=20) as client:
        while releases(platform, get=client.get) != [release, release]:
            with suppress(subprocess.TimeoutExpired):
                said, _ = push.communicate(timeout=LOOKS_EVERY_S)
                raise SystemExit(f"the push ended, and the Regions say {releases(platform)}:\n{said}")
        taken = time.perf_counter() - began
        push.communicate()
    return taken
