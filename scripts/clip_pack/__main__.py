"""Render what has no clip yet, and remove what is said no more.

A clip is named after all that decides how it sounds: the voice, the rate and the phonemes. So a
run that finds nothing new changes nothing, and a word that is pronounced anew renders only the
sentences it stands in.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import samplerate
import soundfile

import voice_coach
from voice_coach.audio.ogg_pages import of_stream
from voice_coach.catalogue import read_language
from voice_coach.core.all_sentences import all_sentences, digest
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clip_pack import ClipPack, file_name
from voice_coach.speech.clips import finished
from voice_coach.speech.kokoro import KOKORO_RATE, SPEAKERS
from voice_coach.speech.tempo import at_tempo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.speech.kokoro import Speaker

FOLDER = Path(voice_coach.__file__).parent / "voice"
COMPRESSION = 0.8
"""Of Vorbis, from 0 to 1: its quality 2. Ten sentences were understood no better at quality 6, and
all clips take 60 % more then."""
STREAM = 0
"""The number of the stream in each file, which the encoder draws at random."""


def main() -> None:
    """Bring the clips of every language that has a voice up to date."""
    for code in SPEAKERS:
        bring_up_to_date(code)


def bring_up_to_date(code: str) -> None:
    """Render what is new in the language of this code, and remove what is said no more."""
    folder, speaker = FOLDER / code, SPEAKERS[code]
    language = read_language(code)
    pronounced = {text: speaker.phonemes(text) for text in all_sentences(language)}
    names = {
        text: file_name(speaker.name, DEFAULT_RATE, spelt) for text, spelt in pronounced.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    kept = {path.name for path in folder.glob("*.ogg")}
    wanted = {name: text for text, name in names.items() if name not in kept}
    for number, (name, text) in enumerate(wanted.items(), 1):
        sys.stderr.write(f"{number} of {len(wanted)}: {text}\n")
        part = folder / "part"
        part.write_bytes(encoded(rendered(speaker, pronounced[text])))
        part.replace(folder / name)
    for name in kept - set(names.values()):
        (folder / name).unlink()
    ClipPack(speaker.name, DEFAULT_RATE, digest(language), names, folder).write()
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    sys.stdout.write(
        f"{code}: {len(names)} sentences, {len(wanted)} new; {megabytes:.1f} MB in {folder}\n"
    )


def rendered(speaker: Speaker, spelt: str) -> NDArray[np.int16]:
    """Speak phonemes at the usual rate, as a finished clip."""
    spoken = samplerate.resample(speaker.speak(spelt), SAMPLE_RATE / KOKORO_RATE)
    return finished(at_tempo(spoken, DEFAULT_RATE / speaker.own_rate))


def encoded(pcm: NDArray[np.int16]) -> bytes:
    """Give the same file for the same samples, in Ogg Vorbis."""
    file = io.BytesIO()
    soundfile.write(
        file, pcm, SAMPLE_RATE, format="OGG", subtype="VORBIS", compression_level=COMPRESSION
    )
    return of_stream(file.getvalue(), STREAM)


if __name__ == "__main__":
    main()
