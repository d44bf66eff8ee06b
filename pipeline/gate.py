"""What a commit must pass: `python -m pipeline.gate hold | table | smoke | bake | review | release`.

Not yet run on AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import boto3
import httpx
import typer
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.choice import UnknownDeployment, WrongTables, deployments_named
from pipeline.config import Deployment
from pipeline.delivery import LOCK_MINUTES
from pipeline.difference import Difference, difference, one_line, write
from pipeline.lock import Held, Lock
from pipeline.quiet import Alarms, Loud
from pipeline.replicas import Unready, unready
from pipeline.smoke import Smoke, base_url, smoke
from pipeline.synth import rows
from stacks import names

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)

On = Annotated[str, typer.Option(help="The deployment.")]
Region = Annotated[str, typer.Option(help="One of its Regions.")]
Minutes = Annotated[int, typer.Option(min=1)]
Seconds = Annotated[int, typer.Option(min=1)]
# The Region of the locks' table is that of the credentials' environment unless it is said.
LockRegion = Annotated[str | None, typer.Option(help="The Region of the locks.")]
Table = Annotated[str, typer.Option(help="The table of the locks; from another account its ARN.")]
Assembly = Annotated[Path, typer.Option(help="The cloud assembly with the templates that are wanted.")]
Folder = Annotated[Path, typer.Option(help="The folder for what is written.")]
Addresses = Annotated[str, typer.Option(envvar="USERS_ADDRESSES", help="URLs by name, as JSON, before DNS.")]
Tables = Annotated[str, typer.Option(envvar="USERS_TABLES", help="Tables by deployment, as JSON.")]
Holder = Annotated[str, typer.Option("--as", help="Who holds it.")]
PIPELINE = "the pipeline"


class NothingToReview(Exception):
    """An assembly has nothing of the deployment that it is to change."""


FOUND = (Held, Loud, NothingToReview, Smoke, Unready, UnknownDeployment, WrongTables)


@app.command()
def hold(
    *,
    on: On,
    holder: Holder = PIPELINE,
    minutes: Minutes = LOCK_MINUTES,
    wait_minutes: int = 0,
    table: Table = names.LOCKS,
    lock_region: LockRegion = None,
) -> None:
    """Let no other deploy and no other drill begin on a deployment; exit 1 if one is under way."""
    with told():
        lock = Lock(
            dynamodb=client("dynamodb", lock_region), table=table, deployment=known(on).name, holder=holder
        )
        lock.hold(minutes=minutes, wait_minutes=wait_minutes)


@app.command()
def release(
    *, on: On, holder: Holder = PIPELINE, table: Table = names.LOCKS, lock_region: LockRegion = None
) -> None:
    """Give back what `hold` took."""
    with told():
        Lock(
            dynamodb=client("dynamodb", lock_region), table=table, deployment=known(on).name, holder=holder
        ).release()


@app.command(name="table")
def whole_table(*, on: On, tables: Tables = "") -> None:
    """Exit 1 unless the table, its replica and its indexes are active in both Regions."""
    with told():
        deployment = known(on, tables)
        for region in (deployment.primary_region, deployment.secondary_region):
            if missing := unready(client("dynamodb", region), deployment.table_name):
                raise Unready(f"In {region} {', '.join(missing)}.")


@app.command(name="smoke")
def smoke_region(*, on: On, region: Region, addresses: Addresses = "") -> None:
    """Have one Region make, show and remove a user; exit 1 if it does not."""
    with told():
        domain = known(on).api.domain
        if domain is None:
            raise typer.BadParameter(f"{on} has no domain to be asked by.")
        with httpx.Client(base_url=base_url(domain.of_region(region), addresses), timeout=10) as asked:
            smoke(asked, region)


@app.command()
def bake(*, on: On, region: Region, seconds: Seconds) -> None:
    """Wait until the alarms of one Region were quiet for so long; exit 1 as soon as one is raised."""
    with told():
        deployment = known(on)
        role = "Primary" if region == deployment.primary_region else "Secondary"
        stacks = f"{deployment.name.title()}{role}-"
        # How old a backup is says nothing of a release, and no release that is held back makes a newer one.
        Alarms(
            cloudwatch=client("cloudwatch", region),
            prefixes=[stacks, f"{deployment.service}-"],
            apart=[f"{stacks}Backup-"],
        ).stay_quiet(seconds=seconds)


@app.command()
def review(*, on: On, assembly: Assembly, to: Folder) -> None:
    """Write what would change in a deployment to a folder, and say it in a line."""
    with told():
        found = list(differences(known(on), assembly))
        write(found, to / "templates.diff")
        typer.echo(one_line(found))


def differences(deployment: Deployment, assembly: Path) -> Iterator[Difference]:
    """Yield each stack whose template is not the one that is deployed; raises botocore's errors."""
    access = f"/{deployment.name.title()}Access"  # the stage by which the pipeline gets in
    wanted = [
        row for row in rows(assembly) if row.deployment == deployment or row.stack.stage.endswith(access)
    ]
    if not wanted:
        raise NothingToReview(f"{assembly} has no stack of {deployment.name}.")
    for row in wanted:
        before = deployed(client("cloudformation", row.stack.region), row.stack.name)
        if found := difference(row.stack.name, before, row.stack.template):
            yield found


def deployed(cloudformation: Any, stack: str) -> dict[str, Any]:  # noqa: ANN401 - boto3
    """Return the template of a stack as it was given, nothing where there is no such stack yet."""
    try:
        return dict(cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # CloudFormation's word for "does not exist"
            return {}
        raise


def client(service: str, region: str | None) -> Any:  # noqa: ANN401 - boto3 makes the classes at run time
    """Return a client with the credentials of the environment."""
    session: Any = boto3.session.Session(region_name=region)
    return session.client(service)


def known(name: str, tables: str = "") -> Deployment:
    """Return the one deployment of a name, served from these tables; raises as `deployments_named`."""
    (deployment,) = deployments_named(name, tables)
    return deployment


@contextmanager
def told() -> Iterator[None]:
    """Tell what a gate found, and end with 1."""
    try:
        yield
    except (*FOUND, httpx.HTTPError, BotoCoreError, ClientError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
