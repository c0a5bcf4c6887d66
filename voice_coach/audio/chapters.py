"""Writes chapters into sound files that are otherwise complete.

Every kind of file has a place of its own for them: WAV cue points with labels, MP3 the ID3 frames
``CHAP`` and ``CTOC`` (id3.org, "ID3v2 Chapter Frame Addendum"), FLAC and Ogg Vorbis comments named
``CHAPTER001`` and ``CHAPTER001NAME`` (wiki.xiph.org, "Chapter Extension"). Players that know none
of it play the sound all the same.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.audio.ogg_pages import with_comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VENDOR = "voice_coach"
STREAM_INFO, VORBIS_COMMENT = 0, 4
"""Kinds of FLAC metadata; the first comes first."""
LAST = 0x80
"""Marks the last block of FLAC metadata."""
UTF8 = b"\x03"
"""How the text in an ID3 frame is written."""
NO_OFFSET = 0xFFFFFFFF
"""In an ID3 chapter: go by the time."""


@dataclass(frozen=True)
class Chapter:
    """A part of a rendered routine."""

    start: float
    """Seconds from its beginning."""
    title: str


def in_wav(wav: bytes, chapters: Sequence[Chapter], rate: int) -> bytes:
    """Put cue points and their labels behind the sound; `rate` is in samples a second."""
    points, labels = b"", b"adtl"
    for number, chapter in enumerate(chapters, 1):
        at = round(chapter.start * rate)
        points += struct.pack("<II4sIII", number, at, b"data", 0, 0, at)
        text = chapter.title.encode() + b"\0"
        labels += _chunk(b"labl", struct.pack("<I", number) + text)
    cue = _chunk(b"cue ", struct.pack("<I", len(chapters)) + points)
    body = wav[8:] + cue + _chunk(b"LIST", labels)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def in_flac(flac: bytes, chapters: Sequence[Chapter]) -> bytes:
    """Put the chapters among the comments, in place of those that are there."""
    blocks, at, last = [], 4, False
    while not last:
        kind, last = flac[at] & ~LAST, bool(flac[at] & LAST)
        end = at + 4 + int.from_bytes(flac[at + 1 : at + 4], "big")
        blocks.append((kind, flac[at + 4 : end]))
        at = end
    first, *others = (block for block in blocks if block[0] != VORBIS_COMMENT)
    blocks = [first, (VORBIS_COMMENT, _comments(chapters)), *others]
    header = b"".join(
        bytes([kind | LAST * (number == len(blocks))]) + len(block).to_bytes(3, "big") + block
        for number, (kind, block) in enumerate(blocks, 1)
    )
    return flac[:4] + header + flac[at:]


def in_ogg(ogg: bytes, chapters: Sequence[Chapter]) -> bytes:
    """Put the chapters among the comments, in place of those that are there."""
    return with_comments(ogg, _comments(chapters))


def in_mp3(mp3: bytes, chapters: Sequence[Chapter], seconds: float) -> bytes:
    """Put an ID3 tag before the sound, which lasts for so many seconds."""
    names = [b"chapter%d" % number + b"\0" for number in range(1, len(chapters) + 1)]
    ends = [*(chapter.start for chapter in chapters[1:]), seconds]
    # Top level, in order, so many entries.
    frames = _frame(b"CTOC", b"contents\0" + bytes([3, len(names)]) + b"".join(names))
    for name, chapter, end in zip(names, chapters, ends, strict=True):
        times = (round(1000 * chapter.start), round(1000 * end), NO_OFFSET, NO_OFFSET)
        title = _frame(b"TIT2", UTF8 + chapter.title.encode())
        frames += _frame(b"CHAP", name + struct.pack(">IIII", *times) + title)
    return b"ID3\x04\0\0" + _seven_bits(len(frames)) + frames + mp3


def _comments(chapters: Iterable[Chapter]) -> bytes:
    comments = []
    for number, chapter in enumerate(chapters, 1):
        minutes, seconds = divmod(chapter.start, 60)
        hours, minutes = divmod(int(minutes), 60)
        comments.append(f"CHAPTER{number:03}={hours:02}:{minutes:02}:{seconds:06.3f}")
        comments.append(f"CHAPTER{number:03}NAME={chapter.title}")
    texts = [_text(VENDOR), *map(_text, comments)]
    texts.insert(1, struct.pack("<I", len(comments)))
    return b"".join(texts)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<I", len(encoded)) + encoded


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _frame(name: bytes, content: bytes) -> bytes:
    return name + _seven_bits(len(content)) + b"\0\0" + content


def _seven_bits(number: int) -> bytes:
    """Write a size as ID3 does: four bytes of which none looks like the start of sound."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
