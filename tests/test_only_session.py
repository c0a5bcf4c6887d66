"""A second session at the same time is refused; a session that was killed blocks no other."""

from __future__ import annotations

import subprocess
import sys

import pytest

from voice_coach.only_session import AnotherSession, only_session

HOLD = """
import sys, time
from pathlib import Path
from voice_coach.only_session import only_session
with only_session(Path(sys.argv[1])):
    print("led", flush=True)
    time.sleep(60)
"""


def test_a_second_session_is_refused_in_clear_words_until_the_first_is_over_or_killed(tmp_path):
    first = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE)
    try:
        assert first.stdout.readline() == b"led\n"
        with pytest.raises(AnotherSession, match="Another session is under way"):
            only_session(tmp_path).__enter__()
    finally:
        first.kill()
        first.wait()
        first.stdout.close()
    with only_session(tmp_path):
        pass
    with only_session(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_hinders_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    with only_session(tmp_path / "file" / "folder"):
        pass
