"""A process that is not the drill, and undoes what that left: `python -m pipeline.restore.watchdog`."""

from __future__ import annotations

from pathlib import Path

from pipeline.drill.clock import Clock
from pipeline.drill.watchdog import parser, say, watch
from pipeline.local.layout import Layout
from pipeline.restore.acts import Acts, Tell
from pipeline.restore.folder import Folder
from pipeline.restore.local import place_of, undo_command


def undo(layout: Layout, folder: Folder, tell: Tell) -> None:
    """Undo all that a drill left; raises FaultError, and botocore's errors, for what resists."""
    Acts(place_of(layout, folder), folder, Clock()).undo(tell)


def main() -> None:
    """Watch over the drill that the arguments name; exit 1 if something could not be undone."""
    arguments = parser("pipeline.restore.watchdog", __doc__)
    arguments.add_argument("--port", required=True, type=int, help="the front door's")
    arguments.add_argument("--state", required=True, type=Path, help="the folder of the platform's state")
    given = arguments.parse_args()
    layout, folder = Layout(port=given.port, state=given.state), Folder(path=given.folder)
    watch(given, lambda: undo(layout, folder, say), by_hand=undo_command(layout))


if __name__ == "__main__":
    main()
