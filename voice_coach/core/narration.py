"""What the coach is saying, and what it will say next.

A *passage* is a row of sentences, spoken one after another, and what follows when the last is
over. Beside it single sentences are said: a cue at its moment, an answer in between. Each is
handed over under an id of its own and counts as being said until that id is reported finished;
after a cut nothing that was handed over counts any more, whatever is still reported about it.

Ducked or hushed, the coach gives way to a person who may be about to say something. A hush holds
on to everything: nothing ends and nothing follows until it is over. It ends when told so, with a
cut, or by itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voice_coach.core.actions import Cut, Duck, Hush, Resume, Say
from voice_coach.core.commands import unmarked
from voice_coach.core.earcons import GAP as EARCON_GAP
from voice_coach.core.earcons import HEARD, SECONDS
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.timed import GRACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.timed import Cue

GAP = 0.4
"""Seconds between two sentences that ask for no movement."""
ECHO = 1.0
"""Seconds after a sentence in which its words may still come back as heard ones.

A recogniser reports a word for good up to 0.9 s after it was spoken; a person who answers the
coach's last word needs longer than this until their answer is reported. The coach may meanwhile
have gone on to other sentences, or have been cut."""

GIVING_WAY = 10.0
"""Seconds without another sign of the person after which the coach goes on by itself: longer than
anything that is said to it, shorter than the silence after which one thinks it broken."""


@dataclass
class Passage:
    """Sentences still to say, and what follows them."""

    sentences: deque[str] = field(default_factory=deque)
    gap: float = GAP
    """Seconds between two of them."""
    then: Callable[[float], None] | None = None
    """Called with the audio time when all is said."""


@dataclass(frozen=True)
class _Said:
    """A sentence that was handed over and has not ended yet."""

    text: str
    cue: Cue | None
    in_passage: bool

    @property
    def is_earcon(self) -> bool:
        """Whether it is no sentence at all."""
        return self.text in SECONDS

    @property
    def is_missed(self) -> bool:
        """Whether it is to be said again when it is broken off.

        No cue is, for its moment is gone, and nothing that answered somebody who has spoken again.
        """
        return self.cue is None and (self.in_passage or not self.is_earcon)


class Narration:
    """Keeps the order of everything spoken; asks for it through `act`."""

    def __init__(self, act: Callable[[Action], None], *, earcons: bool = True) -> None:
        """Leave the earcons out of all that is said, if there are to be none."""
        self.rate = DEFAULT_RATE
        """Words a minute, for what is said from now on."""
        self.quiet_since = 0.0
        """Audio time at which the last sentence ended."""
        self.passage = Passage()
        self.answers: deque[str | None] = deque()
        """Answers that wait until a running clock leaves room for them; None is the one to "how
        long?", which holds only for the moment it is given."""
        self.acknowledges = False
        """Whether what was heard has still to be answered by an earcon."""
        self._act = act
        self._earcons = earcons
        self._last_id = 0
        self._said: dict[int, _Said] = {}
        self._sounding: int | None = None
        self._sounded: deque[tuple[str, float]] = deque(maxlen=8)
        """The newest sentences that fell silent, and when."""
        self.gives_way_until: float | None = None
        """Audio time at which it goes on by itself; None while it gives way to nobody."""
        self._hushed_at: float | None = None
        self._ended: list[int] = []
        """What ended in the moment of a hush, to be told of after it."""

    @property
    def busy(self) -> bool:
        """Whether anything is being said or waits to be."""
        return bool(self._said or self.passage.sentences)

    @property
    def speaking(self) -> bool:
        """Whether anything was handed over that has not ended."""
        return bool(self._said)

    @property
    def text(self) -> str:
        """The sentence that sounds now; empty in silence, and while an earcon sounds."""
        if self._sounding is None or self.hushed:
            return ""
        said = self._said[self._sounding]
        return "" if said.is_earcon else said.text

    @property
    def cue(self) -> Cue | None:
        """The cue that sounds now; None where another sentence does, or none."""
        return None if self._sounding is None else self._said[self._sounding].cue

    @property
    def hushed(self) -> bool:
        """Whether it stands still for the person."""
        return self._hushed_at is not None

    @property
    def coming(self) -> tuple[str, ...]:
        """All that is being said or waits to be."""
        return (*(said.text for said in self._said.values()), *self.passage.sentences)

    def speak(
        self,
        sentences: Iterable[str],
        now: float,
        *,
        gap: float = GAP,
        then: Callable[[float], None] | None = None,
    ) -> None:
        """Begin a new passage in place of the one before."""
        said = (text for text in sentences if self._earcons or text not in SECONDS)
        self.passage = Passage(deque(said), gap, then)
        self._go_on(now)

    def acknowledge(self) -> None:
        """Let an earcon go before the next sentence, for that answers what was heard."""
        self.acknowledges = self._earcons

    def say(self, text: str, at: float, cue: Cue | None = None) -> None:
        """Say one sentence beside the passage."""
        self._hand_over(_Said(text, cue, in_passage=False), at)

    def put_in(self, sentences: tuple[str, ...], now: float) -> None:
        """Say these at once, then take the passage up from the sentence they broke off."""
        rest = self.set_aside(now).sentences
        # What is asked for twice is said once.
        self.passage.sentences = deque((*sentences, *(s for s in rest if s not in sentences)))
        self._go_on(now)

    def set_aside(self, now: float) -> Passage:
        """Fall silent; give the passage as it must be taken up, broken sentence first."""
        broken = [said.text for said in self._said.values() if said.is_missed]
        self.passage.sentences.extendleft(reversed(broken))
        self.cut(now)
        return self.passage

    def cut(self, now: float) -> None:
        """Fall silent, and count nothing as being said that was handed over."""
        self._fall_silent(now)
        self._said.clear()
        self._stop_giving_way()
        self._act(Cut())

    def forget(self) -> None:
        """Drop the passage, and the answers that wait."""
        self.passage = Passage()
        self.answers.clear()

    def started(self, say_id: int) -> None:
        """Note that a sentence sounds."""
        if say_id in self._said:
            self._sounding = say_id

    def finished(self, say_id: int, now: float) -> bool:
        """Note that a sentence is over; False if it is none of those that count."""
        if say_id not in self._said:
            return False
        if self.hushed:
            self._ended.append(say_id)
            return False
        if self._sounding == say_id:
            self._fall_silent(now)
        said = self._said.pop(say_id)
        self.quiet_since = now
        if said.in_passage:
            self._go_on(now + (EARCON_GAP if said.is_earcon else self.passage.gap))
        return True

    def duck(self, now: float) -> None:
        """Go on softly."""
        if self.gives_way_until is None:
            self._act(Duck())
        self.gives_way_until = now + GIVING_WAY

    def hush(self, now: float) -> None:
        """Fall silent and hold on to everything."""
        if not self.hushed:
            if self.text:
                self._sounded.append((self.text, now))
            self._hushed_at = now
            self._act(Hush())
        self.gives_way_until = now + GIVING_WAY

    def resume(self, now: float) -> None:
        """Go on as it was; the time of a hush counts as no silence."""
        if self.gives_way_until is None:
            return
        hushed_at, ended = self._hushed_at, self._ended
        self._stop_giving_way()
        self._act(Resume())
        if hushed_at is None:
            return
        self.quiet_since += now - hushed_at
        if not self._said:
            self._go_on(now)
        for say_id in ended:
            self.finished(say_id, now)

    def may_be_own(self, phrase: str, now: float) -> bool:
        """Whether words just heard could be the coach's own, come back through the microphone."""
        texts = [text for text, end in self._sounded if now - end < ECHO]
        if self.text:
            texts.append(self.text)
        return any(f" {_words(phrase)} " in f" {_words(text)} " for text in texts)

    def _stop_giving_way(self) -> None:
        self.gives_way_until = self._hushed_at = None
        self._ended = []

    def _fall_silent(self, now: float) -> None:
        if self.text:
            self._sounded.append((self.text, now))
        self._sounding = None

    def _go_on(self, now: float) -> None:
        if self.passage.sentences:
            self._hand_over(_Said(self.passage.sentences.popleft(), None, in_passage=True), now)
        elif self.passage.then:
            then, self.passage.then = self.passage.then, None
            then(now)

    def _hand_over(self, said: _Said, at: float) -> None:
        if self.acknowledges and not said.cue:
            self.acknowledges = False
            self.say(HEARD, at)
            at += SECONDS[HEARD] + EARCON_GAP
        self._last_id += 1
        self._said[self._last_id] = said
        latest = said.cue.at + GRACE if said.cue else None
        self._act(Say(self._last_id, said.text, self.rate, at, latest))


def _words(text: str) -> str:
    """Give the words as they sound, in small letters."""
    return " ".join("".join(c if c.isalnum() else " " for c in unmarked(text.lower())).split())
