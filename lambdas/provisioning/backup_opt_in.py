"""Has AWS Backup take care of tables in this region, for which CloudFormation has no resource."""

import os

from lambdas.provisioning.answer import Request, send
from lambdas.recovery.adapters.backup import Backup, BackupRefused, backup


def handler(request: Request, _context: object) -> None:
    """Answer one request of a custom resource, a refusal included: without an answer the stack would wait.

    The setting is the account's, in one region. Other stacks may need it, and other types of resources have
    settings beside it, which stay as they are: so nothing is undone when the resource is deleted.
    """
    try:
        if request["RequestType"] != "Delete":
            _backup().opt_in()
    except BackupRefused as why:
        send(request, {"Status": "FAILED", "Reason": f"Backups of tables cannot be opted into: {why}."})
        return
    send(request, {"Status": "SUCCESS", "PhysicalResourceId": request.get("PhysicalResourceId", "opt-in")})


def _backup() -> Backup:
    """Return AWS Backup in the region of the stack."""
    return backup(os.environ["AWS_REGION"])
