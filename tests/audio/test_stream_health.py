"""What a stream reports about its gaps is counted, and told now and then."""

from fake_sounddevice import Flags

from voice_coach.audio.stream_health import GapReporter, StreamHealth
from voice_coach.core.events import SoundGaps


def test_each_flag_is_counted_and_only_lost_samples_are_a_gap():
    health = StreamHealth("microphone")
    assert not health.note(None)
    assert not health.note(Flags())
    assert not health.note(Flags(priming_output=True))
    assert health.note(Flags(input_overflow=True))
    assert health.note(Flags(output_underflow=True, priming_output=True))
    assert health.gaps == SoundGaps(overflows=1, underflows=1, priming=2)


def test_news_are_what_came_since_the_last_ones_at_most_once_a_second():
    speaker, microphone = streams = (StreamHealth("loudspeaker"), StreamHealth("microphone"))
    reporter = GapReporter(streams)
    assert reporter.news(100.0) is None
    speaker.note(Flags(output_underflow=True))
    assert reporter.news(100.1) == SoundGaps(underflows=1)
    for _ in range(3):
        microphone.note(Flags(input_overflow=True))
    assert reporter.news(100.9) is None
    assert reporter.news(101.1) == SoundGaps(overflows=3)
    assert reporter.news(110.0) is None
    assert reporter.total() == SoundGaps(overflows=3, underflows=1)
