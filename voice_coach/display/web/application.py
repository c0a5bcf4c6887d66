"""The page of one person's sessions: what it shows, its pictures, and what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from voice_coach.core.transitions import State
from voice_coach.display.summary import SessionSummary
from voice_coach.display.web.routes import PageRoutes, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from voice_coach.core.view import View
    from voice_coach.display.web.content import PageContent
    from voice_coach.display.web.feed import Feed
    from voice_coach.display.words import PageWords, ScreenWords


@dataclass(frozen=True)
class PageState:
    """All that the page shows; a change makes a new state."""

    content: PageContent
    session: int = 0
    """The number of the session, from 1; 0 before the first."""
    running: bool = False
    starting: bool = False
    """Whether a session has been chosen and is about to begin."""
    view: View | None = None
    shown: float = 0.0
    """When the view was shown, by ``time.monotonic``."""
    summary: SessionSummary = field(default_factory=SessionSummary)
    notices: tuple[str, ...] = ()
    """Sentences that the person should read besides the view."""


@dataclass(frozen=True)
class Application:
    """Answers the page's requests; runs in the server's thread."""

    feed: Feed[PageState]
    words: ScreenWords
    labels: PageWords
    home: bool
    """Whether routines can be chosen on a home page."""
    history: Callable[[], tuple[str, int] | None]
    """Draws the past sessions and counts them; None if there are none."""
    take: Callable[[object], bool]
    """Does what a request asks for, and tells whether it meant anything."""
    more: Sequence[Route] = ()
    """What a phone asks for besides, where it is microphone and loudspeaker."""

    def starlette(self) -> Starlette:
        """Return the application with its routes."""
        page = PageRoutes("page.html", self._page_words, self.feed, self._snapshot, self.take)
        return Starlette(
            routes=[
                *page.routes,
                Route("/home", self._home),
                Route("/history.svg", self._history_picture),
                Route("/figure/{key}", self._figure),
                *self.more,
            ]
        )

    def _page_words(self) -> dict[str, str]:
        words = {
            **self.labels.model_dump(mode="json", exclude={"felt", "phone", "views"}),
            **self.labels.phone.model_dump(exclude={"tagline"}),
            "lang": self.feed.state.content.language.code,
            "heard": self.words.heard,
            "over": self.words.over,
            "sound": "phone" if self.more else "computer",
        }
        if self.more:
            phone = self.labels.phone
            words |= {"tagline": phone.tagline, "lost": phone.unreachable}
        return words

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
        return Response(past[0], media_type="image/svg+xml") if past else refused(404)

    async def _figure(self, request: Request) -> Response:
        content = self.feed.state.content
        svg = await run_in_threadpool(content.figure, request.path_params["key"])
        return refused(404) if svg is None else Response(svg, media_type="image/svg+xml")
