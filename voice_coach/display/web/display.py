"""A display in a browser: on this computer, or on phones.

``show`` only stores the newest view and returns. The server's thread sends each browser the newest
snapshot: a browser that reads slowly skips some, one that does not read holds up nobody, and one
that comes back gets a whole snapshot. At the end each browser gets the last snapshot, if it takes
it in time.

A command of the page is posted as the keyboard posts it. On the home page, while no session runs, a
chosen routine waits for ``choice``.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from voice_coach.display.commands import command_requested
from voice_coach.display.web.application import Application, PageState
from voice_coach.display.web.content import PageContent
from voice_coach.display.web.feed import Feed
from voice_coach.display.web.phone_routes import PhoneRoutes
from voice_coach.display.web.server import PageServer, ServedPage
from voice_coach.display.words import read_page_words, read_screen_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    from voice_coach.core.events import Heard
    from voice_coach.core.language import Language
    from voice_coach.core.view import View
    from voice_coach.display.web.phone_routes import Line
    from voice_coach.display.web.server import Network


class WebDisplay(ServedPage):
    """Serves one person's page, inside a ``with`` block."""

    def __init__(
        self,
        language: Language,
        port: int = 0,
        *,
        home: bool = False,
        history: Callable[[], tuple[str, int] | None] = lambda: None,
        network: Network | None = None,
        phone: Line | None = None,
    ) -> None:
        """Take `port`, or any free one if it is 0; with `home`, routines are chosen on the page.

        `history` draws the past sessions and counts them; it may be slow. With a `network` and the
        line to a `phone`, a phone there is microphone, loudspeaker and screen. Raises ``NoPage`` if
        the port is not free.
        """
        self.home = home
        """Whether one is led back to the home page after a session."""
        self._words = read_screen_words(language.code)
        self._labels = read_page_words(language.code)
        self._feed = Feed(PageState(self._content(language)))
        self._post: Callable[[Heard], None] | None = None
        self._choosing = False
        self._choice = Lock()
        self._chosen: SimpleQueue[str] = SimpleQueue()
        application = Application(
            self._feed,
            self._words,
            self._labels,
            home=home,
            history=history,
            take=self._take,
            more=PhoneRoutes(phone).routes if phone else (),
        )
        self._server = PageServer(application.starlette(), port, self._feed, network)

    @contextmanager
    def session(self, language: Language, post: Callable[[Heard], None]) -> Iterator[Self]:
        """Show a session and hand the page's commands to `post`, which must return at once."""
        before = self._feed.state
        content = before.content
        if language is not content.language:
            content = self._content(language)
        self._feed.replace(PageState(content, before.session + 1, running=True))
        self._post = post
        try:
            yield self
        finally:
            self._post = None
            self._feed.change(running=False)

    def show(self, view: View) -> None:
        """Show this view from now on; returns at once."""
        summary = self._feed.state.summary.then(view)
        self._feed.change(view=view, shown=monotonic(), summary=summary)

    def tell(self, sentence: str) -> None:
        """Show this sentence as well, until a routine is chosen."""
        self._feed.change(notices=(*self._feed.state.notices, sentence))

    def choice(self) -> str:
        """Wait until a routine is chosen on the home page, and return its identifier.

        The answer is empty if the coach is to ask aloud. A choice made while nobody waits is
        refused.
        """
        self._feed.change(starting=False)
        self._choosing = True
        chosen = self._chosen.get()
        self._feed.change(starting=True, notices=())
        return chosen

    def choose(self, choice: str) -> bool:
        """Choose as on the home page, from any thread; tell whether a choice was waited for."""
        with self._choice:
            choices = self._feed.state.content.language.choices
            if not self._choosing or (choice and choice not in choices):
                return False
            self._choosing = False
        self._chosen.put(choice)
        return True

    def _content(self, language: Language) -> PageContent:
        return PageContent(language, self._words, self._labels)

    def _take(self, request: object) -> bool:
        """Do what the page asks for, in the server's thread; tell whether it meant anything."""
        state, post = self._feed.state, self._post
        if post is None:
            match request:
                case {"choose": str(choice)}:
                    return self.choose(choice)
            return False
        choices = {*state.content.language.choices}
        shown = state.view.state if state.view else None
        if heard := command_requested(request, shown, choices):
            post(heard)
        return heard is not None


def has_desktop() -> bool:
    """Tell whether a browser opened now would be seen."""
    return os.name == "nt" or bool(
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.uname().sysname == "Darwin"
    )
