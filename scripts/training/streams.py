"""The sounds that the decision is fitted to and reported on: cries, words, talk, noises, rooms.

A voice is in one part only. Recordings under a licence that asks for derived works to be shared
alike are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benchmark.conversation import SENTENCES, WORDS
from benchmark.echoes import ECHOES
from benchmark.noises import BODY, THINGS, Noise
from benchmark.scene import Background
from benchmark.voices import draw_utterance

from training.candidates import Said, SoundStream
from training.decision import NOBODY
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmark.corpus import Corpus
    from benchmark.rooms import Part
    from benchmark.voices import Speaker

    from voice_coach.core.language import Language

    Generator = np.random.Generator

FAR_BACKGROUNDS = tuple(Background(kind, -20.0) for kind in ("fan", "water", "music"))
LIVED_IN = (
    *(Background(kind, -12.0) for kind in ("fan", "water", "music")),
    *(Background(kind, -6.0) for kind in ("water", "music")),
)
TELEVISION = (Background("television", -20.0), Background("television", -12.0))
JUMPS = (0.03, 0.1)
"""Seconds by which the delay of an echo jumps, as a busy computer's does."""
GREETINGS = ("hello", "hello", "hi", "okay", "thank you", "good")
"""What people say to somebody who greets them; "hello" was taken for "ouch"."""
MOST = 100
"""Recordings of each word at most."""
TALK = 150
"""Recordings of talk at most."""
LENGTH = 10
"""Sounds of a stream."""


def streams(
    part: Part, people: list[Speaker], language: Language, corpus: Corpus | None
) -> Iterator[SoundStream]:
    """Give all streams of a part; without a corpus, those of synthetic voices and noises."""
    rng = np.random.default_rng(part == "report")
    phrases = [(text, meaning.command) for text, meaning in sorted(language.phrases().items())]
    urgent = [each for each in phrases if each[1] in URGENT]
    orders = [each for each in phrases if each[1] in accepted(State.HOLDING) - URGENT]
    words = [(text, None) for text in (*WORDS, *GREETINGS)]
    if corpus:
        yield from _recorded(part, corpus, rng)
    for number in range(9):
        cries = _spoken(urgent, people, rng)
        yield SoundStream("cries/quiet", number, part, cries, known=number % 2 == 0)
        echo = ECHOES[number % len(ECHOES)]
        yield SoundStream("cries/over", number, part, cries, echo=echo)
        if number % 2:
            room = LIVED_IN[number // 2 % len(LIVED_IN)]
            yield SoundStream("cries/lived", number, part, cries, background=room)
            talk = TELEVISION[number // 2 % len(TELEVISION)]
            yield SoundStream("cries/amid talk", number, part, cries, background=talk, pause=4.0)
        yield SoundStream("words/synthetic", number, part, _spoken(words, people, rng))
        yield SoundStream("orders/quiet", number, part, _spoken(orders, people, rng))
        said = [(sentence, None) for sentence in SENTENCES]
        few = [people[place] for place in rng.choice(len(people), 3)]
        yield SoundStream("talk/synthetic", number, part, _spoken(said, few, rng), pause=0.6)
        noises = _noises(rng)
        yield SoundStream("noises/quiet", number, part, noises)
        yield SoundStream("noises/over", number, part, noises, echo=echo)
        jump = JUMPS[number % len(JUMPS)]
        yield SoundStream("alone/jumps", number, part, _nobody(), echo=echo, jump=jump, pause=6.0)
        yield SoundStream("cries/jumps", number, part, cries, echo=echo, jump=jump)


def _recorded(part: Part, corpus: Corpus, rng: Generator) -> Iterator[SoundStream]:
    stops = _recordings(corpus, "stop", Command.STOP, MOST)
    for number, some in enumerate(_groups(stops)):
        known = number % 2 == 0
        faint = FAR_BACKGROUNDS[number % len(FAR_BACKGROUNDS)]
        yield SoundStream("stop/quiet", number, part, some, noise=-45.0, known=known)
        yield SoundStream(
            "stop/noise20", number, part, some, noise=-45.0, background=faint, known=known
        )
        room = LIVED_IN[number % len(LIVED_IN)]
        yield SoundStream("stop/lived", number, part, some, noise=-40.0, background=room)
        yield SoundStream("stop/over", number, part, some, echo=ECHOES[number % len(ECHOES)])
    words = [
        said
        for kind, means in (
            ("neg_word", None),
            ("train", None),
            ("yes", Command.YES),
            ("no", Command.NO),
            ("back", Command.BACK),
        )
        for said in _recordings(corpus, kind, means, MOST, lambda: float(rng.uniform(-6, 0)))
    ]
    mixed = [words[place] for place in rng.permutation(len(words))]
    for number, some in enumerate(_groups(mixed)):
        rooms = (None, *FAR_BACKGROUNDS)
        room_or_none = rooms[number % len(rooms)]
        yield SoundStream(
            "words/noise" if room_or_none else "words/recorded",
            number,
            part,
            some,
            noise=-45.0,
            background=room_or_none,
            known=number % 3 > 0,
        )
    talk = _recordings(corpus, "neg_speech", None, TALK, lambda: float(rng.uniform(-10, 0)))
    for number, some in enumerate(_groups(talk)):
        yield SoundStream("talk/recorded", number, part, some, known=number % 2 == 0, pause=0.7)


def _recordings(
    corpus: Corpus,
    kind: str,
    means: Command | None,
    most: int,
    level: Callable[[], float] = lambda: 0.0,
) -> list[Said]:
    return [
        Said(found.sound, found.speaker, found.label, means, level(), dry=True)
        for found in corpus.labelled(kind, most)
        if not found.share_alike
    ]


def _spoken(
    texts: Sequence[tuple[str, Command | None]], people: list[Speaker], rng: Generator
) -> tuple[Said, ...]:
    made = []
    for _ in range(LENGTH):
        text, means = texts[int(rng.integers(len(texts)))]
        spoken = draw_utterance(text, people, rng)
        level = 0.0 if means else float(rng.uniform(-6, 0))
        made.append(Said(spoken, str(spoken.voice), text, means, level))
    return tuple(made)


def _noises(rng: Generator) -> tuple[Said, ...]:
    kinds = [str(rng.choice((*BODY, *BODY, *THINGS))) for _ in range(LENGTH)]
    return tuple(
        Said(Noise(kind, int(rng.integers(1 << 30))), "", kind, None, float(rng.uniform(-10, 0)))
        for kind in kinds
    )


def _nobody() -> tuple[Said, ...]:
    return tuple(Said(Noise("hum", 1), "", NOBODY, None, level=-60.0) for _ in range(LENGTH))


def _groups(said: Sequence[Said]) -> Iterator[tuple[Said, ...]]:
    for start in range(0, len(said), LENGTH):
        yield tuple(said[start : start + LENGTH])
