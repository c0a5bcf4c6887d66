"""What the page can ask for: its files, the stream of snapshots, pictures, and commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from time import monotonic
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from voice_coach.display.web.feed import Feed, PageState
    from voice_coach.display.words import PageWords, ScreenWords

PULSE = 1.0
"""Seconds without news after which a browser is told that the coach is still there."""
LONGEST_REQUEST = 500
"""Bytes that a command of the page may have."""
STATIC = files("voice_coach.display.web") / "static"
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Application:
    """Answers the page's requests; runs in the server's thread."""

    feed: Feed
    words: ScreenWords
    labels: PageWords
    home: bool
    """Whether routines can be chosen on a home page."""
    history: Callable[[], tuple[str, int] | None]
    """Draws the past sessions and counts them; None if there are none."""
    take: Callable[[object], bool]
    """Does what a request asks for, and tells whether it meant anything."""

    def starlette(self) -> Starlette:
        """Return the application with its routes."""
        return Starlette(
            routes=[
                Route("/", self._front),
                Route("/events", self._events),
                Route("/home", self._home),
                Route("/history.svg", self._history_picture),
                Route("/figure/{key}", self._figure),
                Route("/static/{name}", _static),
                Route("/command", self._command, methods=["POST"]),
            ]
        )

    async def _front(self, _: Request) -> Response:
        words = {
            **self.labels.model_dump(mode="json", exclude={"felt", "views"}),
            "lang": self.feed.state.content.language.code,
            "heard": self.words.heard,
            "over": self.words.over,
        }
        escaped = {name: escape(word) for name, word in words.items()}
        template = Template((STATIC / "page.html").read_text("utf-8"))
        return Response(template.substitute(escaped), media_type="text/html")

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        async for state in self.feed.states(PULSE):
            if state is None:
                yield "event: pulse\ndata:\n\n"
            else:
                yield f"data: {json.dumps(self._snapshot(state))}\n\n"

    def _snapshot(self, state: PageState) -> dict[str, object]:
        view = state.view
        ended = view is not None and (view.state is State.ENDED or not state.running)
        return {
            "session": state.session,
            "running": state.running,
            "starting": state.starting and not state.running,
            "home": self.home,
            "notices": state.notices,
            "age": monotonic() - state.shown if view else 0.0,
            "view": state.content.snapshot(view) if view else None,
            "ending": state.content.ending(state.summary) if ended else None,
        }

    async def _home(self, _: Request) -> Response:
        content = self.feed.state.content
        past = await run_in_threadpool(self.history) if self.home else None
        answer = {
            "cards": await run_in_threadpool(lambda: content.cards),
            "plans": content.plans,
            "history": past and self.labels.history_picture.format(n=past[1]),
        }
        return JSONResponse(answer)

    async def _history_picture(self, _: Request) -> Response:
        past = await run_in_threadpool(self.history) if self.home else None
        return Response(past[0], media_type="image/svg+xml") if past else _refused(404)

    async def _figure(self, request: Request) -> Response:
        content = self.feed.state.content
        svg = await run_in_threadpool(content.figure, request.path_params["key"])
        return _refused(404) if svg is None else Response(svg, media_type="image/svg+xml")

    async def _command(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return _refused(415)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_REQUEST:
                return _refused(413)
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return _refused(400)
        return Response(status_code=204) if self.take(asked) else _refused(409)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    known = {path.name: path for path in STATIC.iterdir()}
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2])
    if name not in known or media_type is None:
        return _refused(404)
    return Response(known[name].read_bytes(), media_type=media_type)


def _refused(status: int) -> Response:
    return PlainTextResponse("That does nothing here.", status)
