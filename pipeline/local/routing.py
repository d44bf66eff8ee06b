"""Where requests go: the zone that DNS answers from, and the front door's routes, as they were deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipeline.local import deploy
from pipeline.local.dns import zone as zones
from pipeline.local.dns.deployed import read_zone, source
from pipeline.local.layout import Layout


def write(layout: Layout) -> None:
    """Ask both Regions once what they have, and keep it for DNS and for the front door.

    From then on neither needs a Region to say where the other is.

    Raises:
        LocalError: a Region has no API or does not answer, or its zone is one that cannot be served.
    """
    routes: dict[str, object] = {
        str(region.api_port): deploy.api_url(layout, region) for region in layout.regions
    }
    routes[str(layout.port)] = _through_dns(layout) or routes[str(layout.primary.api_port)]
    temporary = layout.routes.with_suffix(".new")
    temporary.write_text(json.dumps(routes))
    temporary.replace(layout.routes)


def _through_dns(layout: Layout) -> Mapping[str, object] | None:
    """Keep the zone, and return the route that follows DNS; without a domain there is none."""
    domain = layout.deployment.api.domain
    if domain is None:
        return None
    sources = [source(region) for region in layout.regions]
    zone = read_zone(domain.hosted_zone_name, domain.hosted_zone_id, sources)
    zones.write(zone, layout.zone)
    return {"name": domain.name, "dns_port": layout.dns_port, "addresses": zone.api_urls}
