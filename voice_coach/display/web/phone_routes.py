"""What a phone asks for that is microphone and loudspeaker: sound down in a stream, up in pieces.

Plain requests are used, not a WebSocket: Safari on iOS refuses a secure WebSocket to a server whose
certificate the person has accepted by hand, but not a request. See ``docs/phone.md``.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from voice_coach.display.web.routes import LONGEST_REQUEST, body_of, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

BEAT = 0.2
"""Seconds without sound after which the phone is told that the coach is there."""
BEAT_FRAME = bytes(12)
LONGEST_REPORT = 140_000
"""Bytes of a report: two seconds of microphone and loudspeaker, and its header."""
PATIENCE = 2.0
"""Seconds in which a whole report must have come."""


class Line(Protocol):
    """The line from the server to a session, with one phone at its other end."""

    def connect(self, wake: Callable[[], None]) -> str | None:
        """Connect a phone, and give the name of its line; None if there is another phone."""

    def is_connected(self, line: str) -> bool:
        """Tell whether this line is the phone's."""

    def take_frames(self) -> bytes:
        """Take all that waits to be sent."""

    def take_report(self, body: bytes) -> bool:
        """Pass on a report; tell whether it was one, and somebody wanted it."""

    def lose(self, why: str) -> bool:
        """Pass on that the phone gave up; tell whether the reason is known."""

    def hang_up(self, *, lost: bool = False) -> None:
        """End the session on the phone; if `lost`, as a fault."""


class PhoneRoutes:
    """Answers a phone's requests; runs in the server's thread."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._news = asyncio.Event()
        self.routes = [
            Route("/phone/connect", self._connect, methods=["POST"]),
            Route("/phone/down", self._down),
            Route("/phone/up", self._up, methods=["POST"]),
            Route("/phone/lost", self._lost, methods=["POST"]),
        ]

    async def _connect(self, request: Request) -> Response:
        if await _json(request) != {}:
            return refused(400)
        loop, self._news = asyncio.get_running_loop(), (news := asyncio.Event())

        def wake() -> None:
            with suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(news.set)

        line = self._line.connect(wake)
        return JSONResponse({"line": line}) if line else refused(409)

    async def _down(self, request: Request) -> Response:
        line = request.query_params.get("line", "")
        if not self._line.is_connected(line):
            return refused(409)
        return StreamingResponse(self._frames(line), media_type="application/octet-stream")

    async def _frames(self, line: str) -> AsyncIterator[bytes]:
        news = self._news
        try:
            while True:
                news.clear()
                connected = self._line.is_connected(line)
                if frames := self._line.take_frames():
                    yield frames
                if not connected:
                    return
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(news.wait(), BEAT)
                    continue
                yield BEAT_FRAME
        finally:
            if self._line.is_connected(line):
                self._line.lose("network")
                self._line.hang_up()

    async def _up(self, request: Request) -> Response:
        if not self._line.is_connected(request.query_params.get("line", "")):
            return refused(409)
        if request.headers.get("content-type") != "application/octet-stream":
            return refused(415)
        try:
            body = await asyncio.wait_for(body_of(request, LONGEST_REPORT), PATIENCE)
        except asyncio.TimeoutError:
            return refused(408)
        if body is None:
            return refused(413)
        return Response(status_code=204) if self._line.take_report(body) else refused(409)

    async def _lost(self, request: Request) -> Response:
        if not self._line.is_connected(request.query_params.get("line", "")):
            return refused(409)
        match await _json(request):
            case {"why": str(why)} if self._line.lose(why):
                self._line.hang_up()
                return Response(status_code=204)
        return refused(400)


async def _json(request: Request) -> Any:
    """Read a small JSON body; None if it is none."""
    if request.headers.get("content-type") != "application/json":
        return None
    try:
        return json.loads(await body_of(request, LONGEST_REQUEST) or b"")
    except (ValueError, RecursionError):
        return None
