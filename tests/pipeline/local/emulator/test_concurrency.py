"""A function for which nothing is reserved does not run, by whatever version or alias it is invoked."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack
from tests.pipeline.local.emulator.served import WritingApi


def test_a_function_with_no_concurrency_fails_its_api_and_runs_again_without_that(
    lone_region: LoneRegion, tmp_path: Path
) -> None:
    stack, file = Stack(lone_region), tmp_path / "written"
    api, functions = WritingApi(stack, lone_region.place.aws_url), stack.client("lambda")

    def ask(line: str) -> httpx.Response:
        return httpx.get(api.url(file, line), trust_env=False, timeout=20)

    assert ask("before").status_code == 200
    functions.put_function_concurrency(FunctionName=api.function, ReservedConcurrentExecutions=0)
    answer = ask("during")
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal server error"})
    functions.put_function_concurrency(FunctionName=api.function, ReservedConcurrentExecutions=2)
    assert ask("reserved").status_code == 200
    functions.delete_function_concurrency(FunctionName=api.function)
    assert ask("after").text == "written"
    assert file.read_text().split() == ["before", "reserved", "after"]
