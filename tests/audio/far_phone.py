"""A phone for tests: it plays what it is sent, and reports it with a microphone of its own."""

from __future__ import annotations

import struct

import numpy as np

from voice_coach.audio.phone_frames import HEADER, Kind

FULL_SCALE = 32767


class FarPhone:
    """Sits at the other end of a line."""

    def __init__(self, line):
        self.line = line
        self.name = line.connect(lambda: None)
        self.store = np.zeros(1_000_000, np.float32)
        self.position = 0
        self.kinds = []
        self.last_words = None
        self.lost = None

    @property
    def sound(self):
        """What it has played."""
        return self.store[: self.position]

    def take(self):
        """Take the frames that wait for it."""
        data = self.line.take_frames()
        while data:
            kind, first, count = HEADER.unpack_from(data)
            end = HEADER.size + 2 * count
            samples = np.frombuffer(data[HEADER.size : end], "<i2") / FULL_SCALE
            data = data[end:]
            self.kinds.append(Kind(kind))
            if kind == Kind.SOUND:
                late = max(0, self.position - first)
                self.store[first + late : first + count] = samples[late:]
            elif kind == Kind.LAST_WORDS:
                self.last_words = samples
            elif kind == Kind.END:
                self.lost = bool(first)

    def report(self, samples=384, missed=0, heard=None):
        """Play on, and write a report of it."""
        self.take()
        first, self.position = self.position, self.position + samples
        microphone = np.zeros(samples) if heard is None else heard
        both = np.concatenate((microphone, self.store[first : self.position]))
        numbers = np.rint(both * FULL_SCALE).astype("<i2").tobytes()
        return struct.pack("<3I", first, missed, samples) + numbers

    def play(self, seconds, missed=0):
        """Play for so long."""
        for _ in range(round(seconds * 16_000 / 384)):
            assert self.line.take_report(self.report(missed=missed))
