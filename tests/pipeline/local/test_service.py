"""A service's process is started, known again, and ended whole, whatever state it is in."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.local import service as services
from pipeline.local.errors import LocalError
from pipeline.local.service import Service
from tests.pipeline.local.processes import HEED_NOTHING, python, runs, with_child
from tests.ports import free_ports
from tests.waiting import eventually


class Dummy:
    """Makes services of small scripts, and ends whatever is left of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ready = folder / "ready"
        self.child_pid = folder / "child.pid"

    def service(self, *statements: str, ports: list[int] | None = None) -> Service:
        return Service(
            name="dummy",
            command=python(*statements, ready=self.ready),
            ports=ports or [],
            folder=self.folder / "state",
            cwd=self.folder,
            ready=self.ready.exists,
        )

    def running(self, *statements: str) -> Service:
        service = self.service(*statements)
        service.start(os.environ)
        service.await_ready()
        return service

    def child(self, *statements: str) -> str:
        return with_child(self.child_pid, *statements)

    @property
    def child_runs(self) -> bool:
        return runs(int(self.child_pid.read_text()))


@pytest.fixture
def dummy(tmp_path: Path) -> Iterator[Dummy]:
    before = list(services._children)
    yield Dummy(tmp_path)
    for child in services._children:
        if child not in before:
            child.kill()
            child.wait()
    services._children[:] = before


def stop(service: Service) -> None:
    service.await_stopped(service.ask_to_stop())


def test_a_service_runs_in_a_session_of_its_own_until_it_is_stopped(dummy: Dummy) -> None:
    service = dummy.running()
    process = service.process
    assert process is not None
    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    stop(service)
    assert service.process is None
    assert not runs(process.pid)
    assert process.pid not in [child.pid for child in services._children]


def test_it_gets_the_environment_that_is_given_and_no_other(dummy: Dummy) -> None:
    service = dummy.service("import os; print(sorted(os.environ), flush=True)")
    service.start({"ONLY": "this", "LC_CTYPE": "C.UTF-8"})
    service.await_ready()
    stop(service)
    assert service.last_words() == "['LC_CTYPE', 'ONLY']"


def test_one_that_dies_while_it_starts_is_reported_with_its_last_words(dummy: Dummy) -> None:
    service = dummy.service("print('about to fail')", "raise SystemExit('the disk is gone')")
    service.start(os.environ)
    with pytest.raises(
        LocalError, match=r"dummy stopped while it started: the disk is gone \(.*dummy\.log\)"
    ):
        service.await_ready()


def test_one_that_never_answers_is_reported_with_its_log(
    dummy: Dummy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "START_DEADLINE_S", 0.0)
    service = dummy.service("import threading; threading.Event().wait()")
    service.start(os.environ)
    with pytest.raises(LocalError, match=r"dummy did not answer in 0 s; see .*dummy\.log"):
        service.await_ready()
    stop(service)


@pytest.mark.parametrize(
    ("log", "words"), [(None, "it said nothing"), ("\n \n", "it said nothing"), ("a\n b \n\n", "b")]
)
def test_last_words_are_the_last_line_with_something_on_it(dummy: Dummy, log: str | None, words: str) -> None:
    service = dummy.service()
    if log is not None:
        service.folder.mkdir()
        service.log.write_text(log)
    assert service.last_words() == words


def test_another_process_with_the_same_pid_is_not_taken_for_it(dummy: Dummy) -> None:
    service = dummy.running()
    process = service.process
    assert process is not None
    pid_file = service.folder / "dummy.pid"
    pid_file.write_text(json.dumps({"pid": process.pid, "created": process.create_time() - 1}))
    assert service.process is None
    assert service.ask_to_stop() == []
    service.await_stopped([])
    assert runs(process.pid)


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", "7", "{}", '{"pid": "x", "created": 0}', '{"pid": -1, "created": 0}']
)
def test_a_pid_file_that_makes_no_sense_is_no_process(dummy: Dummy, kept: str) -> None:
    service = dummy.service()
    service.folder.mkdir()
    (service.folder / "dummy.pid").write_text(kept)
    assert service.process is None


def test_stopping_what_does_not_run_does_nothing(dummy: Dummy) -> None:
    service = dummy.service()
    assert service.ask_to_stop() == []
    service.await_stopped([])


def test_a_frozen_one_is_stopped_with_its_children(dummy: Dummy) -> None:
    parent_ends_child = (
        "import signal, sys\ndef end(*_): child.terminate(); child.wait(); print('saved'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)"
    )
    start = dummy.child().replace("subprocess.Popen", "child = subprocess.Popen", 1)
    service = dummy.running(start, parent_ends_child)
    service.signal(signal.SIGSTOP)
    stop(service)
    assert service.process is None
    assert service.last_words() == "saved"
    assert not dummy.child_runs


def test_a_stubborn_one_is_killed_after_a_while(dummy: Dummy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STOP_DEADLINE_S", 0.05)
    service = dummy.running(HEED_NOTHING)
    stop(service)
    assert service.process is None


def test_a_stubborn_child_does_not_outlive_its_parent(dummy: Dummy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STOP_DEADLINE_S", 0.05)
    service = dummy.running(dummy.child(HEED_NOTHING))
    family = service.ask_to_stop()
    psutil.wait_procs(family[:1])
    assert dummy.child_runs
    service.await_stopped(family)
    assert not dummy.child_runs


def test_a_signal_reaches_the_process_and_its_children(dummy: Dummy) -> None:
    service = dummy.running(dummy.child())
    process = service.process
    assert process is not None
    service.signal(signal.SIGKILL)
    psutil.wait_procs([process])
    assert service.process is None
    eventually(lambda: not dummy.child_runs)


def test_a_signal_to_what_does_not_run_is_refused(dummy: Dummy) -> None:
    with pytest.raises(LocalError, match="dummy does not run"):
        dummy.service().signal(signal.SIGSTOP)


def test_a_taken_port_is_named_and_the_way_out_too(dummy: Dummy) -> None:
    first = free_ports(2)
    service = dummy.service(ports=[first, first + 1])
    service.require_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", first + 1))
        other.listen()
        with pytest.raises(LocalError, match=rf"Port {first + 1} on 127\.0\.0\.1 is taken .* PORT=9080"):
            service.require_ports()
