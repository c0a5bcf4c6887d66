"""The ear: microphone and loudspeaker in, what was noticed and what was said out.

The echo of the coach's own voice is taken out of the microphone. What is left is judged block by
block (is that the person, is it a voice?) and heard by a recogniser that knows only the phrases of
this moment, so that it misses little. A second one hears the far end, that is what the loudspeaker
plays: a phrase it finds there, the microphone will bring again, and it is not the person's. What
follows from all that is `evidence.py`'s to say. Nothing ever mutes the microphone.
"""

from __future__ import annotations

from collections import Counter, deque
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.evidence import BLOCK, Clues, Evidence, Sign, Verdict
from voice_coach.hearing.grammar import Grammar, grammar
from voice_coach.hearing.recogniser import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.aec.frame import AecFrame
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.hearing.recogniser import Guess, Recogniser, Result
    from voice_coach.hearing.vad import NearEndVad

KEPT = 4.0
"""Seconds of sound that are kept to be heard anew."""
JUMP = 0.2
"""Seconds it may take until a jump of the echo is found; till then the coach is heard in full."""
OWN_AFTER = 1.0
"""Seconds after a phrase of the coach's own in which it may be heard in the microphone."""
FORGETTING = 1.0
"""Decibels a second by which the echo's loudest moment is forgotten while the coach speaks."""
FALL = 20 / 1.7
"""Decibels a second by which the level that is shown falls: 20 in 1.7 s, as on a peak programme
meter (IEC 60268-10, type I). It rises at once, so that no word is missed between two looks."""
FAINTEST = 1e-10
"""Power, or mean square, that keeps a level finite: -100 dBFS."""
SURE = 5.0
"""Margin of a phrase that nothing competes with."""


class Canceller(Protocol):
    """Takes the loudspeaker's echo out of the microphone."""

    def process(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> AecFrame:
        """Give the microphone without the echo of `far_end`; both have the same length."""


class Listener:
    """Hears the person over the coach's own voice."""

    def __init__(
        self,
        person: Recogniser,
        coach: Recogniser,
        canceller: Canceller,
        near_end: NearEndVad,
        language: Language,
    ) -> None:
        """Take two recognisers: one for the microphone, one for the coach's own voice."""
        self._person = person
        self._coach = coach
        self._canceller = canceller
        self.level: float | None = None
        """How loud the person is, in dBFS: a meter of the microphone without the coach's echo."""
        self.erle: float | None = None
        """Echo return loss enhancement of the latest block, in dB."""
        self._near_end = near_end
        self._language = language
        self._evidence = Evidence(self._inquire)
        self._grammar: Grammar = grammar(language, frozenset())
        self._kept: deque[NDArray[np.float32]] = deque()
        self._samples = 0
        self._relearning = False
        """Whether the echo path was not to be trusted in the block before."""
        self._said = Counter[str]()
        self._said_by_coach = Counter[str]()
        self._own_at: dict[str, float] = {}
        """When the coach's own voice was last heard to say a phrase, in seconds."""
        self._echo: float | None = None
        """How loud the coach's echo was at its loudest, of late, in dB of full scale."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands from now on."""
        self._grammar = grammar(self._language, commands)
        self._person.listen_for(self._grammar.urgent)
        self._coach.listen_for(self._grammar.urgent)

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next block of both; give what became known with it."""
        return [self._event(sign) for sign in self.signs(microphone, far_end)]

    def signs(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Sign]:
        """Take the next block of both; give what follows, with the scores that led to it."""
        frame = self._canceller.process(microphone, far_end)
        self.erle = frame.erle
        clean = frame.samples
        self._keep(clean)
        if frame.patched is not None:
            self._mend(frame.patched)
        elif frame.reconverging and not self._relearning:
            self._mend(np.zeros(round(JUMP * SAMPLE_RATE), np.float32))
        self._relearning = frame.reconverging
        self._samples += len(clean)
        now = self._samples / SAMPLE_RATE
        judgement = self._near_end.judge(frame)
        self._meter(clean)
        coach = bool(np.any(far_end))
        if coach:
            self._measure_echo(frame)
            for phrase in self._new(self._coach.accept(far_end), self._said_by_coach):
                self._own_at[phrase] = now
        result = self._person.accept(clean)
        urgent = [p for p in self._new(result, self._said) if not self._is_self_echo(p, now)]
        clues = Clues(
            judgement.sound,
            judgement.voice,
            judgement.level,
            urgent[0] if urgent else "",
            frame.reconverging,
            coach,
        )
        return self._evidence.weigh(now, clues)

    def _measure_echo(self, frame: AecFrame) -> None:
        level = 10 * float(np.log10(np.sum(frame.echo) + FAINTEST))
        if self._echo is None or level > self._echo:
            self._echo = level
        else:
            self._echo -= FORGETTING * BLOCK

    def _meter(self, clean: NDArray[np.float32]) -> None:
        level = 10 * float(np.log10(np.mean(np.square(clean)) + FAINTEST))
        before = level if self.level is None else self.level
        self.level = max(level, before - FALL * len(clean) / SAMPLE_RATE)

    def _keep(self, clean: NDArray[np.float32]) -> None:
        self._kept.append(clean)
        if len(self._kept) * len(clean) > KEPT * SAMPLE_RATE:
            self._kept.popleft()

    def _mend(self, mended: NDArray[np.float32]) -> None:
        """Keep this in place of the last blocks: the echo was not where it was thought to be."""
        blocks = mended.reshape(-1, len(self._kept[-1]))
        for back in range(1, min(len(blocks), len(self._kept)) + 1):
            self._kept[-back] = blocks[-back]

    def _new(self, result: Result | None, counted: Counter[str]) -> list[str]:
        """Give each urgent phrase that is there once more than it was in this utterance."""
        if result is None:
            return []
        words = result.text.split()
        new = []
        for phrase in self._grammar.urgent:
            said = _occurrences(phrase.split(), words)
            if said > counted[phrase]:
                # Never counted down: a change of grammar lets the utterance be heard anew.
                counted[phrase] = said
                new.append(phrase)
        if result.final:
            counted.clear()
        return new

    def _is_self_echo(self, phrase: str, now: float) -> bool:
        return now - self._own_at.get(phrase, -1e9) < OWN_AFTER

    def _order(self, text: str) -> str:
        """Give the phrase, not an urgent one, that is all of `text`; empty if there is none."""
        orders = sorted(self._grammar.phrases.keys() - set(self._grammar.urgent))
        return next((phrase for phrase in orders if self._is_all(phrase, text)), "")

    def _is_all(self, phrase: str, text: str) -> bool:
        """Whether `text` is `phrase`, but perhaps for one scrap of another one.

        A recogniser may put such a scrap, "i" or "the", for a breath before the word.
        """
        words, wanted = _plain(text).split(), phrase.split()
        if words == wanted:
            return True
        scrap = set(words) - set(wanted)
        return (
            len(words) == len(wanted) + 1
            and _occurrences(wanted, words) == 1
            and scrap <= self._grammar.scraps
        )

    def _inquire(self, seconds: float, orders: bool) -> Verdict:
        """Hear the last `seconds` anew, through the grammars."""
        samples = np.concatenate(self._kept)[-round(seconds * SAMPLE_RATE) :]
        now = self._samples / SAMPLE_RATE
        urgent = [p for p in self._grammar.urgent if not self._is_self_echo(p, now)]
        margins = dict.fromkeys(urgent, NONE)
        best, best_margin = "", NONE
        for each in (samples, _brightened(samples)):
            cries = self._person.weigh(each, self._grammar.urgent)
            small = self._person.weigh(each, self._grammar.small) if orders else []
            order = self._order(small[0].text) if small else ""
            if not (order or any(_cries(phrase, g.text) for phrase in urgent for g in cries)):
                continue  # so the full grammar, which takes longest, need not be asked
            full = self._person.weigh(each, self._grammar.full)
            for phrase in urgent:
                margin = _margin(cries, full, partial(_cries, phrase))
                margins[phrase] = max(margins[phrase], margin)
            margin = _margin(small, full, partial(self._is_all, order)) if order else NONE
            if margin > best_margin:
                best, best_margin = order, margin
            if SURE in margins.values():
                break  # it cannot be heard any better, and the person waits
        likeliest = max(margins, key=margins.__getitem__, default="")
        return Verdict(likeliest, margins.get(likeliest, NONE), best, best_margin)

    def _event(self, sign: Sign) -> Event:
        if sign.kind != "command":
            return Noticed(sign.kind)
        meaning = self._grammar.phrases.get(sign.phrase)
        command = meaning.command if meaning else Command.PAIN
        choice = meaning.choice if meaning else ""
        margin = sign.scores.get("margin")
        over = None if self._echo is None else round(self._evidence.loudest - self._echo, 1)
        return Heard(command, sign.phrase, choice, tier=sign.tier, llr=margin, over_echo=over)


NONE = -20.0
"""Margin of a phrase that was not heard at all."""
BESIDE = 3
"""Other words a cry of pain may hold: "please stop", but not "we will stop on the way"."""
PRIOR = 3.6
"""By how much the small grammar's score exceeds the full one's for the same words: the logarithm
of how many times more phrases the full one has to choose from."""


LOUDER, BRIGHTER, BRIGHTEST, LOW = 4.0, 2.0, 18.0, 300.0
"""What is heard anew is also heard with this amplitude, and with so many dB an octave more above so
many Hz, up to so many dB: a face in a mat and a soft voice take the high tones away."""


def _margin(small: Sequence[Guess], full: Sequence[Guess], holds: Callable[[str], bool]) -> float:
    """Give by how much the best guess that `holds` a phrase explains the sound better than others.

    The full grammar's search seldom keeps both, so the small one's score stands in for what is
    missing there.
    """
    alone = max((guess.score for guess in small if holds(guess.text)), default=None)
    if alone is None:
        return NONE
    among = max((guess.score for guess in full if holds(guess.text)), default=alone - PRIOR)
    other = max((guess.score for guess in full if not holds(guess.text)), default=among - SURE)
    return float(np.clip(among - other, NONE, SURE))


def _brightened(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the sound as if from a mouth that is nearer and free: louder, with more high tones."""
    spectrum = np.fft.rfft(samples)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), LOW) / LOW)
    gain = LOUDER * 10 ** (np.minimum(BRIGHTER * octaves, BRIGHTEST) / 20)
    return np.fft.irfft(spectrum * gain, len(samples)).astype(np.float32)


def _cries(phrase: str, text: str) -> bool:
    """Whether `text` is the cry `phrase` with a few other words at most."""
    words, wanted = text.split(), phrase.split()
    said = _occurrences(wanted, words)
    return said > 0 and len(words) - said * len(wanted) <= BESIDE


def _plain(text: str) -> str:
    return " ".join(word for word in text.split() if word != UNKNOWN)


def _occurrences(phrase: list[str], words: list[str]) -> int:
    return sum(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))
