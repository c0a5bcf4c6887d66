"""Replays the log of a session: its events go into the present core, and are shown.

The core is a pure function of config, events and time, so it must ask for the same actions again.
Where it does not, the log or the program has changed.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING

from voice_coach.core.actions import Cut, Say
from voice_coach.core.events import (
    BreathEnded,
    BreathStarted,
    CandidateScored,
    ClipDropped,
    ClipFinished,
    ClipReady,
    ClipStarted,
    Event,
    Fault,
    Heard,
    Noticed,
    SomebodyComing,
    SoundGaps,
    TimeReached,
)
from voice_coach.core.session import Session
from voice_coach.errors import CoachError
from voice_coach.history.event_log import Log, Withheld
from voice_coach.history.log_writer import LARGEST
from voice_coach.plain_files import open_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice_coach.core.actions import Action
    from voice_coach.history.event_log import Kept


class Differs(CoachError):
    """The core asks for another action than in the log; the message is one sentence."""


@dataclass(frozen=True)
class ReplayLine:
    """One thing to show."""

    at: float
    """Audio time in seconds."""
    label: str
    text: str


DIFFERS, WITHHELD = "differs", "withheld"
"""The labels of the lines that tell from where on nothing can be compared: an old log is no longer
what the coach would do, or an answer is not in the log."""
AS_IT_IS = "The rest is shown as the log holds it."


@contextmanager
def open_log(path: Path) -> Iterator[Log]:
    """Open a log to be replayed; raises ``BadLog`` or ``OSError``."""
    with TextIOWrapper(open_plain(path, 2 * LARGEST), encoding="utf-8-sig") as file:
        yield Log.read(file, path.name)


def replay(log: Log) -> Iterator[ReplayLine]:
    """Show a session again, line by line; raises ``BadLog`` or ``Differs`` where it must end.

    A log of an older format holds what an older coach said. Where the coach of now asks for
    something else, a line tells so, and the rest is shown as the log holds it. So it is after an
    answer that was not kept, for the session depends on it.
    """
    session = Session(log.config)
    wanted = deque(session.start(0.0))
    same = True
    said: dict[int, str] = {}
    outcome, now = None, 0.0
    for entry in log.entries():
        what, now = entry.what, entry.at
        try:
            if same and not isinstance(what, Event | Withheld):
                _compare(wanted.popleft() if wanted else None, what, now)
            elif same and wanted:
                _compare(wanted[0], None, now)
        except Differs as differs:
            if not log.is_old:
                raise
            same = False
            yield ReplayLine(now, DIFFERS, f"{differs} {AS_IT_IS}")
        if same and isinstance(what, Withheld):
            same = False
            yield ReplayLine(now, WITHHELD, f"Answers about the body are not kept. {AS_IT_IS}")
        if same and isinstance(what, Event):
            wanted.extend(session.handle(what, now))
        yield from _lines(what, now, said)
        if same and session.outcome is not outcome and (outcome := session.outcome):
            yield ReplayLine(now, "end", outcome.value)
    if same and not session.over:
        yield ReplayLine(now, "", "Here the log breaks off, before the session was over.")


def _compare(now_asks: Action | None, then_asked: Action | None, at: float) -> None:
    if now_asks != then_asked:
        raise Differs(
            f"At {at:.2f} s the coach asks for {_name(now_asks)}, and in the log for "
            f"{_name(then_asked)}: the log or the program has changed."
        )


def _name(action: Action | None) -> str:
    if action is None:
        return "nothing"
    return f'"{action.text}"' if isinstance(action, Say) else type(action).__name__.lower()


def _lines(what: Kept, now: float, said: dict[int, str]) -> Iterator[ReplayLine]:  # noqa: C901, PLR0912 - a case each
    match what:
        case Say(say_id, text):
            said[say_id] = text
        case Cut():
            yield ReplayLine(now, "silent", "")
        case ClipStarted(say_id):
            yield ReplayLine(now, "coach", said.get(say_id, ""))
        case ClipDropped(say_id):
            yield ReplayLine(now, "dropped", said.get(say_id, ""))
        case Heard():
            yield ReplayLine(now, "heard", _heard(what))
        case Noticed(kind):
            yield ReplayLine(now, "noticed", kind)
        case BreathStarted(_, confidence):
            yield ReplayLine(now, "breath", f"began ({confidence:.1f})")
        case BreathEnded(_, confidence):
            yield ReplayLine(now, "breath", f"ended ({confidence:.1f})")
        case CandidateScored(phrase, tier, score):
            yield ReplayLine(now, "scored", f"{phrase} ({tier}, {score:.1f})")
        case Fault(part, reason):
            yield ReplayLine(now, "fault", f"{part}: {reason}")
        case SomebodyComing():
            yield ReplayLine(now, "coming", "somebody is coming")
        case SoundGaps(overflows, underflows):
            yield ReplayLine(now, "gaps", f"microphone {overflows}, loudspeaker {underflows}")
        case ClipFinished() | ClipReady() | TimeReached() | Withheld():
            pass


def _heard(heard: Heard) -> str:
    llr = "" if heard.llr is None else f", LLR {heard.llr:.1f}"
    how = heard.tier + llr if heard.source == "voice" else heard.source
    choice = f" {heard.choice}" if heard.choice else ""
    return f"{heard.phrase or heard.command.value}{choice} ({how})"
