"""Has AWS Backup take care of tables in this region, for which CloudFormation has no resource."""

import os

from botocore.exceptions import BotoCoreError, ClientError

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
    except BackupRefused as refusal:
        why = str(refusal)
    except (BotoCoreError, ClientError) as error:
        why = type(error).__name__
    else:
        send(
            request, {"Status": "SUCCESS", "PhysicalResourceId": request.get("PhysicalResourceId", "opt-in")}
        )
        return
    send(request, {"Status": "FAILED", "Reason": f"Backups of tables cannot be opted into: {why}."})


def _backup() -> Backup:
    """Return AWS Backup in the region of the stack, with waits that leave time for the answer.

    Its two calls, each of two tries and a pause of a second at most, end within 14 of the function's 29 s.
    """
    return backup(os.environ["AWS_REGION"], connect_seconds=1, read_seconds=2, attempts=2)
