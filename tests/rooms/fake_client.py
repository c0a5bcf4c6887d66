"""A client of a broker that is made up."""

from __future__ import annotations

import time
from types import SimpleNamespace

FINE = SimpleNamespace(is_failure=False)


class Client:
    """Stands for paho's client and a broker, as the room's thread sees them."""

    def __init__(self):
        self.there = True
        self.confirms = True
        self.refusal = FINE
        self.attempts = 0
        self.told = []
        self.topics = []
        self.inbox = []
        self.fresh = False
        self.unconfirmed = []
        self.goodbye = False

    def reconnect(self):
        self.attempts += 1
        if not self.there:
            raise ConnectionRefusedError(111, "Connection refused")
        self.fresh = True

    def loop(self, seconds):
        time.sleep(min(seconds, 0.001))
        if not self.there:
            return 7
        if self.fresh:
            self.fresh = False
            self.on_connect(self, None, None, self.refusal, None)
            return 0 if self.refusal is FINE else 5
        while self.inbox:
            self.on_message(self, None, self.inbox.pop(0))
        while self.confirms and self.unconfirmed:
            told = self.unconfirmed.pop(0)
            told.done = True
            self.on_publish(self, None, told.mid, FINE, None)
        return 0

    def subscribe(self, topic, qos):
        assert qos == 1
        self.topics.append(topic)

    def publish(self, topic, payload, qos=0, retain=False):
        told = SimpleNamespace(mid=len(self.told) + 1, done=False)
        told.is_published = lambda: told.done
        self.told.append((topic.rpartition("/")[2], payload, qos, retain))
        if qos:
            self.unconfirmed.append(told)
        return told

    def disconnect(self):
        self.goodbye = True

    def of(self, topic):
        return [payload for name, payload, *_ in self.told if name == topic]

    def says(self, topic, payload, *, retain=False):
        self.inbox.append(
            SimpleNamespace(topic=f"voice-coach/mat/{topic}", payload=payload, retain=retain)
        )
