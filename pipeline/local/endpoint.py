"""One address for the AWS APIs of both Regions, as AWS's tools ask them in whichever Region they mean."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from pipeline.local.forwarding import NOT_ADDED, end_to_end
from pipeline.local.layout import HOST, Layout, RegionPlace

CREDENTIALS = "/_local/credentials"
LENT_FOR = timedelta(hours=1)
# A body or an answer may take as long as it takes; whether somebody listens is known at once.
TIMEOUT = ClientTimeout(total=None, sock_connect=4)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
SCOPE = re.compile(r"(?:^|Credential=)[^/,\s]+/\d{8}/(?P<region>[^/,\s]+)/[^/,\s]+/aws4_request")
# What is signed for services without Regions, such as IAM, and by tools that were told of none.
OF_NO_REGION = ("us-east-1", "aws-global")


class UnknownRegionError(Exception):
    """A request is signed for a Region that is not on this machine."""


class Endpoint:
    """Hands each request to the Region that it is signed for, and lends credentials as containers have them.

    Bodies are passed on as they come, whatever their size.
    """

    def __init__(self, layout: Layout, session: ClientSession) -> None:
        self._regions = {region.name: region for region in layout.regions}
        self._primary = layout.primary
        self._session = session

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with what the Region answers, 400 for an unknown one, or 503 for one that is down."""
        if request.path == CREDENTIALS:
            return _credentials()
        try:
            region = self.region(request)
        except UnknownRegionError as error:
            return _error(request, 400, "UnknownRegion", str(error))
        answer: web.StreamResponse | None = None
        try:
            async with self._session.request(
                request.method,
                URL(region.aws_url + request.raw_path, encoded=True),
                headers=await _headers(request),
                data=request.content if request.can_read_body else None,
                allow_redirects=False,
            ) as found:
                answer = web.StreamResponse(status=found.status, headers=end_to_end(found.headers))
                await answer.prepare(request)
                async for chunk in found.content.iter_any():
                    await answer.write(chunk)
                await answer.write_eof()
                return answer
        except (ClientError, TimeoutError) as error:
            if answer is not None and request.transport is not None:
                request.transport.abort()  # half an answer must not look like a whole one
                raise
            reason = f"The {region.role} Region, {region.name}, cannot be reached: {error}"
            return _error(request, 503, "ServiceUnavailable", reason)

    def region(self, request: web.BaseRequest) -> RegionPlace:
        """Return the Region that a request is signed for, the primary one if for none.

        Raises:
            UnknownRegionError: it is none of this machine's.
        """
        signed = request.headers.get("Authorization") or request.query.get("X-Amz-Credential", "")
        found = SCOPE.search(signed)
        name = found["region"] if found else OF_NO_REGION[0]
        if name in self._regions:
            return self._regions[name]
        if name in OF_NO_REGION:
            return self._primary
        known = " and ".join(self._regions)
        raise UnknownRegionError(f"There is no Region {name} on this machine, only {known}.")


async def _headers(request: web.BaseRequest) -> CIMultiDict[str]:
    """Return the headers to hand on, once a client that asks first has been told to send its body."""
    headers = end_to_end(request.headers)
    if headers.pop("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    return headers


def _credentials() -> web.Response:
    """What a container's credentials are asked for, and how they are answered.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    end = datetime.now(UTC) + LENT_FOR
    lent = {
        "AccessKeyId": "000000000000",
        "SecretAccessKey": "local",
        "Token": "local",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return web.json_response(lent)


def _error(request: web.BaseRequest, status: int, code: str, message: str) -> web.Response:
    """Return an error in the form in which the caller's protocol has them."""
    if "X-Amz-Target" in request.headers:
        return web.json_response({"__type": code, "message": message}, status=status)
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return web.Response(
        status=status, text=f"<ErrorResponse>{error}</ErrorResponse>", content_type="application/xml"
    )


@asynccontextmanager
async def serving(layout: Layout) -> AsyncIterator[str]:
    """Serve on a free port of loopback for the length of the block, which gets the endpoint's URL."""
    # A connection of its own for each request: what is no GET could not be sent again on a stale one.
    async with ClientSession(
        connector=TCPConnector(limit=0, force_close=True),
        timeout=TIMEOUT,
        auto_decompress=False,
        cookie_jar=DummyCookieJar(),
        skip_auto_headers=NOT_ADDED,
    ) as session:
        server = web.Server(
            Endpoint(layout, session).serve, access_log=None, auto_decompress=False, handler_cancellation=True
        )
        runner = web.ServerRunner(server, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, 0).start()
            yield f"http://{HOST}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@contextmanager
def endpoint(layout: Layout) -> Iterator[str]:
    """Serve as `serving` does, on a thread, for a caller that has no loop."""
    began = threading.Event()
    open_: list[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        try:
            async with serving(layout) as url:
                open_.append((url, asyncio.get_running_loop(), end := asyncio.Event()))
                began.set()
                await end.wait()
        finally:
            began.set()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        began.wait()
        if not open_:
            raise OSError("The AWS endpoint could not be opened")
        yield open_[0][0]
    finally:
        for _, loop, end in open_:
            loop.call_soon_threadsafe(end.set)
        thread.join()
