"""A display in a browser on this computer; who is let in stands in ``gate``.

Whoever shows a view leaves it and goes on. A thread of its own serves the page, and sends each
browser the newest snapshot there is: one that reads slowly skips what is in between, one that reads
nothing holds up nobody, and one that comes back is told all again. When all is over each gets the
last word, if it takes it in time.

What comes from the page is posted as the keyboard posts it (see ``orders``). On the home page,
where no session runs, a choice waits for whoever leads the sessions.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import escape
from importlib.resources import files
from queue import SimpleQueue
from secrets import token_urlsafe
from string import Template
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from voice_coach.core.transitions import State
from voice_coach.display.auth import LOOPBACK, Auth
from voice_coach.display.commands import understood
from voice_coach.display.labels import read_labels
from voice_coach.display.page import Page
from voice_coach.display.story import Story
from voice_coach.display.words import read_screen_words
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.requests import Request
    from typing_extensions import Self

    from voice_coach.core.events import Heard
    from voice_coach.core.language import Language
    from voice_coach.core.view import View

PULSE = 1.0
"""Seconds after which a browser is told that the coach is still there, if nothing is new."""
PATIENCE = 1
"""Seconds the browsers get for the last word."""
LEAVING = 3.0
"""Seconds after which the server is left behind, whatever it waits for."""
MOST_CONNECTIONS = 40
LONGEST_ORDER = 500
"""Bytes of what a page may ask for."""
STATIC = files("voice_coach.display") / "static"
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class NoPage(CoachError):
    """The page cannot be served; the message says why and what to do."""


@dataclass(frozen=True)
class Standing:
    """All that the page is told; another takes its place when anything changes."""

    page: Page
    session: int = 0
    """Which session this is, counted from 1; 0 before the first."""
    running: bool = False
    starting: bool = False
    """Whether a session has been chosen and is about to begin."""
    view: View | None = None
    shown: float = 0.0
    """When the view was shown, by ``time.monotonic``."""
    story: Story = field(default_factory=Story)
    notices: tuple[str, ...] = ()
    """What else a person should know, a sentence each."""


class Web:
    """Serves one person's page, inside a ``with`` block."""

    def __init__(
        self,
        language: Language,
        port: int = 0,
        *,
        home: bool = False,
        history: Callable[[], tuple[str, int] | None] = lambda: None,
    ) -> None:
        """Take a `port`, or any that is free; with a `home` page, routines are chosen there.

        `history` draws the sessions there were, and counts them; it may take its time.
        Raises ``NoPage`` where the port is not to be had.
        """
        self._words = read_screen_words(language.code)
        self._labels = read_labels(language.code)
        self._standing = Standing(self._page_in(language))
        self._post: Callable[[Heard], None] | None = None
        self._home = home
        self._history = history
        self._chosen: SimpleQueue[str] = SimpleQueue()
        self._choosing = False
        self._news = asyncio.Event()
        self._closing = False
        self._woken = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun = Event()
        self._socket = _listening(port)
        self._token = token_urlsafe(32)
        self._port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                Auth(self._application(), self._token, self._port),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._thread = Thread(target=self._serve, name="web page", daemon=True)

    @property
    def address(self) -> str:
        """Where the page is; it holds the token."""
        return f"http://{LOOPBACK}:{self._port}/{self._token}/"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        self._begun.wait(LEAVING)
        return self

    def __exit__(self, *_: object) -> None:
        """Send the last word and close, within a few seconds whatever the browsers do."""
        self._closing = True
        self._server.should_exit = True
        self._wake()
        self._thread.join(LEAVING)
        self._socket.close()

    @contextmanager
    def session(self, language: Language, post: Callable[[Heard], None]) -> Iterator[Self]:
        """Show a session, and hand what the page asks for to `post`; it must return at once."""
        before = self._standing
        page = before.page if language is before.page.language else self._page_in(language)
        self._change(Standing(page, before.session + 1, running=True))
        self._post = post
        try:
            yield self
        finally:
            self._post = None
            self._change(replace(self._standing, running=False))

    def show(self, view: View) -> None:
        """Show this from now on; returns at once."""
        standing = self._standing
        story = standing.story.then(view)
        self._change(replace(standing, view=view, shown=monotonic(), story=story))

    def tell(self, sentence: str) -> None:
        """Show this too, until a routine is chosen."""
        self._change(replace(self._standing, notices=(*self._standing.notices, sentence)))

    def choice(self) -> str:
        """Wait until a routine is chosen on the home page; give its identifier.

        It is empty where the coach is to ask. What is chosen while nobody waits does nothing.
        """
        self._change(replace(self._standing, starting=False))
        self._choosing = True
        chosen = self._chosen.get()
        self._change(replace(self._standing, starting=True, notices=()))
        return chosen

    def _page_in(self, language: Language) -> Page:
        return Page(language, self._words, self._labels)

    def _change(self, standing: Standing) -> None:
        self._standing = standing
        self._wake()

    def _wake(self) -> None:
        if self._loop and not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._tell_all)

    # In the server's thread

    def _serve(self) -> None:
        asyncio.run(self._serve_here())

    async def _serve_here(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun.set()
        await self._server.serve(sockets=[self._socket])

    def _tell_all(self) -> None:
        self._woken = False
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._front),
                Route("/events", self._events),
                Route("/home", self._choices),
                Route("/history.svg", self._past),
                Route("/figure/{key}", self._figure),
                Route("/static/{name}", _static),
                Route("/order", self._order, methods=["POST"]),
            ]
        )

    async def _front(self, _: Request) -> Response:
        words = {
            **self._labels.model_dump(mode="json", exclude={"felt"}),
            "lang": self._standing.page.language.code,
            "heard": self._words.heard,
            "over": self._words.over,
        }
        told = {name: escape(word) for name, word in words.items()}
        template = Template((STATIC / "page.html").read_text("utf-8"))
        return Response(template.substitute(told), media_type="text/html")

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        told: Standing | None = None
        while True:
            news, closing, standing = self._news, self._closing, self._standing
            if standing is not told:
                told = standing
                yield f"data: {json.dumps(self._snapshot(standing))}\n\n"
            elif closing:
                return
            else:
                try:
                    await asyncio.wait_for(news.wait(), PULSE)
                except asyncio.TimeoutError:
                    yield "event: pulse\ndata:\n\n"

    def _snapshot(self, standing: Standing) -> dict[str, object]:
        view = standing.view
        ended = view is not None and (view.state is State.ENDED or not standing.running)
        return {
            "session": standing.session,
            "running": standing.running,
            "starting": standing.starting and not standing.running,
            "home": self._home,
            "notices": standing.notices,
            "age": monotonic() - standing.shown if view else 0.0,
            "view": standing.page.told(view) if view else None,
            "ending": standing.page.ending(standing.story) if ended else None,
        }

    async def _choices(self, _: Request) -> Response:
        page = self._standing.page
        past = await run_in_threadpool(self._history) if self._home else None
        told = {
            "cards": await run_in_threadpool(lambda: page.cards),
            "history": past and self._labels.history_picture.format(n=past[1]),
        }
        return JSONResponse(told)

    async def _past(self, _: Request) -> Response:
        past = await run_in_threadpool(self._history) if self._home else None
        return Response(past[0], media_type="image/svg+xml") if past else _refused(404)

    async def _figure(self, request: Request) -> Response:
        svg = await run_in_threadpool(self._standing.page.figure, request.path_params["key"])
        if svg is None:
            return _refused(404)
        return Response(svg, media_type="image/svg+xml")

    async def _order(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return _refused(415)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_ORDER:
                return _refused(413)
        try:
            order = json.loads(body)
        except (ValueError, RecursionError):
            return _refused(400)
        return Response(status_code=204) if self._take(order) else _refused(409)

    def _take(self, order: object) -> bool:
        """Do what was asked for; say whether that was anything."""
        standing, post = self._standing, self._post
        choices = {routine.id for routine in standing.page.language.routines}
        if post is None:
            match order:
                case {"choose": str(choice)} if self._choosing and choice in (*choices, ""):
                    self._choosing = False
                    self._chosen.put(choice)
                    return True
            return False
        state = standing.view.state if standing.view else None
        if heard := understood(order, state, choices):
            post(heard)
        return heard is not None


def has_desktop() -> bool:
    """Say whether a browser that is opened would be seen."""
    return os.name == "nt" or bool(
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.uname().sysname == "Darwin"
    )


def _listening(port: int) -> socket.socket:
    """Take the port on the loopback address, and on no other."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise NoPage(
            f"The page cannot be served at port {port} of this computer ({error.strerror}): "
            "name another with --port, or none."
        ) from None
    return listening


def _refused(status: int) -> Response:
    return PlainTextResponse("That does nothing here.", status)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    known = {path.name: path for path in STATIC.iterdir()}
    kind = KINDS.get(name.rpartition(".")[2])
    if name not in known or kind is None:
        return _refused(404)
    return Response(known[name].read_bytes(), media_type=kind)
