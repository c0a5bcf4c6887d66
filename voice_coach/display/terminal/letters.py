"""Large letters for a terminal, so that a title can be read from the floor.

A letter is five squares high. A square is half a terminal cell (cells are twice as high as wide),
or a multiple of that. On a screen of 80 by 24 cells that fills a 13-inch laptop, even the smallest
letter is 18 mm high, which is enough to read from 2 to 3 m.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import zip_longest

HEIGHT = 5
"""Height of a letter, in squares."""
GAP = 1
"""Squares between two letters, and between two lines."""
LARGEST = 4
"""Largest size of a square, in half cells."""

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
"""Typographic quotation marks and dashes, and their ASCII forms."""
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@lru_cache(maxsize=64)  # a frame is drawn ten times a second and seldom changes
def draw(text: str, width: int, height: int, largest: int = LARGEST) -> tuple[str, ...] | None:
    """Draw `text` as large as fits into `width` columns and `height` rows; return its rows.

    Returns None if it does not fit at the smallest size, or if a letter has no drawing.
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
    """Return capitals without accents."""
    letters = unicodedata.normalize("NFD", text.upper().translate(_SAME))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _length(word: str) -> int:
    """Return the length of a word in squares, including the gap after it."""
    return sum(_GLYPHS[letter].index(" ") + GAP for letter in word)


def _wrap(words: list[str], width: int) -> list[str]:
    """Fill lines of `width` squares; return no lines if a word is too long."""
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
    """Draw the lines below each other; ``#`` is a filled square."""
    rows = []
    for number, line in enumerate(lines):
        if number:
            rows.extend([""] * GAP)
        glyphs = [_GLYPHS[letter].split() for letter in line]
        rows.extend("".join(glyph[row] + "." * GAP for glyph in glyphs) for row in range(HEIGHT))
    return rows


def _magnify(squares: list[str], size: int) -> list[str]:
    """Enlarge every square to `size` half cells."""
    return ["".join(square * size for square in row) for row in squares for _ in range(size)]


def fold(halves: list[str]) -> list[str]:
    """Join each two rows of half cells, where ``#`` is full, into one row of cells."""
    pairs = zip_longest(halves[::2], halves[1::2], fillvalue="")
    return [
        "".join(
            _HALVES[upper == "#", lower == "#"]
            for upper, lower in zip_longest(*pair, fillvalue=".")
        ).rstrip()
        for pair in pairs
    ]
