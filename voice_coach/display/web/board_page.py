"""The page of a board: a tile for each room, in the browser, and what is touched there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from starlette.applications import Starlette

from voice_coach.core.breathing import Phase
from voice_coach.core.plan import MINUTES, USUAL
from voice_coach.core.pose import FileModel
from voice_coach.core.routine import Sentence
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.display.web.feed import Feed
from voice_coach.display.web.routes import PageRoutes
from voice_coach.display.web.server import PageServer, ServedPage
from voice_coach.display.words import Template, one_for_each, parse_words
from voice_coach.package_data import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_WITH_PLAN = 30_000
"""Bytes of a command that may hold a plan, as JSON; a plan has 6000 at most."""


class BoardWords(FileModel):
    """One language's words for the board: ``board.toml``."""

    title: Sentence
    no_rooms: Sentence
    unknown_since: Template
    """Shown in place of a state that is not known any more: since ``{time}``."""
    unknown: Sentence
    """The same, where nobody knows since when."""
    no_broker: Template
    no_broker_since: Template
    """Why there is no connection with the broker: ``{things}``; and since when: ``{time}``."""
    lost: Template
    """Shown while the page has no connection to the board: since ``{time}``."""
    ignored: Template
    """How many messages were ignored: ``{n}``."""
    pain_at: Template
    by_its_clock: Template
    """A time, where the room's clock tells another than the board's."""
    acknowledge: Sentence
    alert: Template
    """Read out by a screen reader: the rooms in ``{things}`` have pain nobody has acknowledged."""
    step: Template
    start: Sentence
    start_what: Template
    """Describes the choice of what to start to a screen reader: in the room ``{things}``."""
    choose: Sentence
    asked: Sentence
    """Shown when the board has asked a room to start."""
    coming: Sentence
    """On the button that lets the coach in a room say that somebody is coming."""
    coming_asked: Sentence
    """Shown when the board has asked for that."""
    not_arrived: Sentence
    nothing_now: Sentence
    today: Sentence
    none_today: Sentence
    people: Sentence
    no_people: Sentence
    person: Sentence
    person_hint: Sentence
    in_room: Sentence
    minutes: Sentence
    plan_file: Sentence
    assign: Sentence
    assigned: Sentence
    """Shown when a plan was assigned."""
    refused: Template
    """Why the plan was not: ``{things}``."""
    not_done: Template
    """Why something else about people was not done: ``{things}``."""
    holds: Template
    """The plan somebody has: ``{things}``, in the room ``{of}``, since ``{time}``."""
    no_plan: Sentence
    withdraw: Sentence
    forget: Sentence
    forget_sure: Template
    """Asks whether to delete all of the person ``{things}``."""
    results: Template
    """Describes the list of results of the person ``{things}``."""
    felt: Annotated[dict[Feeling, Sentence], one_for_each(Feeling)]
    states: dict[State | Literal["idle"], Sentence]
    sides: dict[Literal["first", "second"], Sentence]
    breaths: Annotated[dict[Phase, Sentence], one_for_each(Phase)]
    outcomes: Annotated[dict[Outcome, Sentence], one_for_each(Outcome)]


def read_board_words(code: str = "en") -> BoardWords:
    """Read one language's words for the board, or raise ``InvalidLanguage``."""
    path = data_folder() / code / "board.toml"
    return parse_words(BoardWords, f"{code}/board.toml", path.read_text("utf-8"))


@dataclass(frozen=True)
class Alarm:
    """Pain that nobody has acknowledged."""

    id: str
    text: str


@dataclass(frozen=True)
class RoomTile:
    """What is shown of one room."""

    name: str
    look: Literal["idle", "busy", "asking", "unknown", "pain"]
    """How the tile looks, beside its words."""
    headline: str
    detail: str = ""
    alarms: tuple[Alarm, ...] = ()
    today: tuple[str, ...] = ()
    """The sessions that ended today, the newest first."""
    starts: bool = False
    """Whether a routine can be started there now."""
    start_what: str = ""
    """Describes the choice of what to start."""
    announces: bool = False
    """Whether the coach there can say now that somebody is coming."""


@dataclass(frozen=True)
class PersonRow:
    """What is shown of one person."""

    name: str
    plan: str
    """The plan they have, or that they have none."""
    assignment: str = ""
    """Its number; empty if there is none to withdraw."""
    results: tuple[str, ...] = ()
    """How it went, the newest first."""
    results_of: str = ""
    """Describes these."""
    forget_sure: str = ""
    """Asks whether to delete all that is kept of them."""


@dataclass(frozen=True)
class BoardScreen:
    """All that the page shows, in the words of its language."""

    rooms: tuple[RoomTile, ...] = ()
    banner: str = ""
    """What is wrong with the whole board; empty if nothing is."""
    alert: str = ""
    """In which rooms it hurt; empty if in none."""
    notes: tuple[str, ...] = ()
    people: tuple[PersonRow, ...] = ()
    refused: str = ""
    """Why what was last asked for about people was not done; empty if it was."""


class BoardPage(ServedPage):
    """Serves the page of a board, inside a ``with`` block."""

    def __init__(
        self,
        code: str,
        words: BoardWords,
        choices: Mapping[str, str],
        port: int,
        take: Callable[[object], bool],
    ) -> None:
        """Take the language's code and words, and the titles of what can be started.

        `take` does what a command of the page asks for, and tells whether it meant anything.
        Without a `port`, any free one is taken. Raises ``NoPage`` if the port is not free.
        """
        texts = {
            name: word
            for name, word in words.model_dump(mode="json").items()
            if isinstance(word, str)
        }
        texts["lang"] = code
        self._choices = [*choices.items()]
        self._feed = Feed(BoardScreen())
        page = PageRoutes(
            "board.html",
            lambda: texts,
            self._feed,
            self._snapshot,
            take,
            longest=LONGEST_WITH_PLAN,
        )
        self._server = PageServer(Starlette(routes=page.routes), port, self._feed)

    def show(self, screen: BoardScreen) -> None:
        """Show this from now on; returns at once."""
        if screen != self._feed.state:
            self._feed.replace(screen)

    def _snapshot(self, screen: BoardScreen) -> dict[str, object]:
        return {
            **asdict(screen),
            "choices": self._choices,
            "minutes": sorted(MINUTES, key=lambda n: n != USUAL),
        }
