"""One synthesis of BETA and PROD in a process of its own: guarded, as always, or bare of the guardrails."""

from __future__ import annotations

import sys

import aws_cdk as cdk

import app
from pipeline.config import BETA, PROD
from pipeline.stage import deployment_stages
from tests.bench.synthesis import BARE


def main(how: str, outdir: str) -> None:
    """Synthesize into a folder."""
    if how != BARE:
        app.build(outdir=outdir, context={"deployments": f"{BETA.name},{PROD.name}"}).synth()
        return
    bare = cdk.App(outdir=outdir, context=app.CONTEXT, analytics_reporting=False)
    for deployment in (BETA, PROD):
        deployment_stages(bare, deployment)
    bare.synth()


if __name__ == "__main__":
    main(*sys.argv[1:])
