"""The events that wait for a broker: which are kept, and for how long."""

from datetime import datetime, timezone

from display.sample_views import CHOOSING
from rooms.fake_client import Client

from voice_coach.core.view import Outcome
from voice_coach.rooms.connection import MOST, UNCONFIRMED, Outbox
from voice_coach.rooms.messages import RoomEvent, event_of


def event(outcome, n):
    now = datetime(2026, 1, 2, tzinfo=timezone.utc)
    return event_of(CHOOSING, outcome, f"{n:016x}", now)


def told_by(outbox):
    """Give all that it tells a broker which confirms nothing before it is asked."""
    client = Client()
    while len(outbox):
        outbox.tell(client)
        while client.unconfirmed:
            outbox.confirm(client.unconfirmed.pop().mid)
    return [RoomEvent.model_validate_json(told) for told in client.of("event")]


def test_of_too_many_events_those_of_pain_are_kept():
    outbox = Outbox()
    pain = [event(Outcome.PAIN, n) for n in range(0, 2 * MOST, 20)]
    for n in range(2 * MOST):
        outbox.put("event", pain[n // 20] if n % 20 == 0 else event(Outcome.COMPLETED, n))
    assert len(outbox) == MOST
    kept = told_by(outbox)
    assert [each for each in kept if each.event_type is Outcome.PAIN] == pain
    assert len(kept) == MOST


def test_of_too_much_pain_the_newest_is_kept():
    outbox = Outbox(2)
    pain = [event(Outcome.PAIN, n) for n in range(3)]
    for each in pain:
        outbox.put("event", each)
    assert told_by(outbox) == pain[1:]


def test_only_some_are_told_before_the_first_is_confirmed():
    outbox, client = Outbox(), Client()
    for n in range(2 * UNCONFIRMED):
        outbox.put("event", event(Outcome.COMPLETED, n))
    outbox.tell(client)
    outbox.tell(client)
    assert len(client.of("event")) == UNCONFIRMED
    assert len(outbox) == 2 * UNCONFIRMED
