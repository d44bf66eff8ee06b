"""A buildspec is read as CodeBuild's reference has it, and what is not done here is named."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.local.runner import buildspec
from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.buildspec import Files

BUILD = {"build": {"commands": ["make"]}}


def test_all_that_cdk_writes_is_read() -> None:
    install = {"runtime-versions": {"python": "3.13", "nodejs": 22}, "commands": ["a", "b"]}
    spec = buildspec.read(
        {
            "version": "0.2",
            "env": {"variables": {"A": 1}, "exported-variables": ["VERDICT"]},
            "phases": {"install": install, **BUILD},
            "artifacts": {
                "secondary-artifacts": {"One": {"base-directory": "out", "files": ["**/*"]}},
                "base-directory": "cdk.out",
                "files": ["**/*"],
            },
        }
    )
    assert spec.phases == {"install": ("a", "b"), "pre_build": (), "build": ("make",), "post_build": ()}
    assert (spec.variables, spec.exported, spec.shell) == ({"A": "1"}, ("VERDICT",), "sh")
    assert spec.runtimes == {"python": "3.13", "nodejs": "22"}
    assert spec.artifact == Files(base="cdk.out", patterns=("**/*",))
    assert spec.secondary == {"One": Files(base="out", patterns=("**/*",))}


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ({"version": "0.1"}, "version 0.1"),
        ({"proxy": {}}, "proxy"),
        ({"batch": {}}, "batch"),
        ({"reports": {}}, "reports"),
        ({"cache": {}}, "cache"),
        ({"run-as": "me"}, "run-as"),
        ({"env": {"secrets-manager": {}}}, "env.secrets-manager"),
        ({"env": {"parameter-store": {}}}, "env.parameter-store"),
        ({"env": {"shell": "powershell.exe"}}, "env.shell powershell.exe"),
        ({"env": {"exported-variables": ["$(rm)"]}}, "rm"),
        ({"phases": {"build": {"commands": [], "on-failure": "RETRY"}}}, "phases.build.on-failure"),
        ({"phases": {"build": {"finally": []}}}, "phases.build.finally"),
        ({"phases": {"build": {"runtime-versions": {}}}}, "phases.build.runtime-versions"),
        ({"phases": {"deploy": {}}}, "phases.deploy"),
        ({"artifacts": {"files": ["a"], "discard-paths": "yes"}}, "artifacts.discard-paths"),
        ({"artifacts": {"files": ["../a"]}}, "../a"),
        ({"artifacts": {"files": ["a"], "base-directory": "o*"}}, r"o\*"),
        ({"phases": []}, "form"),
    ],
)
def test_what_is_not_done_here_is_named(part: dict[str, Any], named: str) -> None:
    with pytest.raises(ActionFailed, match=named):
        buildspec.read({"version": "0.2", "phases": BUILD} | part)
