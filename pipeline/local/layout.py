"""Where the local platform is: its folders, its Regions and the ports on loopback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.choice import served_from
from pipeline.config import LOCAL, Deployment
from pipeline.delivery import LOCAL_PIPELINE
from pipeline.local.errors import LocalError
from stacks.refused import Refused

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class RegionPlace:
    """One emulated Region: its role, its AWS endpoint's port and the port of its API."""

    role: str
    name: str
    aws_port: int
    api_port: int

    @property
    def aws_url(self) -> str:
        """The endpoint for AWS SDKs and tools."""
        return f"http://{HOST}:{self.aws_port}"

    @property
    def api_url(self) -> str:
        """Where the Region's own API answers."""
        return f"http://{HOST}:{self.api_port}"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Six ports in a row from `port`: the front door, the Regions' APIs, their AWS endpoints, DNS.

    Raises:
        ValueError: the ports do not fit below 65536, or are reserved.
    """

    port: int = 8080
    state: Path = ROOT / ".local"
    deployment: Deployment = LOCAL

    def __post_init__(self) -> None:
        """Refuse ports that cannot be listened on."""
        if not 1024 <= self.port <= 65_535 - 5:
            raise ValueError(f"The port must be between 1024 and 65530, not {self.port}.")

    @property
    def url(self) -> str:
        """Where a client that knows only one name finds the API."""
        return f"http://{HOST}:{self.port}"

    @property
    def primary(self) -> RegionPlace:
        """The Region that takes the traffic."""
        name = self.deployment.primary_region
        return RegionPlace(role="primary", name=name, api_port=self.port + 1, aws_port=self.port + 3)

    @property
    def secondary(self) -> RegionPlace:
        """The Region that takes over."""
        name = self.deployment.secondary_region
        return RegionPlace(role="secondary", name=name, api_port=self.port + 2, aws_port=self.port + 4)

    @property
    def regions(self) -> tuple[RegionPlace, RegionPlace]:
        """Both Regions, the primary one first."""
        return self.primary, self.secondary

    @property
    def dns_port(self) -> int:
        """Where DNS is answered, by UDP, and tells its state, by HTTP."""
        return self.port + 5

    @property
    def dns_url(self) -> str:
        """Where DNS tells its state."""
        return f"http://{HOST}:{self.dns_port}"

    @property
    def deployments(self) -> Sequence[Deployment]:
        """The layout's deployment, and those that a pipeline deploys beside it to the same two Regions."""
        carried = [wave.deployment for wave in LOCAL_PIPELINE.waves]
        return carried if self.deployment in carried else [self.deployment]

    @property
    def served(self) -> Deployment:
        """The layout's deployment with the tables that it is served from now, which a restore changes.

        Raises:
            LocalError: the record of them cannot be read.
        """
        try:
            named = {each.name: each for each in served_from(self.deployments, self.tables)}
        except Refused as error:
            raise LocalError(f"{self.tables_file} is damaged: {error}") from error
        return named[self.deployment.name]

    @property
    def tables(self) -> str:
        """The variable USERS_TABLES of all that is synthesized for this platform, or asked about it."""
        return self.tables_file.read_text() if self.tables_file.exists() else ""

    @property
    def tables_file(self) -> Path:
        """The record of those tables; without it they are those that are configured."""
        return self.state / "tables.json"

    @property
    def home(self) -> Path:
        """The clone that the platform was started from, whose code and environments its processes run."""
        kept = Path(self.home_file.read_text()) if self.home_file.exists() else ROOT
        return kept if kept.is_dir() else ROOT

    @property
    def home_file(self) -> Path:
        """What names that clone; without it, or once it has moved, that is this one."""
        return self.state / "home"

    @property
    def execution_lock(self) -> Path:
        """The file that an execution of the pipeline holds for as long as it takes."""
        return self.state / "pipeline" / "lock"

    @property
    def zone(self) -> Path:
        """What DNS answers from."""
        return self.state / "zone.json"

    @property
    def dns_events(self) -> Path:
        """What happened to health and to answers since DNS was started."""
        return self.state / "dns-events.jsonl"

    @property
    def assembly(self) -> Path:
        """The synthesized app that is or will be deployed."""
        return self.state / "cdk.out"

    @property
    def routes(self) -> Path:
        """The front door's routes."""
        return self.state / "routes.json"
