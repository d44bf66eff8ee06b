"""A process that is not the drill, and undoes what that left: `python -m pipeline.drill.local.watchdog`."""

from __future__ import annotations

from pathlib import Path

from pipeline.drill.local.place import close_place, local_place
from pipeline.drill.performance import Folder
from pipeline.drill.watchdog import Say, parser, say, watch
from pipeline.local.layout import Layout

MODULE = "pipeline.drill.local.watchdog"
BY_HAND = "make down, then make up; `make status` shows what runs."


def restore(layout: Layout, folder: Folder, time_scale: float, say: Say) -> None:
    """Undo all that a drill left, its faster DNS included; raises FaultError for what resists."""
    try:
        local_place(layout, folder.path, time_scale).acts(folder.disturbances).restore(say)
    finally:
        close_place(layout, folder.path)


def main() -> None:
    """Watch over the drill that the arguments name; exit 1 if something could not be undone."""
    arguments = parser(MODULE, __doc__)
    arguments.add_argument("--time-scale", required=True, type=float, help="how many times faster time runs")
    arguments.add_argument("--port", required=True, type=int, help="the front door's")
    arguments.add_argument("--state", required=True, type=Path, help="the folder of the platform's state")
    given = arguments.parse_args()
    layout, folder = Layout(port=given.port, state=given.state), Folder(path=given.folder)
    watch(given, lambda: restore(layout, folder, given.time_scale, say), by_hand=BY_HAND)


if __name__ == "__main__":
    main()
