"""The pages of an Ogg file (RFC 3533), as far as it takes to change the comments of Vorbis.

A page holds segments of up to 255 bytes; a packet is as many of them as are full, and one more. The
first three packets of Vorbis are headers, the second of them the comments, and the sound begins on
a page of its own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = struct.Struct("<4sBBqIIIB")
"""Magic, version, flags, position, stream, page number, checksum, number of segments."""
CHECKSUM = slice(22, 26)
FULL = 255
"""Bytes of a segment that is followed by another of its packet; segments of a full page."""
CONTINUED = 1
"""The flag of a page that begins with the rest of a packet."""
COMMENTS = b"\x03vorbis"
"""What the packet of the comments begins with."""


@dataclass(frozen=True)
class Page:
    """One page."""

    flags: int
    position: int
    stream: int
    number: int
    segments: tuple[bytes, ...]

    def written(self) -> bytes:
        """Give its bytes, with their checksum."""
        sizes = bytes(map(len, self.segments))
        count = len(self.segments)
        header = (b"OggS", 0, self.flags, self.position, self.stream, self.number, 0, count)
        page = bytearray(HEADER.pack(*header) + sizes + b"".join(self.segments))
        page[CHECKSUM] = struct.pack("<I", _checksum(page))
        return bytes(page)


def with_comments(ogg: bytes, comments: bytes) -> bytes:
    """Give the file with these comments, already written as Vorbis does, in place of its own."""
    first, *pages = _pages(ogg)
    packets: list[bytes] = []
    segments: list[bytes] = []
    old = [first]
    while len(packets) < len(("comments", "codebooks")):
        old.append(pages.pop(0))
        segments += old[-1].segments
        packets = _packets(segments)
    header = [*_segments(COMMENTS + comments + b"\x01"), *_segments(packets[1])]
    written = [first]
    continued = False
    for at in range(0, len(header), FULL):
        part = tuple(header[at : at + FULL])
        written.append(Page(CONTINUED * continued, 0, first.stream, len(written), part))
        continued = len(part[-1]) == FULL
    shift = len(written) - len(old)
    sound = (replace(page, number=page.number + shift) for page in pages)
    return b"".join(page.written() for page in (*written, *sound))


def of_stream(ogg: bytes, stream: int) -> bytes:
    """Give the file with its stream of this number; encoders draw one at random."""
    return b"".join(replace(page, stream=stream).written() for page in _pages(ogg))


def _pages(ogg: bytes) -> Iterator[Page]:
    at = 0
    while at < len(ogg):
        _, _, flags, position, stream, number, _, count = HEADER.unpack_from(ogg, at)
        at += HEADER.size
        sizes = ogg[at : at + count]
        at += count
        segments = []
        for size in sizes:
            segments.append(ogg[at : at + size])
            at += size
        yield Page(flags, position, stream, number, tuple(segments))


def _packets(segments: list[bytes]) -> list[bytes]:
    """Join the segments of each packet that is complete."""
    packets, packet = [], b""
    for segment in segments:
        packet += segment
        if len(segment) < FULL:
            packets.append(packet)
            packet = b""
    return packets


def _segments(packet: bytes) -> list[bytes]:
    return [packet[at : at + FULL] for at in range(0, len(packet) + 1, FULL)]


def _checksum(data: bytes | bytearray) -> int:
    checksum = 0
    for byte in data:
        checksum = (checksum << 8 & 0xFFFFFFFF) ^ _TABLE[checksum >> 24 ^ byte]
    return checksum


def _table() -> Iterator[int]:
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = value << 1 ^ (0x104C11DB7 if value >> 31 else 0)
        yield value


_TABLE = tuple(_table())
"""Of the cyclic redundancy check with the polynomial that Ogg uses, byte by byte."""
