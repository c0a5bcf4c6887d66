"""A session as ``voice-coach run`` leads it, for who measures its pace; a routine and a folder."""

from __future__ import annotations

import os
import sys

from voice_coach.app import run_live
from voice_coach.catalogue import read_language

if __name__ == "__main__":
    language = read_language()
    run_live(language, language.routine(sys.argv[1]), announce=print, leave=os.abort)
