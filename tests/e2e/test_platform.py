"""What a person at a terminal sees of the platform."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

import psutil
import pytest

from pipeline.local.platform import services
from tests.e2e.platform import Platform
from tests.waiting import eventually

pytestmark = pytest.mark.e2e

# A shell starts what it runs in the background deaf to Ctrl-C, and its children inherit that.
INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_everything_listens_on_loopback(platform: Platform) -> None:
    for service in services(platform.layout):
        process = service.process
        assert process is not None
        family = [process, *process.children(recursive=True)]
        listening = [c for p in family for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
        assert {connection.laddr.port for connection in listening} == set(service.ports)


def test_status_says_what_runs_and_what_is_not_emulated(platform: Platform) -> None:
    result = platform.make("status", "--json")
    status = json.loads(result.stdout)
    assert result.returncode == 0
    assert [(s["name"], s["state"]) for s in status["services"]] == [
        ("primary", "running"),
        ("secondary", "running"),
        ("dns", "running"),
        ("front-door", "running"),
    ]
    assert (status["dns"]["name"], status["dns"]["role"]) == ("users.local.example", "primary")
    assert {entry["region"] for entry in status["replication"]} == {"eu-west-1", "eu-central-1"}
    gaps = {gap["what"]: gap["how"] for gap in status["gaps"]}
    assert "not enforced" in gaps["AWS::IAM::Policy"]
    for what in ("AWS::WAFv2::WebACL", "AWS::CodeDeploy::DeploymentGroup", "Lambda::Alias.UpdatePolicy"):
        assert gaps[what].startswith("stored, not run: ")
    assert not [what for what, how in gaps.items() if "not reviewed" in how]


def test_status_tells_a_frozen_region_from_a_stopped_one(platform: Platform) -> None:
    region = platform.layout.secondary
    platform.service(region).signal(signal.SIGSTOP)
    try:
        result = platform.make("status")
        assert result.returncode != 0
        assert "frozen" in next(line for line in result.stdout.splitlines() if line.startswith("secondary"))
    finally:
        platform.service(region).signal(signal.SIGCONT)
    platform.service(region).signal(signal.SIGKILL)
    eventually(lambda: platform.service(region).process is None)
    stopped = platform.make("status").stdout
    assert "stopped" in next(line for line in stopped.splitlines() if line.startswith("secondary"))


def test_a_second_up_changes_nothing(platform: Platform) -> None:
    pids = [service.process.pid for service in services(platform.layout) if service.process]
    assert "nothing to deploy" in platform.up()
    assert [service.process.pid for service in services(platform.layout) if service.process] == pids


def test_down_without_up_says_that_nothing_was_running(tmp_path: Path) -> None:
    result = Platform(tmp_path).make("down")
    assert (result.returncode, "Nothing was running." in result.stdout) == (0, True)


@pytest.mark.parametrize("taken", range(5))
def test_a_taken_port_is_one_sentence_and_leaves_nothing_running(tmp_path: Path, taken: int) -> None:
    fresh = Platform(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", fresh.layout.port + taken))
        other.listen()
        result = fresh.make("up")
    assert result.returncode != 0
    complaints = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert complaints == [
        f"Port {fresh.layout.port + taken} on 127.0.0.1 is taken by another program: end that, "
        "or choose other ports with `make up PORT=9080`."
    ]
    assert not [service for service in services(fresh.layout) if service.process]


def test_an_interrupted_up_leaves_nothing_running_and_can_be_repeated(tmp_path: Path) -> None:
    fresh = Platform(tmp_path)
    try:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", INTERRUPTIBLE, *fresh.command("up")],
            cwd=fresh.options()["cwd"],
            env=fresh.options()["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as up:
            eventually((tmp_path / "deploy-LocalData.log").exists, within_s=120)
            family = [p for p in psutil.process_iter() if _group(p) == up.pid]
            for process in family:
                process.send_signal(signal.SIGINT)
            _, complaint = up.communicate(timeout=60)
        assert up.returncode != 0
        assert "Interrupted: what this command had started was ended again." in complaint
        assert not [service for service in services(fresh.layout) if service.process]
        assert "The users API answers" in fresh.up()
    finally:
        assert fresh.make("down").returncode == 0


def test_two_commands_do_not_change_the_platform_at_once(platform: Platform) -> None:
    with (platform.layout.state / "lock").open() as lock:
        flock(lock, LOCK_EX)
        result = platform.make("down")
    assert result.returncode != 0
    assert "Another command is changing the platform: wait for it to end." in result.stderr


def test_a_port_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    result = subprocess.run(  # noqa: S603
        ["make", "up", "PORT=70000", f"ARGS=--state {tmp_path}"],  # noqa: S607
        **Platform(tmp_path).options(),
        check=False,
    )
    assert result.returncode != 0
    assert "The port must be between 1024 and 65530, not 70000." in result.stderr


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None
