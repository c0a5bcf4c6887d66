"""docs/architecture.md names every module, with the sentence that it begins with.

Run as a program, it writes that part of the document again.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- modules -->\n", "<!-- /modules -->"


def first_line(module):
    """Give the first line of a module's docstring."""
    return ast.get_docstring(ast.parse(module.read_text("utf-8"))).splitlines()[0]


def tables():
    """Give a table of the modules of each package."""
    packages = sorted((ROOT / "voice_coach").rglob("__init__.py"))
    for package in packages:
        name = package.parent.relative_to(ROOT).as_posix()
        yield f"**`{name}/`** {first_line(package)}\n\n| module | what it is |\n|---|---|\n"
        for module in sorted(package.parent.glob("*.py")):
            if module != package:
                yield f"| `{module.stem}` | {first_line(module)} |\n"
        yield "\n"


def test_every_module_is_named_with_what_it_is():
    text = DOCUMENT.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    told = text.split(BEGIN)[1].split(END)[0]
    assert told == "".join(tables()), "run .venv/bin/python tests/test_architecture.py"


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}{''.join(tables())}{END}{rest.partition(END)[2]}", "utf-8")
