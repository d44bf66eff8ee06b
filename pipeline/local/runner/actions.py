"""Performs an action of the pipeline on this machine, whichever kind of those it knows it is."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pipeline.local import control, routing
from pipeline.local.assembly import stacks_of
from pipeline.local.endpoint import serving
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import builds, change_sets, source
from pipeline.local.runner.action import ActionFailed, Performer, Work
from pipeline.local.runner.checkout import Checkout
from pipeline.local.runner.definition import Action
from pipeline.local.runner.repository import Repository
from pipeline.local.runner.stacks import Stacks


class Actions:
    """What performs actions against a platform, whose AWS answers at `endpoint`; a platform has one of it."""

    def __init__(self, layout: Layout, *, endpoint: str) -> None:
        self._layout = layout
        self._endpoint = endpoint
        shutil.rmtree(builds.folder(layout), ignore_errors=True)  # what a killed program left
        self._repository = Repository.of(layout).folder
        self._checkout = Checkout(self._repository, layout.state / "pipeline" / "checkout")
        self._stacks = {region.name: Stacks(region) for region in layout.regions}
        self._routing = asyncio.Lock()

    async def perform(self, action: Action, work: Work) -> Mapping[str, str]:
        """Perform an action, and return its output variables.

        Cancelled, it returns when its processes have ended, or the stack that it changes is at rest.

        Raises:
            ActionFailed: it failed, or it is not done here.
        """
        work.log.parent.mkdir(parents=True, exist_ok=True)
        try:
            match action.category, action.provider:
                case "Source", "CodeStarSourceConnection":
                    return await source.perform(
                        action, work, repository=self._repository, shared=self._checkout
                    )
                case "Build", "CodeBuild":
                    return await builds.perform(action, work, shared=self._checkout, endpoint=self._endpoint)
                case "Deploy", "CloudFormation":
                    return await self._deploy(action, work)
                case category, provider:
                    raise ActionFailed(
                        f"Action {action.name} of stage {action.stage} is a {category} by {provider}, "
                        "which this machine does not do."
                    )
        except (LocalError, OSError) as error:
            raise ActionFailed(str(error)) from error

    def close(self) -> None:
        """Let go of the connections to both Regions."""
        for stacks in self._stacks.values():
            stacks.close()

    async def _deploy(self, action: Action, work: Work) -> Mapping[str, str]:
        region = action.region or self._layout.primary.name
        if region not in self._stacks:
            raise ActionFailed(f"There is no Region {region} on this machine.")
        (self._layout.state / "deployed").unlink(missing_ok=True)  # until what stands is known again
        outputs, changed = await change_sets.perform(action, work, stacks=self._stacks[region])
        place = region, action.configuration["StackName"]
        if changed and place in self._own():
            await self._route()
        return outputs

    async def _route(self) -> None:
        """Tell DNS and the front door what is deployed, once all of the layout's own stacks are there."""
        async with self._routing:
            found = {
                (region, name)
                for region, stacks in self._stacks.items()
                for name, status in (await stacks.statuses()).items()
                if status in {*change_sets.DONE, "UPDATE_ROLLBACK_COMPLETE"}
            }
            if self._own() <= found:
                await asyncio.to_thread(routing.write, self._layout)

    def _own(self) -> set[tuple[str, str]]:
        return {(stack.region, stack.name) for stack in stacks_of(self._layout)}


@asynccontextmanager
async def performing(layout: Layout) -> AsyncIterator[Performer]:
    """Yield what performs actions against a platform, for the length of the block."""
    async with serving(layout) as url:
        actions = Actions(layout, endpoint=url)
        try:
            yield actions.perform
        finally:
            actions.close()


async def save(layout: Layout) -> None:
    """Have both Regions save their stacks, functions and objects, which their journals do not hold.

    Raises:
        LocalError: one of them did not.
    """
    await asyncio.gather(*(asyncio.to_thread(control.checkpoint, region) for region in layout.regions))
