"""The words of terminal and page, as data: ``screen.toml`` and ``web.toml`` of a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import AfterValidator, ValidationError

from voice_coach.core.breathing import Phase
from voice_coach.core.language import InvalidLanguage
from voice_coach.core.pose import FileModel
from voice_coach.core.routine import Sentence
from voice_coach.core.toml_reader import parse_toml
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.package_data import data_folder

if TYPE_CHECKING:
    from enum import Enum

    from voice_coach.core.routine import Routine


def _fillable(text: str) -> str:
    try:
        text.format(n=1, of=1, time="", things="")
    except (KeyError, IndexError, ValueError):
        raise ValueError(
            "may have {n}, {of}, {time} and {things} in braces, and nothing else"
        ) from None
    return text


def one_for_each(kind: type[Enum]) -> AfterValidator:
    """Demand a word for each member of `kind`."""

    def check(words: dict[Enum, str]) -> dict[Enum, str]:
        if missing := [f'"{member.value}"' for member in kind if member not in words]:
            raise ValueError(f"has no word for {', '.join(missing)}; add it")
        return words

    return AfterValidator(check)


Template = Annotated[Sentence, AfterValidator(_fillable)]
Words = TypeVar("Words", bound=FileModel)


class ListingWords(FileModel):
    """How a routine is described in a list."""

    stretch: Template
    twist: Template
    """How many minutes it takes: ``{n}``."""
    needs: Template
    """What it needs: ``{things}``."""
    partner: Sentence
    """How a partner is listed among the things a routine needs."""
    say: Template
    """How to ask for it: ``{things}`` are its names."""
    rehearsed: Template
    """How long a session takes: ``{time}``, in minutes."""

    def description(self, routine: Routine, minutes: float) -> str:
        """Describe a routine in a few words."""
        kind = (self.twist if routine.twist else self.stretch).format(n=round(minutes))
        things = (*(self.partner,) * routine.partner, *routine.things)
        return ", ".join((kind, *(self.needs.format(things=", ".join(things)),) * bool(things)))


class SummaryWords(FileModel):
    """What is said of each routine when a session is over."""

    steps: Template
    """How many steps were done: ``{n}``, ``{of}``."""
    time: Template
    """For how long: ``{time}``, in minutes."""
    felt: Annotated[dict[Feeling, Sentence], one_for_each(Feeling)]


class QuestionWords(FileModel):
    """The answers to what a step may ask, by question."""

    clock: Sentence
    place: Sentence
    moving: Sentence
    """Where the hands are to go."""
    tingling: Sentence


class ScreenWords(FileModel):
    """One language's words for the screen."""

    step: Template
    """Which step it is: ``{n}``, ``{of}``."""
    you: Sentence
    partner: Sentence
    """To whom the coach speaks."""
    breath: Template
    """Which breath it is: ``{n}``, ``{of}``."""
    seconds: Template
    """A time under a minute: ``{n}``."""
    time_left: Template
    """The time left of a hold or of the breathing: ``{time}``."""
    heard: Sentence
    listening: Sentence
    """Shown while the coach is softer or silent because it has noticed the person."""
    microphone: Sentence
    """In front of the meter that shows how loud the person is."""
    recording: Sentence
    """Shown while the sound of the session is recorded."""
    say: Sentence
    keys: Sentence
    choose: Sentence
    """What the digits do."""
    others: Template
    """How many routines are not on the screen: ``{n}``."""
    over: Sentence
    """Shown after pain and after a fault."""
    hands_off: Sentence
    """Shown large after pain and after a fault, when a partner takes part."""
    headlines: dict[State, Sentence]
    """Shown large in these states; other states show the step."""
    outcomes: Annotated[dict[Outcome, Sentence], one_for_each(Outcome)]
    """Shown large at the end."""
    hints: dict[State, Sentence]
    """Shown while nothing is said, in the states that wait for a person."""
    questions: QuestionWords
    """Shown instead while a step asks something and waits for the answer."""
    breaths: Annotated[dict[Phase, Sentence], one_for_each(Phase)]
    hands: dict[Literal["push", "let go"], Sentence]
    """What the partner is to do, shown large while they may press."""
    breath_heard: Sentence
    """In front of the line of the breath that is heard."""
    key_names: dict[str, Sentence]
    """The names of keys without a letter."""
    listing: ListingWords
    summary: SummaryWords
    states: Annotated[dict[State, Sentence], one_for_each(State)]
    """The names of states, for plain lines."""


class PhoneWords(FileModel):
    """One language's words for the page on a phone that is microphone and loudspeaker."""

    tagline: Sentence
    """In place of the page's own."""
    hands_off: Sentence
    """Shown in huge letters when the phone has lost the coach."""
    why_hidden: Sentence
    why_muted: Sentence
    why_silent: Sentence
    why_broken: Sentence
    why_ended: Sentence
    """Why it was lost: the page left, the microphone muted, the network gone, the sound stopped, or
    the coach ended it."""
    come_out: Sentence
    start_again: Sentence
    denied: Sentence
    busy: Sentence
    unreachable: Sentence
    unusable: Sentence
    """Why it cannot begin: no leave to use the microphone, another phone, no network, an old
    browser."""


class PageWords(FileModel):
    """One language's words for the page; ``static/page.html`` shows where each one stands."""

    title: Sentence
    tagline: Sentence
    routines: Sentence
    ask_me: Sentence
    ask_me_hint: Sentence
    plans: Sentence
    minutes: Template
    """How long a routine takes: ``{n}``."""
    needs_nothing: Sentence
    strong: Sentence
    """The mark of a twist."""
    starting: Sentence
    """Shown until the coach speaks."""
    history: Sentence
    no_history: Sentence
    history_picture: Template
    """Describes the history picture to a screen reader: ``{n}`` sessions."""
    say_or_touch: Sentence
    more: Sentence
    level: Sentence
    lost: Sentence
    """Shown while the page has no connection to the coach."""
    closed: Sentence
    """Shown when the coach has ended."""
    arrived: Sentence
    """Shown when a command has reached the coach."""
    not_arrived: Sentence
    """Shown when a command has not."""
    nothing_now: Sentence
    """Shown when a command means nothing at the moment."""
    done: Sentence
    steps_done: Template
    """How many steps were done: ``{n}``, ``{of}``."""
    in_all: Template
    """How long it took: ``{time}``."""
    last: Sentence
    save: Sentence
    back_home: Sentence
    switches: Sentence
    speak_screen: Sentence
    letter_keys: Sentence
    figures_move: Sentence
    views: dict[str, Sentence]
    """Written into a figure that is not seen from the side, by the pose's ``view``."""
    full_screen: Sentence
    felt: Annotated[dict[Feeling, Sentence], one_for_each(Feeling)]
    phone: PhoneWords


def read_screen_words(code: str = "en") -> ScreenWords:
    """Read one language's words for the screen, or raise ``InvalidLanguage``."""
    path = data_folder() / code / "screen.toml"
    return parse_screen_words(code, path.read_text("utf-8"))


def parse_screen_words(code: str, text: str) -> ScreenWords:
    """Build them from the text of a ``screen.toml``, or raise ``InvalidLanguage``."""
    return parse_words(ScreenWords, f"{code}/screen.toml", text)


def read_page_words(code: str = "en") -> PageWords:
    """Read one language's words for the page, or raise ``InvalidLanguage``."""
    path = data_folder() / code / "web.toml"
    return parse_words(PageWords, f"{code}/web.toml", path.read_text("utf-8"))


def parse_words(kind: type[Words], source: str, text: str) -> Words:
    """Build words of this `kind` from the TOML `text` of the file `source`.

    Raises ``InvalidLanguage``.
    """
    try:
        return kind.model_validate(parse_toml(text))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        raise InvalidLanguage(f"{source}: {place}: {message}") from None
    except ValueError as error:
        raise InvalidLanguage(f"{source}: not valid TOML: {error}") from None
