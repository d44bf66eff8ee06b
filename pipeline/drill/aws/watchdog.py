"""A process that is not the drill, and undoes on AWS what that left: experiments, stops and fences.

`python -m pipeline.drill.aws.watchdog`. Experiments end without it too, by their time, their stop alarms and
Systems Manager; a stop and a fence do not. Not yet run on AWS.
"""

from __future__ import annotations

from pipeline.choice import deployments_named
from pipeline.drill.aws.place import aws_acts
from pipeline.drill.performance import Folder
from pipeline.drill.watchdog import parser, say, watch

MODULE = "pipeline.drill.aws.watchdog"
BY_HAND = "python -m pipeline.runbook prints the calls that start and unfence a Region."


def main() -> None:
    """Watch over the drill that the arguments name; exit 1 if something could not be undone."""
    arguments = parser(MODULE, __doc__)
    arguments.add_argument("--deployment", required=True, help="its name")
    given = arguments.parse_args()
    (deployment,) = deployments_named(given.deployment)
    disturbances = Folder(path=given.folder).disturbances
    watch(given, lambda: aws_acts(deployment, disturbances).restore(say), by_hand=BY_HAND)


if __name__ == "__main__":
    main()
