"""Under which names a deployment's API is reached."""

import re
from dataclasses import dataclass

HOSTNAME = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"

# The name of a certificate has at most 64 characters, and a Region puts up to 15 before the shared name
# (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html).
LONGEST_NAME = 64 - len("ap-southeast-1.")


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A hosted zone, and the name in it that leads to whichever Region serves.

    Each Region also has a name of its own, for health checks and for whoever wants that Region, and an
    origin: the record behind the shared name, which clients are never told. Raises ValueError, with a
    sentence that names the field, for a value that Route 53 would refuse.
    """

    hosted_zone_id: str
    hosted_zone_name: str
    name: str

    def __post_init__(self) -> None:
        """Refuse names that are none, or that the zone does not hold."""
        if not re.fullmatch(r"Z[A-Z0-9]{1,31}", self.hosted_zone_id):
            raise ValueError(f"hosted_zone_id must be Z and letters and digits, not {self.hosted_zone_id!r}.")
        for field in ("hosted_zone_name", "name"):
            value = getattr(self, field)
            if not re.fullmatch(HOSTNAME, value) or len(value) > 200:
                raise ValueError(f"{field} must be a host name in lower case, not {value!r}.")
        if not self.name.endswith(f".{self.hosted_zone_name}"):
            raise ValueError(
                f"name must be below hosted_zone_name, {self.hosted_zone_name}, not {self.name}."
            )
        if len(self.name) > LONGEST_NAME:
            raise ValueError(
                f"name must have at most {LONGEST_NAME} characters, not {len(self.name)}: "
                "each Region has a certificate for a longer one."
            )

    def of_region(self, region: str) -> str:
        """The name under which one Region answers, whatever the others do."""
        return f"{region}.{self.name}"

    def origin(self, region: str) -> str:
        """The record that leads the shared name to one Region."""
        return f"origin-{region}.{self.name}"
