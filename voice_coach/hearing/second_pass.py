"""The second pass: a candidate's sound is decoded again, through two grammars.

The small grammar holds the phrases of the moment; the full one holds every phrase of the language
and filler words. The log-likelihood ratio (LLR) says how much better a phrase explains the whole
sound than anything else does. Talk that contains such a word has a low LLR, because most of the
sound is something else.

The sound is decoded as it is and, unless the LLR cannot rise any more, once pre-emphasised: louder
and with more high tones, as from a mouth that is nearer and free. A face in a mat and a soft voice
take the high tones away.

All here is pure but for the recogniser; `worker` runs it off the real-time thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.recogniser import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from voice_coach.hearing.candidates import Candidate
    from voice_coach.hearing.grammar import Grammar
    from voice_coach.hearing.recogniser import Hypothesis, Recogniser

    Samples = NDArray[np.float32]

LLR_MIN, LLR_MAX = -20.0, 5.0
"""LLR of a phrase that was not decoded at all, and of one that has no competing hypothesis."""
LOST = -12.0
"""Lower LLRs count as this one in a mean: something else explains the sound far better."""
EXPLAINED = 0.0
"""At or above this LLR an order is likelier than all else, so no transcript is needed."""
URGENT_WINDOW = 2.6
"""Seconds of sound at most in which pain or stop is looked for: no cry takes longer."""
HARMLESS, ORDERED = 2.0, 4.0
"""If "hello" or "no pain" is likelier than every cry by HARMLESS, or an order by ORDERED (natural
logarithms), that is what was said. Without this, each would be asked about as a possible cry."""
EXTRA_WORDS = 3
"""Other words a cry of pain may hold: "please stop", but not "we will stop on the way"."""
GAIN, TILT, TILT_MAX, TILT_FROM = 4.0, 2.0, 18.0, 300.0
"""The pre-emphasis: amplitude, and decibels an octave above so many Hz, up to a limit in dB."""


@dataclass(frozen=True)
class SecondPassRequest:
    """A candidate and its sound."""

    candidate: Candidate
    samples: Samples
    """The candidate's seconds, at ``SAMPLE_RATE``."""
    grammar: Grammar
    excluded: frozenset[str] = frozenset()
    """Phrases that the coach itself has just said."""


@dataclass(frozen=True)
class PhraseLlr:
    """How well one phrase explains a sound."""

    phrase: str = ""
    """Empty if none does at all."""
    plain: float = LLR_MIN
    """LLR of the sound as it is."""
    preemphasised: float = LLR_MIN

    @property
    def best(self) -> float:
        """The better of the two."""
        return max(self.plain, self.preemphasised)

    @property
    def mean(self) -> float:
        """Their mean, each no lower than LOST: high only where they agree."""
        return (max(self.plain, LOST) + max(self.preemphasised, LOST)) / 2


@dataclass(frozen=True)
class SecondPassResult:
    """What the second pass makes of a sound."""

    urgent: PhraseLlr = PhraseLlr()
    """The phrase of pain or stop that explains it best."""
    order: PhraseLlr = PhraseLlr()
    """The other phrase that it is, whole."""
    scored: bool = True
    """Whether the recogniser gives likelihoods; without them an LLR is little more than a guess."""
    harmless: bool = False
    """Whether it is neither pain nor an order, but something that is often said: "hello"."""
    wordless: bool = False
    """Whether it is a voice that says no word, of all that the recogniser knows."""


def run_second_pass(recogniser: Recogniser, request: SecondPassRequest) -> SecondPassResult:
    """Decode the sound again; costs about 30 ms for each second, grammar and version.

    What may be a cry without words, and is no phrase, is transcribed, which takes longer.
    """
    result = _phrases(recogniser, request)
    clear = result.urgent.best == LLR_MAX or result.order.best >= EXPLAINED
    if not request.candidate.may_be_wordless or result.harmless or clear:
        return result
    transcript = recogniser.transcribe(request.samples)
    wordless = transcript is not None and request.grammar.is_wordless(transcript)
    return replace(result, wordless=wordless)


def _phrases(recogniser: Recogniser, request: SecondPassRequest) -> SecondPassResult:
    candidate, samples = request.candidate, request.samples
    urgent_window = round(URGENT_WINDOW * SAMPLE_RATE)
    if len(samples) <= urgent_window:
        return _decode(recogniser, request, samples, urgent=True, orders=candidate.endpoint)
    result = SecondPassResult()
    if candidate.may_be_urgent:
        tail = samples[-urgent_window:]
        result = _decode(recogniser, request, tail, urgent=True, orders=False)
    if candidate.endpoint:  # an order must be decoded whole
        whole = _decode(recogniser, request, samples, urgent=False, orders=True)
        scored = whole.scored and result.scored
        result = SecondPassResult(result.urgent, whole.order, scored, whole.harmless)
    return result


def _decode(
    recogniser: Recogniser,
    request: SecondPassRequest,
    samples: Samples,
    *,
    urgent: bool,
    orders: bool,
) -> SecondPassResult:
    grammar = request.grammar
    phrases = [p for p in grammar.urgent if urgent and p not in request.excluded]
    found: dict[str, list[float]] = {phrase: [] for phrase in phrases}
    ordered: dict[str, list[float]] = {}
    scored = True
    versions = (samples, preemphasised(samples))
    for number, version in enumerate(versions):
        small_urgent = recogniser.decode(version, grammar.urgent) if phrases else []
        small = recogniser.decode(version, grammar.small) if orders else []
        order = whole_phrase(grammar, small[0].text) if small else ""
        full: Sequence[Hypothesis] = []
        # The full grammar takes longest, so it is only asked where there is a phrase at all, and
        # once at the end of an utterance, which may be small talk.
        if (
            order
            or (orders and number == 0)
            or any(cries(grammar, p, h.text) for p in phrases for h in small_urgent)
        ):
            full = recogniser.decode(version, grammar.full)
        scored = scored and all(h.score is not None for h in (*small_urgent, *small, *full))
        for phrase in phrases:
            prior = grammar.log_size_ratio(len(grammar.urgent))
            found[phrase].append(llr(small_urgent, full, partial(cries, grammar, phrase), prior))
        said = likeliest(full)
        harmless = grammar.is_harmless(said)
        # Before the end of an utterance no order is looked for, but one may be under way.
        obeyed = is_order(grammar, said) and (not orders or grammar.whole(said) == order)
        lead = -max((v for values in found.values() for v in values), default=LLR_MIN)
        if harmless and not obeyed and lead >= HARMLESS:
            return SecondPassResult(scored=scored, harmless=True)
        if obeyed and lead >= (HARMLESS if harmless else ORDERED):
            found.clear()
            phrases = []
        if order:
            prior = grammar.log_size_ratio(len(grammar.small))
            holds = partial(is_whole, grammar, order)
            values = ordered.setdefault(order, [LLR_MIN] * number)
            values.append(llr(small, full, holds, prior))
        if any(LLR_MAX in values for values in found.values()):
            break  # it cannot rise any more, and the person waits
    return SecondPassResult(_best(found), _best(ordered), scored)


def _best(found: dict[str, list[float]]) -> PhraseLlr:
    """Give the likeliest phrase; if pre-emphasis was not needed, its LLR is the plain one."""
    phrase = max(found, key=lambda each: max(found[each]), default="")
    if not phrase or max(found[phrase]) <= LLR_MIN:
        return PhraseLlr()
    plain, *later = found[phrase]
    return PhraseLlr(phrase, plain, later[0] if later else _unasked(plain))


def _unasked(plain: float) -> float:
    return plain if plain == LLR_MAX else LLR_MIN


def llr(
    small: Sequence[Hypothesis],
    full: Sequence[Hypothesis],
    holds: Callable[[str], bool],
    log_size_ratio: float,
) -> float:
    """Give by how much the best hypothesis that `holds` a phrase is likelier than the others.

    The full grammar's search seldom keeps both. Where the phrase is missing there, the small
    grammar's score stands in for it. That one is higher by the logarithm of how many times more
    phrases the full grammar has to choose from. In natural logarithms, LLR_MIN to LLR_MAX.
    """
    alone = max((score(h) for h in small if holds(h.text)), default=None)
    if alone is None:
        return LLR_MIN
    among = max((score(h) for h in full if holds(h.text)), default=alone - log_size_ratio)
    other = max((score(h) for h in full if not holds(h.text)), default=among - LLR_MAX)
    return min(max(among - other, LLR_MIN), LLR_MAX)


def score(hypothesis: Hypothesis) -> float:
    """Give its log likelihood; all are alike where the recogniser gives none."""
    return 0.0 if hypothesis.score is None else hypothesis.score


def preemphasised(samples: Samples) -> Samples:
    """Give the sound as if from a mouth that is nearer and free."""
    spectrum = np.fft.rfft(samples)
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    octaves = np.log2(np.maximum(frequencies, TILT_FROM) / TILT_FROM)
    gain = GAIN * 10 ** (np.minimum(TILT * octaves, TILT_MAX) / 20)
    return np.fft.irfft(spectrum * gain, len(samples)).astype(np.float32)


def is_cry(phrase: str, text: str) -> bool:
    """Whether `text` is `phrase` with a few other words at most."""
    words, wanted = text.split(), phrase.split()
    said = occurrences(wanted, words)
    return said > 0 and len(words) - said * len(wanted) <= EXTRA_WORDS


def likeliest(full: Sequence[Hypothesis]) -> str:
    """Give the words of the likeliest hypothesis that are known; empty if there is none."""
    return known_words(max(full, key=score).text) if full else ""


def known_words(text: str) -> str:
    """Give the words without those that the recogniser does not know."""
    return " ".join(word for word in text.split() if word != UNKNOWN)


def cries(grammar: Grammar, phrase: str, text: str) -> bool:
    """Whether `text` is `phrase` with a few other words at most, and does not deny it."""
    return is_cry(phrase, text) and not grammar.is_harmless(known_words(text))


def is_order(grammar: Grammar, text: str) -> bool:
    """Whether `text` is a phrase of the moment, whole, and not an urgent one."""
    phrase = grammar.whole(text)
    return bool(phrase) and not grammar.phrases[phrase].urgent


def whole_phrase(grammar: Grammar, text: str) -> str:
    """Give the phrase, not an urgent one, that is all of `text`; empty if there is none."""
    orders = sorted(grammar.phrases.keys() - set(grammar.urgent))
    return next((phrase for phrase in orders if is_whole(grammar, phrase, text)), "")


def is_whole(grammar: Grammar, phrase: str, text: str) -> bool:
    """Whether `text` is `phrase`, but perhaps for politeness or one filler word.

    A recogniser may put such a word, "i" or "the", for a breath before the phrase.
    """
    known = known_words(text)
    if whole := grammar.whole(known):
        return whole == phrase
    words, wanted = known.split(), phrase.split()
    extra = set(words) - set(wanted)
    return (
        len(words) == len(wanted) + 1
        and occurrences(wanted, words) == 1
        and extra <= grammar.partial_words
    )


def occurrences(phrase: list[str], words: list[str]) -> int:
    """Count how often `phrase` stands in `words`."""
    return sum(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))
