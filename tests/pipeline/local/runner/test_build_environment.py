"""A build has the locked tools, credentials as CodeBuild lends them, and nothing of who started it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT, Layout, RegionPlace
from pipeline.local.runner import build_environment


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    def domains(region: RegionPlace) -> dict[str, str]:
        return {"users.local": f"{region.aws_url}/shared", f"{region.name}.users.local": region.aws_url}

    monkeypatch.setattr(build_environment, "source", lambda region: region)
    monkeypatch.setattr(build_environment, "domain_urls", domains)
    return Layout(state=tmp_path)


def test_nothing_of_who_started_it_is_there(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = (
        "GIT_DIR",
        "MAKEFLAGS",
        "MFLAGS",
        "PYTHONPATH",
        "CODEBUILD_BUILD_ID",
        "JSII_NODE",
        "AWS_PROFILE",
    )
    for name in planted:
        monkeypatch.setenv(name, "planted")
    monkeypatch.setenv("VIRTUAL_ENV", "/venv")
    monkeypatch.setenv("PATH", f"/venv/bin:{ROOT}/.venv/bin:/usr/bin:/bin")
    monkeypatch.setenv("KEPT", "kept")
    found = build_environment.environment(layout, endpoint="http://here")
    assert {*planted, "VIRTUAL_ENV"} & found.keys() == set()
    assert found["KEPT"] == "kept"
    npm, tools, *rest = found["PATH"].split(":")
    assert (npm, tools) == (f"{layout.state}/pipeline/npm/bin", f"{layout.state}/pipeline/tools")
    assert rest == ["/usr/bin", "/bin"]


def test_aws_is_the_endpoint_with_what_it_lends_and_no_keys(layout: Layout) -> None:
    found = build_environment.environment(layout, endpoint="http://here")
    assert {name: value for name, value in found.items() if name.startswith("AWS_")} == {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://here/_local/credentials",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://here",
        "AWS_REGION": "eu-west-1",
    }
    assert json.loads(found["USERS_ADDRESSES"]) == {
        "users.local": "http://127.0.0.1:8083/shared",
        "eu-west-1.users.local": "http://127.0.0.1:8083",
        "eu-central-1.users.local": "http://127.0.0.1:8084",
    }


def test_python_is_the_one_beneath_the_clones_environment_and_npm_is_the_locked_one(layout: Layout) -> None:
    tools = build_environment.tools(layout)
    ask = "import sys; print(sys.prefix == sys.base_prefix, sys.version)"
    for name in ("python", "python3"):
        command = [str(tools / name), "-c", ask]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours
        assert said == f"True {sys.version}\n"
    assert (tools / "npm").read_text().splitlines()[1].startswith(f"exec {ROOT}/.venv/lib/python")
    assert Path((tools / "npm").read_text().split()[3]).is_file()
    before = (tools / "npm").stat().st_mtime_ns
    build_environment.tools(layout)
    assert (tools / "npm").stat().st_mtime_ns == before


def test_the_version_that_is_there_is_said() -> None:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    (line,) = build_environment.runtimes({"python": here})
    assert line.endswith(" is used")
    (line,) = build_environment.runtimes({"python": here[:-1] or "x"})
    assert line.endswith(" is used instead")


def test_a_build_is_told_which_table_serves(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_TABLES", "another platform's")
    assert build_environment.environment(layout, endpoint="http://here")["USERS_TABLES"] == ""
    layout.tables_file.write_text('{"local": ["users-local", "users-local-restored"]}')
    found = build_environment.environment(layout, endpoint="http://here")
    assert json.loads(found["USERS_TABLES"]) == {"local": ["users-local", "users-local-restored"]}
