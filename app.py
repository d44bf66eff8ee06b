"""The CDK app: the deployments that context names, or all of them, with the pipeline that carries them."""

import json
import os
from pathlib import Path

import aws_cdk as cdk

from pipeline.choice import deployments_named
from pipeline.stack import add_deployments
from stacks import guardrails
from stacks.refused import Refused

CONTEXT = json.loads(Path(__file__).with_name("cdk.json").read_text())["context"]


def build(*, outdir: str | None = None, context: dict[str, str] | None = None, tables: str = "") -> cdk.App:
    """The app, not synthesized yet; raises Refused."""
    app = guardrails.strict_app(outdir=outdir, context=CONTEXT | (context or {}))
    wanted = deployments_named(app.node.try_get_context("deployments"), tables)
    add_deployments(app, wanted)
    guardrails.enforce(app, deployments=[deployment.name for deployment in wanted])
    return app


if __name__ == "__main__":
    try:
        guardrails.synthesize(build(tables=os.environ.get("USERS_TABLES", "")))
    except Refused as error:
        raise SystemExit(str(error)) from error
