"""Finding and opening devices, without any."""

from __future__ import annotations

import subprocess
import sys
from threading import Event, Thread

import pytest
from fake_sounddevice import FakeSounddevice

from voice_coach.audio import sound_system
from voice_coach.audio.sound_system import (
    Format,
    NoSoundDevice,
    accepted_format,
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
    with pytest.raises(NoSoundDevice, match="This computer has no microphone"):
        devices_present(microphone="Attic")


def test_a_device_that_another_program_uses_is_named(library):
    microphone, _ = find(None, None)
    library.busy.add(microphone.index)
    with pytest.raises(
        NoSoundDevice,
        match=r"^The microphone 'Desk microphone' cannot be opened \(Device unavailable\): close",
    ):
        open_stream(microphone, Format(16_000, 1), 0.025, print, print)


def test_a_part_of_a_name_is_enough_where_only_one_device_has_it(library):
    library.devices.append(library.device("Headset, USB", inputs=1, outputs=2))
    assert devices_present("  headset ", "USB") == ("Headset, USB", "Headset, USB")


def test_a_whole_name_means_that_device_though_it_is_part_of_others(library):
    library.devices.append(library.device("Desk microphone 2", inputs=1))
    assert devices_present("Desk microphone").microphone == "Desk microphone"


def test_a_name_that_several_have_is_answered_with_theirs(library):
    library.devices.append(library.device("Kitchen microphone", inputs=1))
    library.devices.append(library.device("Attic", inputs=1))
    with pytest.raises(
        NoSoundDevice,
        match=r"^'microphone' is part of the name of several devices: write more of it, to mean "
        r"one microphone of these \(Desk microphone; Kitchen microphone\)\.$",
    ):
        devices_present(microphone="microphone")


def test_of_devices_with_one_and_the_same_name_the_first_is_taken(library):
    library.devices.append(library.device("Desk microphone", inputs=1))
    microphone, _ = find("Desk", None)
    assert microphone.index == 0


def test_letters_beyond_ascii_are_compared_however_they_are_written(library):
    library.devices.append(library.device("Höreinheit für Zuhause", inputs=1))
    decomposed = "HO\u0308REINHEIT"
    assert devices_present(decomposed).microphone == "Höreinheit für Zuhause"


def test_a_computer_without_a_default_device_uses_the_first_there_is(library):
    library.has_default = False
    assert devices_present() == ("Desk microphone", "Kitchen speaker")


@pytest.mark.parametrize(
    ("microphone", "loudspeaker"),
    [
        ((48_000, 1), (44_100, 1)),
        ((44_100, 1), (48_000, 1)),
        ((16_000, 1), (48_000, 1)),
        ((48_000, 2), (44_100, 2)),
        ((16_000, 6), (48_000, 2)),
        ((8_000, 1), (96_000, 2)),
    ],
)
def test_each_device_is_opened_in_a_format_that_it_accepts(library, microphone, loudspeaker):
    library.devices[0]["max_input_channels"] = microphone[1]
    library.only = {0: {microphone}, 1: {loudspeaker}}
    assert [accepted_format(each) for each in find(None, None)] == [microphone, loudspeaker]


def test_sound_flows_at_the_coachs_rate_where_it_can_and_else_at_the_devices_own(library):
    assert {accepted_format(each) for each in find(None, None)} == {(16_000, 1)}
    library.rates = {48_000, 44_100}
    assert {accepted_format(each) for each in find(None, None)} == {(48_000, 1)}


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


def test_what_python_prints_while_they_look_still_comes_to_the_terminal(tmp_path):
    """In the same thread and in another one."""
    code = (
        "from voice_coach.audio.sound_system import within; import os, sys; "
        "within(5, lambda: (os.write(2, b'ALSA lib'), print('a notice', file=sys.stderr))); "
        "print('another', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "a notice\nanother\n"


def test_two_threads_that_look_at_once_leave_the_terminal_as_it_was(capfd):
    inside, leave = Event(), Event()

    def slow():
        inside.set()
        leave.wait(10)

    first = Thread(target=within, args=(10, slow))
    first.start()
    assert inside.wait(10)

    def outlast():
        leave.set()
        first.join(10)

    within(10, outlast)
    print("A real complaint", file=sys.__stderr__, flush=True)
    assert capfd.readouterr().err == "A real complaint\n"


def test_a_terminal_that_is_closed_does_not_hinder_the_search():
    code = (
        "from voice_coach.audio.sound_system import within; import sys; "
        "sys.stdout.write(str(within(5, lambda: 7)))"
    )
    done = subprocess.run(  # noqa: S602 - a shell is what closes a stream
        f"exec {sys.executable} -c '{code}' 2>&-", shell=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"7")


@pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's")
def test_alsa_writes_nothing_to_the_terminal_from_any_thread():
    """Its message comes from deep inside the library; here it is asked for a nameless device."""
    code = (
        "import ctypes; from voice_coach.audio.sound_system import _silence_alsa; "
        "alsa = ctypes.CDLL('libasound.so.2'); pcm = ctypes.c_void_p(); "
        "SILENCE alsa.snd_pcm_open(ctypes.byref(pcm), b'no such device', 0, 0)"
    )

    def written(first):
        words = (sys.executable, "-c", code.replace("SILENCE", first))
        return subprocess.run(words, capture_output=True, check=True).stderr

    assert b"ALSA lib" in written("")
    assert written("_silence_alsa();") == b""
