"""The road to DynamoDB by botocore, which signs, retries and parses."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import Shape
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session, get_session

from lambdas.users.adapters.call import NO_ANSWER, DynamoError


class BotoCall:
    """A DynamoCall of at most `attempts` tries, each with its own time to connect and to wait for bytes.

    Retries are botocore's standard ones: adaptive mode delays calls on a guess at the table's capacity, for a
    time without a bound. The tries of one write share an idempotency token, so that it is applied once.
    """

    def __init__(self, *, region: str, connect_seconds: float, read_seconds: float, attempts: int) -> None:
        config = Config(
            connect_timeout=connect_seconds,
            read_timeout=read_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
            parameter_validation=False,  # the rows are typed, and this costs more than the rest of the client
            tcp_keepalive=True,
            user_agent="users",  # botocore puts its own together for each request, in a tenth of its time
        )
        self._client = _session().create_client("dynamodb", region_name=region, config=config)

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a request; raises DynamoError."""
        try:
            response: dict[str, Any] = getattr(self._client, xform_name(operation))(**request)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", ())
            codes = tuple(str(reason.get("Code")) for reason in reasons)
            rows = tuple(reason.get("Item") for reason in reasons)
            raise DynamoError(error.response["Error"]["Code"], codes, rows) from error
        except BotoCoreError as error:
            raise DynamoError(NO_ANSWER) from error
        return response


class _PlainJson(JSONParser):
    """Leaves values as JSON has them: DynamoDB names the type of each, and none of ours is binary.

    To convert each by its model takes half the time of a query for 50 users, and changes nothing.
    """

    def _parse_shape(self, _shape: Shape, node: object) -> object:
        return node


class _PlainJsonFactory(ResponseParserFactory):
    """Has every client of a session leave its answers so."""

    def create_parser(self, _protocol: str) -> _PlainJson:
        return _PlainJson()


@cache
def _session() -> Session:
    """Share what botocore loads from its data files: a second client then takes 3 ms instead of 50."""
    session = get_session()
    session.register_component("response_parser_factory", _PlainJsonFactory())
    return session
