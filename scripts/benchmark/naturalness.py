"""How natural the coach sounds, as DistillMOS estimates it.

That is a network which was taught by a larger one to give speech the mark that listeners would give
it, from 1, bad, to 5, excellent (Stahl and Gamper, "Distillation and pruning for scalable
self-supervised representation-based speech quality assessment", 2025). It is no listener.
"""

from __future__ import annotations

from contextlib import closing
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from benchmark.coach import sentences
from benchmark.figures import Figure, Row
from benchmark.intervals import ratio
from benchmark.reports import OURS
from benchmark.table import Section
from benchmark.understanding import OTHERS, words
from voice_coach.catalogue import read_language
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.language import Language

SENTENCES, QUICK = 24, 2
SHORTEST = 8
"""Words of a sentence that is marked: the network was taught with clips of some seconds."""
HEAD = """\
The same sentences, said by each voice and marked by DistillMOS, a network that estimates how
natural speech sounds to listeners, from 1 to 5. The figure is the mean. No person has judged."""
MISSING = "DistillMOS is not installed (pip install distillmos): no voice is marked."


def measure(*, quick: bool) -> Section:
    """Let each voice say the same sentences, and mark them."""
    if not find_spec("distillmos"):
        return Section("Naturalness", HEAD, [], {}, [MISSING])
    language = read_language()
    texts = chosen(language, QUICK if quick else SENTENCES)
    voices = {OURS: ""} | OTHERS
    figures = {name: _mean(_marks(language, voice, texts)) for name, voice in voices.items()}
    row = Row("Naturalness", 4.2, figures, at_most=False)
    settings = {"sentences": str(len(texts)), "distillmos": version("distillmos")}
    return Section("Naturalness", HEAD, [row], settings)


def chosen(language: Language, number: int) -> list[str]:
    """Take so many of the coach's longer sentences, from all over them."""
    long = [text for text in sentences(language) if len(words(text)) >= SHORTEST]
    return [long[len(long) * k // number] for k in range(number)]


def _marks(language: Language, voice: str, texts: Sequence[str]) -> list[float]:
    torch = import_module("torch")
    torch.set_num_threads(1)
    network = import_module("distillmos").ConvTransformerSQAModel()
    network.eval()
    with closing(PromptNarrator(open_voice(language, voice), clip_store())) as narrator:
        clips = [narrator.clip(text, DEFAULT_RATE).samples for text in texts]
    with torch.no_grad():
        return [float(network(torch.tensor(samples)[None])) for samples in clips]


def _mean(marks: Sequence[float]) -> Figure:
    value, low, high = ratio(marks, [1] * len(marks))
    return Figure(value, low, high, f"{value:.2f} ({low:.2f}–{high:.2f}; n {len(marks)})")
