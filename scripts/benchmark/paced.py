"""A session as ``voice-coach run`` leads it, for who measures its pace; a routine and a folder."""

from __future__ import annotations

import os
import sys

from voice_coach.app import LiveOptions, run_live
from voice_coach.catalogue import read_language
from voice_coach.core.config import SessionConfig

if __name__ == "__main__":
    config = SessionConfig(language=read_language(), routine=sys.argv[1])
    run_live(config, LiveOptions(), announce=print, leave=os.abort)
