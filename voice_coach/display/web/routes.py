"""What every page asks for: itself, its files, its stream of snapshots; and what it sends."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Generic, TypeVar

from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from _typeshed import DataclassInstance
    from starlette.requests import Request

    from voice_coach.display.web.feed import Feed

PULSE = 1.0
"""Seconds without news after which a browser is told that the coach is still there."""
LONGEST_REQUEST = 500
"""Bytes that a command of a page may have, unless it says otherwise."""
STATIC = files("voice_coach.display.web") / "static"
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

State = TypeVar("State", bound="DataclassInstance")


class PageRoutes(Generic[State]):
    """The routes of a page that shows snapshots of a state, and sends commands."""

    def __init__(
        self,
        name: str,
        words: Callable[[], Mapping[str, str]],
        feed: Feed[State],
        snapshot: Callable[[State], object],
        take: Callable[[object], bool],
        *,
        longest: int = LONGEST_REQUEST,
    ) -> None:
        """Take the name of the page's file, and the words that stand in it.

        `take` does what a command asks for, and tells whether it meant anything. A command has
        `longest` bytes at most.
        """
        self._name = name
        self._words = words
        self._feed = feed
        self._snapshot = snapshot
        self._take = take
        self._longest = longest
        self.routes = (
            Route("/", self._front),
            Route("/events", self._events),
            Route("/static/{name}", _static),
            Route("/command", self._command, methods=["POST"]),
        )

    async def _front(self, _: Request) -> Response:
        escaped = {name: escape(word) for name, word in self._words().items()}
        template = Template((STATIC / self._name).read_text("utf-8"))
        return Response(template.substitute(escaped), media_type="text/html")

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        async for state in self._feed.states(PULSE):
            if state is None:
                yield "event: pulse\ndata:\n\n"
            else:
                yield f"data: {json.dumps(self._snapshot(state))}\n\n"

    async def _command(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return refused(415)
        body = await body_of(request, self._longest)
        if body is None:
            return refused(413)
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return refused(400)
        return Response(status_code=204) if self._take(asked) else refused(409)


async def body_of(request: Request, longest: int) -> bytes | None:
    """Read the body of a request; None if it has more bytes than it may have."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > longest:
            return None
    return body


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    known = {path.name: path for path in STATIC.iterdir()}
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2])
    if name not in known or media_type is None:
        return refused(404)
    return Response(known[name].read_bytes(), media_type=media_type)


def refused(status: int) -> Response:
    """Refuse a request."""
    return PlainTextResponse("That does nothing here.", status)
