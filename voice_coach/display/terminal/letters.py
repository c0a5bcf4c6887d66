"""Large letters, so that a title can be read from the floor.

A letter is a few squares, five high, and a square is half a terminal cell (cells are twice as
high as wide), or a multiple of it. At twice the size a letter is five rows high; on a screen of
80 by 24 that fills a 13-inch laptop, even the smallest is 18 mm high, which is what reading from
2 to 3 m asks for.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import zip_longest

HEIGHT = 5
"""Squares."""
GAP = 1
"""Squares between two letters, and between two lines."""
LARGEST = 4
"""Half cells a square may measure."""

_GLYPHS = {
    " ": ".. .. .. .. ..",
    "A": ".#. #.# ### #.# #.#",
    "B": "##. #.# ##. #.# ##.",
    "C": "### #.. #.. #.. ###",
    "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": "#### #... #.## #..# ####",
    "H": "#.# #.# ### #.# #.#",
    "I": "# # # # #",
    "J": "..# ..# ..# #.# ###",
    "K": "#.# #.# ##. #.# #.#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": "### #.# #.# #.# ###",
    "P": "### #.# ### #.. #..",
    "Q": "###. #.#. #.#. #.#. ####",
    "R": "### #.# ##. #.# #.#",
    "S": "### #.. ### ..# ###",
    "T": "### .#. .#. .#. .#.",
    "U": "#.# #.# #.# #.# ###",
    "V": "#.# #.# #.# #.# .#.",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###",
    "0": "### #.# #.# #.# ###",
    "1": ".# ## .# .# .#",
    "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    ".": ". . . . #",
    ",": ".. .. .. .# #.",
    ":": ". # . # .",
    ";": ".. .# .. .# #.",
    "!": "# # # . #",
    "?": "### ..# .#. ... .#.",
    "'": "# # . . .",
    '"': "#.# #.# ... ... ...",
    "-": "... ... ### ... ...",
    "/": "..# ..# .#. #.. #..",
    "(": ".# #. #. #. .#",
    ")": "#. .# .# .# #.",
    "·": ". . # . .",
    "¡": "# . # # #",
    "¿": ".#. ... .#. #.. ###",
}
_SAME = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")
"""Quotation marks and dashes as they are printed, to those on a keyboard."""
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@lru_cache(maxsize=64)  # a frame is drawn ten times a second, and few of its letters change
def draw(text: str, width: int, height: int, largest: int = LARGEST) -> tuple[str, ...] | None:
    """Draw `text` as large as fits into `width` columns and `height` rows; give the rows it takes.

    None if it does not fit even at the smallest, or if one of its letters has no drawing.
    """
    words = _plain(text).split()
    if not words or any(letter not in _GLYPHS for word in words for letter in word):
        return None
    for size in range(largest, 0, -1):
        lines = _wrap(words, (width + size * GAP) // size)
        squares = (HEIGHT + GAP) * len(lines) - GAP
        if lines and (squares * size + 1) // 2 <= height:
            return tuple(fold(_magnify(_squares(lines), size)))
    return None


def _plain(text: str) -> str:
    """Reduce to capitals; a letter with a mark above or below loses the mark."""
    letters = unicodedata.normalize("NFD", text.upper().translate(_SAME))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _length(word: str) -> int:
    """Give its length in squares, the gap after it counted."""
    return sum(_GLYPHS[letter].index(" ") + GAP for letter in word)


def _wrap(words: list[str], width: int) -> list[str]:
    """Fill lines of `width` squares; give none if a word is too long for one."""
    lines: list[str] = []
    for word in words:
        if _length(word) > width:
            return []
        if lines and _length(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _squares(lines: list[str]) -> list[str]:
    """Set the lines one below the other; ``#`` is a square that is filled."""
    rows = []
    for number, line in enumerate(lines):
        if number:
            rows.extend([""] * GAP)
        glyphs = [_GLYPHS[letter].split() for letter in line]
        rows.extend("".join(glyph[row] + "." * GAP for glyph in glyphs) for row in range(HEIGHT))
    return rows


def _magnify(squares: list[str], size: int) -> list[str]:
    """Make every square `size` half cells wide and high."""
    return ["".join(square * size for square in row) for row in squares for _ in range(size)]


def fold(halves: list[str]) -> list[str]:
    """Set each two rows of half cells, where ``#`` is full, into one row of cells."""
    pairs = zip_longest(halves[::2], halves[1::2], fillvalue="")
    return [
        "".join(
            _HALVES[upper == "#", lower == "#"]
            for upper, lower in zip_longest(*pair, fillvalue=".")
        ).rstrip()
        for pair in pairs
    ]
