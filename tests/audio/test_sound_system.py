"""Finding and opening devices, without any."""

from __future__ import annotations

import sys
from threading import Event

import pytest
from fake_sounddevice import FakeSounddevice

from voice_coach.audio import sound_system
from voice_coach.audio.sound_system import (
    NoSoundDevice,
    common_rate,
    devices_present,
    find,
    open_stream,
    within,
)


@pytest.fixture
def library(monkeypatch):
    library = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


def test_the_systems_own_microphone_and_loudspeaker_are_used_unless_others_are_named(library):
    assert devices_present() == ("Desk microphone", "Kitchen speaker")

    library.devices.append(library.device("Headset", inputs=1, outputs=1))
    assert devices_present("Headset", "Headset") == ("Headset", "Headset")


def test_a_computer_without_portaudio_tells_how_to_install_it(monkeypatch, tmp_path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(NoSoundDevice, match=r"^PortAudio.*\(PortAudio library not found\).*apt"):
        devices_present()


def test_a_computer_without_a_microphone_says_so(library):
    del library.devices[0]
    with pytest.raises(NoSoundDevice, match=r"^This computer has no microphone: plug one in"):
        devices_present()


def test_a_computer_without_a_loudspeaker_says_so(library):
    del library.devices[1]
    with pytest.raises(NoSoundDevice, match=r"^This computer has no loudspeaker: plug one in"):
        devices_present()


def test_a_name_that_no_device_has_is_answered_with_the_names_there_are(library):
    with pytest.raises(
        NoSoundDevice,
        match=r"'Attic' is not the name of one microphone: .* present \(Desk microphone\)",
    ):
        devices_present(microphone="Attic")
    del library.devices[0]
    with pytest.raises(NoSoundDevice, match=r"present \(none\)"):
        devices_present(microphone="Attic")


def test_a_device_that_another_program_uses_is_named(library):
    microphone, _ = find(None, None)
    library.busy.add(microphone.index)
    with pytest.raises(
        NoSoundDevice,
        match=r"^The microphone 'Desk microphone' cannot be opened \(Device unavailable\): close",
    ):
        open_stream(microphone, 16_000, 0.025, print, print)


def test_sound_flows_at_the_coachs_rate_where_it_can_and_else_at_the_loudspeakers(library):
    assert common_rate(*find(None, None)) == 16_000
    library.rates = {48_000}
    assert common_rate(*find(None, None)) == 48_000


def test_a_sound_system_that_hangs_is_given_up(library, monkeypatch):
    thawed = Event()
    monkeypatch.setattr(library, "query_devices", lambda *_: thawed.wait())
    monkeypatch.setattr(sound_system, "LOOKING", 0.01)
    with pytest.raises(NoSoundDevice, match=r"^The sound system does not answer: restart it"):
        devices_present()
    thawed.set()


def test_what_the_sound_libraries_print_while_they_look_stays_off_the_terminal(capfd):
    within(5, lambda: print("ALSA lib confmisc.c", file=sys.__stderr__, flush=True))
    print("A real complaint", file=sys.__stderr__, flush=True)
    assert capfd.readouterr().err == "A real complaint\n"
