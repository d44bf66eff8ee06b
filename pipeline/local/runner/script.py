"""Writes the shell script that goes through the phases of a build, all in one shell.

The rules are those of https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details.html#view-build-details-phases:
a command that fails ends its phase; after `build` comes `post_build` all the same, after others nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.local.runner.buildspec import PHASES, BuildSpec

# A command may end the shell by `exit`, as CDK's do: the trap goes on from there. An end before the last
# phase is a failure whatever its status is, lest a gate is passed by leaving. Asked to end, the
# shell waits for the command that it is at.
FRAME = """\
CODEBUILD_BUILD_SUCCEEDING=1; export CODEBUILD_BUILD_SUCCEEDING
cb_ended() {{
  cb_status=$1; trap - EXIT
  [ "$cb_phase" = done ] || cb_failed
  exit "$cb_status"
}}
cb_failed() {{
  echo "$cb_phase $cb_status" > {failed}
  echo "[$cb_phase] ended the build with status $cb_status"
  if [ "$cb_phase" = build ]; then
    CODEBUILD_BUILD_SUCCEEDING=0
    cb_post_build
  fi
}}
trap 'cb_ended $?' EXIT
trap 'trap - EXIT; exit 143' TERM
cb_post_build() {{
{post_build}
}}
{others}
cb_post_build
cb_phase=done
{exports}
exit 0
"""
COMMAND = """\
printf '%s\\n' {shown}
eval {command}; cb_last=$?; [ "$cb_last" = 0 ] || exit "$cb_last"
"""


def script(spec: BuildSpec, *, failed: Path, exports: Path) -> str:
    """Return the script; what fails is told in a file, `<phase> <status>`, and exported variables are files.

    A shell of POSIX runs it. A variable that is not set at the end has no file in the folder `exports`.
    """
    before = [_phase(phase, spec.phases[phase]) for phase in PHASES[:-1]]
    return FRAME.format(
        failed=shlex.quote(str(failed)),
        post_build=_phase(PHASES[-1], spec.phases[PHASES[-1]]),
        others="\n".join(before),
        exports="\n".join(_exports(spec.exported, exports)),
    )


def _phase(name: str, commands: Sequence[str]) -> str:
    lines = [
        COMMAND.format(shown=shlex.quote(f"[{name}] $ {command}"), command=shlex.quote(command))
        for command in commands
    ]
    return f"cb_phase={name}\n" + "".join(lines)


def _exports(names: Sequence[str], folder: Path) -> Iterator[str]:
    for name in names:
        file = shlex.quote(str(folder / name))
        yield f'[ -z "${{{name}+x}}" ] || printf %s "${name}" > {file}'
