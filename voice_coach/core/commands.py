"""What a person can say, and which words mean it. The words themselves are data (commands.toml).

A phrase means one thing, whatever the state; a language that gives it two is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Command(Enum):
    """A thing the person, or the partner, can ask of the coach."""

    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    PAUSE = "pause"
    CONTINUE = "continue"
    STOP = "stop"
    PAIN = "pain"
    READY = "ready"
    YES = "yes"
    NO = "no"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    SOFTER = "softer"
    HOW_LONG = "how_long"
    HELP = "help"
    GENTLER = "gentler"
    SAFETY = "safety"
    INSIST = "insist"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    CHOOSE = "choose"
    ABOUT = "about"
    MORE_DETAIL = "more_detail"
    LONGER_BREATHS = "longer_breaths"
    SHORTER_BREATHS = "shorter_breaths"
    WHAT_ELSE = "what_else"
    START_OVER = "start_over"
    WHERE = "where"
    WHAT_NEXT = "what_next"
    UNHURT = "unhurt"
    ASK_AGAIN = "ask_again"
    LONGER_HOLD = "longer_hold"
    SHORTER_HOLD = "shorter_hold"
    ANOTHER_PLACE = "another_place"
    HIGHER = "higher"
    LOWER = "lower"
    CRACKED = "cracked"
    SKIP = "skip"


NAMING = frozenset({Command.CHOOSE, Command.ABOUT})
"""Said with the name of a routine, or its number."""
URGENT = frozenset({Command.PAIN, Command.STOP})
"""Acted on as soon as a partial result has them, in every state; they come before all others."""


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for."""

    command: Command
    choice: str = ""
    """With a command of ``NAMING``: the identifier of the routine that is named."""
    asked: bool = False
    """Whether it is only possible pain, so that the coach asks."""
    alone: bool = False
    """Whether it must be all that was said, although its command is urgent."""

    @property
    def ends(self) -> bool:
        """Whether it ends the routine, or may."""
        return self.command in URGENT

    @property
    def urgent(self) -> bool:
        """Whether it is acted on as soon as it is heard, be it within other words."""
        return self.ends and not self.alone


Phrases = Mapping[str, Meaning]
"""Spoken phrase, in small letters, to what it means."""


def unmarked(text: str) -> str:
    """Give `text` without accents: "sí" and "si" sound the same."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
