"""How tutorials keep time: play a sentence, wait for its end, sleep for the rest of the breath.

Given a file of samples (16 kHz mono float32), the seconds of a breath and how many.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import sounddevice

from voice_coach.core.ports import SAMPLE_RATE

if __name__ == "__main__":
    file, seconds, times = sys.argv[1:]
    clip = np.fromfile(file, np.float32)
    for _ in range(int(times)):
        sounddevice.play(clip, SAMPLE_RATE)
        sounddevice.wait()
        time.sleep(float(seconds) - len(clip) / SAMPLE_RATE)
