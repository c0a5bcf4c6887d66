"""The real program with the studio in place of the sound card, ten times as fast as real time."""

import time

from voice_coach import app, cli
from voice_coach.audio.studio import Room, Studio
from voice_coach.runner import REFRESH

HASTE = 10


class Device(Studio):
    """A studio that takes its time, and can be handed what a sound card is."""

    def __init__(self, mixer, listener, **_):
        super().__init__(mixer, listener, Room())
        self.heartbeat = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def leave(self):
        raise KeyboardInterrupt

    def wait(self, deadline):
        self.heartbeat += 1
        time.sleep(REFRESH / HASTE)
        return super().wait(deadline)


if __name__ == "__main__":
    app.Device = Device
    cli.app()
