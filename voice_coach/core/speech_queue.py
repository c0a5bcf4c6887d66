"""What the coach is saying, and what it will say next.

A *passage* is a row of sentences, spoken one after another, and what follows the last. Single
sentences are said beside it: a cue at its moment, an answer in between. Each is handed over under
an id of its own and counts as being said until that id is reported finished. After a cut, nothing
that was handed over before counts any more, whatever is still reported about it.

While somebody may be about to speak, the coach is ducked or hushed. During a hush nothing is lost:
no sentence ends and nothing follows until it is over. It ends by ``resume``, by a cut, or after
``GIVING_WAY`` seconds, whatever is still noticed: no background holds the coach for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.actions import Cut, Duck, Hush, Resume, Say
from voice_coach.core.commands import unmarked
from voice_coach.core.earcons import GAP as EARCON_GAP
from voice_coach.core.earcons import HEARD, SECONDS
from voice_coach.core.state import GAP, Passage, QueuedClip, evolve
from voice_coach.core.timed import GRACE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from voice_coach.core.state import Speech, Then
    from voice_coach.core.timed import Cue
    from voice_coach.core.turn import Turn

ECHO = 1.0
"""Seconds after a sentence in which its words may still come back as heard ones.

A recogniser reports a word for good up to 0.9 s after it was spoken. A person who answers the
coach's last word needs longer than this until the answer is reported. The coach may meanwhile have
gone on to other sentences, or have been cut."""
GIVING_WAY = 6.0
"""Seconds after which the coach goes on by itself: longer than anything that people say to it,
shorter than the silence after which they think it is broken."""
REMEMBERED = 8
"""How many sentences that fell silent are remembered: more than fit into ``ECHO`` seconds."""


def speak(
    turn: Turn,
    sentences: Iterable[str],
    now: float,
    *,
    gap: float = GAP,
    then: Then | None = None,
) -> None:
    """Begin a new passage in place of the one before."""
    if not turn.setup.config.earcons:
        sentences = (text for text in sentences if text not in SECONDS)
    turn.speech = evolve(turn.speech, passage=Passage(tuple(sentences), gap, then))
    _go_on(turn, now)


def acknowledge(turn: Turn) -> None:
    """Play the earcon "understood" before the next sentence, which is the answer."""
    turn.speech = evolve(turn.speech, acknowledges=turn.setup.config.earcons)


def say(turn: Turn, text: str, at: float, cue: Cue | None = None) -> None:
    """Say one sentence beside the passage."""
    _hand_over(turn, text, at, cue)


def announce(
    turn: Turn, text: str, at: float, *, latest: float | None = None, then: Then | None = None
) -> None:
    """Say that somebody is coming, beside the passage; `then` follows."""
    passage = Passage(then=then) if then else None
    _hand_over(turn, text, at, passage=passage, latest=latest, announces=True)


def put_in(turn: Turn, sentences: tuple[str, ...], now: float) -> None:
    """Say these at once, then go on with the passage from the sentence they interrupted."""
    passage = set_aside(turn, now)
    # What is asked for twice is said once.
    rest = (text for text in passage.sentences if text not in sentences)
    turn.speech = evolve(turn.speech, passage=evolve(passage, sentences=(*sentences, *rest)))
    _go_on(turn, now)


def keep_only(turn: Turn, kept: Collection[str]) -> None:
    """Leave out what is still to be said, but for these sentences."""
    passage = turn.speech.passage
    left = tuple(text for text in passage.sentences if text in kept)
    turn.speech = evolve(turn.speech, passage=evolve(passage, sentences=left))


def set_aside(turn: Turn, now: float) -> Passage:
    """Fall silent; give the passage as it must be taken up, interrupted sentence first."""
    passage = _with_broken(turn.speech)
    turn.speech = evolve(turn.speech, passage=passage)
    cut(turn, now)
    return passage


def cut(turn: Turn, now: float) -> None:
    """Fall silent, and forget all that was handed over."""
    turn.speech = evolve(
        turn.speech,
        sounded=_with_sounding(turn.speech, now),
        sounding=None,
        said=(),
        gives_way_until=None,
        hushed_at=None,
        ended=(),
    )
    turn.actions.append(Cut())


def forget(turn: Turn) -> None:
    """Drop the passage, and the answers that wait."""
    turn.speech = evolve(turn.speech, passage=Passage(), answers=())


def started(turn: Turn, say_id: int) -> None:
    """Note that a sentence sounds."""
    for said in turn.speech.said:
        if said.say_id == say_id:
            turn.speech = evolve(turn.speech, sounding=said)


def finished(turn: Turn, say_id: int, now: float, between: str = "") -> bool:
    """Note that a sentence is over; False if it is none of those that count.

    `between` announces somebody before the next sentence of the passage.
    """
    speech = turn.speech
    ids = [said.say_id for said in speech.said]
    if say_id not in ids:
        return False
    place = ids.index(say_id)
    ended = speech.said[place]
    if speech.hushed_at is not None:
        turn.speech = evolve(speech, ended=(*speech.ended, say_id))
        return False
    left = (*speech.said[:place], *speech.said[place + 1 :])
    changes: dict[str, object] = {"said": left, "quiet_since": now}
    if speech.sounding is ended:
        changes |= {"sounded": _with_sounding(speech, now), "sounding": None}
    turn.speech = evolve(speech, **changes)
    if ended.in_passage and between:
        _hand_over(turn, between, now + GAP, passage=turn.speech.passage, announces=True)
    elif ended.in_passage:
        _go_on(turn, now + (EARCON_GAP if ended.is_earcon else speech.passage.gap))
    return True


def duck(turn: Turn, now: float) -> None:
    """Go on softly."""
    if turn.speech.gives_way_until is None:
        turn.actions.append(Duck())
        turn.speech = evolve(turn.speech, gives_way_until=now + GIVING_WAY)


def hush(turn: Turn, now: float) -> None:
    """Fall silent and keep everything."""
    speech = turn.speech
    if speech.hushed_at is None:
        turn.speech = evolve(
            speech,
            sounded=_with_sounding(speech, now),
            hushed_at=now,
            gives_way_until=now + GIVING_WAY,
        )
        turn.actions.append(Hush())


def insist(turn: Turn, now: float) -> None:
    """Go on although somebody, or something, is still heard: it was nothing to the coach."""
    turn.speech = evolve(turn.speech, insists=turn.speech.insists or turn.speech.hushed)
    resume(turn, now)


def say_into_hush(turn: Turn, text: str, now: float) -> None:
    """Say one sentence although the coach gives way; all else waits until the hush is over."""
    turn.actions.append(Cut())  # it ends the mixer's hush
    passage = _with_broken(turn.speech)
    sentences = tuple(each for each in passage.sentences if each != text)
    turn.speech = evolve(turn.speech, said=(), ended=(), sounding=None)
    _hand_over(turn, text, now, passage=evolve(passage, sentences=sentences))


def resume(turn: Turn, now: float) -> None:
    """Go on as before; the time of a hush does not count as silence."""
    speech = turn.speech
    if speech.gives_way_until is None:
        return
    turn.actions.append(Resume())
    turn.speech = evolve(speech, gives_way_until=None, hushed_at=None, ended=())
    if speech.hushed_at is None:
        return
    turn.speech = evolve(turn.speech, quiet_since=speech.quiet_since + (now - speech.hushed_at))
    if not turn.speech.said:
        _go_on(turn, now)
    for say_id in speech.ended:
        finished(turn, say_id, now)


def may_be_own(speech: Speech, phrase: str, now: float) -> bool:
    """Whether words just heard could be the coach's own, come back through the microphone."""
    texts = [text for text, end in speech.sounded if now - end < ECHO]
    if speech.text:
        texts.append(speech.text)
    return any(f" {_words(phrase)} " in f" {_words(text)} " for text in texts)


def _with_sounding(speech: Speech, now: float) -> tuple[tuple[str, float], ...]:
    if not speech.text:
        return speech.sounded
    return (*speech.sounded, (speech.text, now))[-REMEMBERED:]


def _with_broken(speech: Speech) -> Passage:
    """Give the passage with what is broken off first."""
    broken = tuple(said.text for said in speech.said if said.is_repeated)
    return evolve(speech.passage, sentences=(*broken, *speech.passage.sentences))


def _go_on(turn: Turn, now: float) -> None:
    passage = turn.speech.passage
    if passage.sentences:
        rest = evolve(passage, sentences=passage.sentences[1:])
        _hand_over(turn, passage.sentences[0], now, passage=rest)
    elif passage.then:
        turn.speech = evolve(turn.speech, passage=Passage(gap=passage.gap))
        turn.then(turn, passage.then, now)


def _hand_over(
    turn: Turn,
    text: str,
    at: float,
    cue: Cue | None = None,
    passage: Passage | None = None,
    *,
    latest: float | None = None,
    announces: bool = False,
) -> None:
    """Ask for a sentence; if it is one of the passage, `passage` is what is left of that."""
    if turn.speech.acknowledges and not cue:
        turn.speech = evolve(turn.speech, acknowledges=False)
        _hand_over(turn, HEARD, at)
        at += SECONDS[HEARD] + EARCON_GAP
    speech = turn.speech
    say_id = speech.last_id + 1
    said = (*speech.said, QueuedClip(say_id, text, cue, passage is not None, announces))
    turn.speech = evolve(speech, last_id=say_id, said=said, passage=passage or speech.passage)
    if cue and not cue.always:
        latest = cue.at + GRACE
    turn.actions.append(Say(say_id, text, speech.rate, at, latest))


def _words(text: str) -> str:
    """Give the words as they sound, in small letters."""
    return " ".join("".join(c if c.isalnum() else " " for c in unmarked(text.lower())).split())
