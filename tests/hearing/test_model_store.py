"""The speech model is found, or fetched once; nothing damaged or half done is ever used."""

from __future__ import annotations

import contextlib
import errno
import gc
import hashlib
import http.server
import io
import json
import os
import shutil
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from planting import plant

from voice_coach.hearing import model_store
from voice_coach.hearing.model_download import Archive, Unavailable, download_archive
from voice_coach.hearing.model_store import (
    STAMP,
    VARIABLE,
    Model,
    NoModel,
    fetch,
    find,
    intact,
    manifest,
)

FILES = {
    "am/final.mdl": b"sounds" * 1000,
    "conf/mfcc.conf": b"--rate",
    "conf/model.conf": b"--beam",
    "graph/Gr.fst": b"grammar",
    "graph/HCLr.fst": b"lexicon",
}


def pack(folder, files=FILES, others=None):
    """Zip up `files` below `folder`, and `others` beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in {f"{folder}/{n}": c for n, c in files.items()}.items():
            zipped.writestr(name, content)
        for name, content in (others or {}).items():
            zipped.writestr(name, content)
    return packed.getvalue()


def archive(source, folder, packed):
    """Describe an archive as the manifest would."""
    return Archive(
        source=source,
        address=f"https://models.example/{source}.zip",
        file=f"{source}.zip",
        folder=folder,
        size=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
    )


FIRST = pack("tiny")
SECOND = pack("assets/tiny", others={"classes.jar": b"not of the model"})
MODEL = Model(
    name="tiny",
    language="en",
    publisher="Nobody",
    licence="Apache-2.0",
    page="https://models.example",
    space=5_000_000,
    archives=(archive("first", "tiny", FIRST), archive("second", "assets/tiny", SECOND)),
)


class Network:
    """Gives each source's bytes, or raises what stands in their place; remembers who was asked."""

    def __init__(self, **offers):
        self.offers = {"first": FIRST, "second": SECOND, **offers}
        self.asked = []

    def __call__(self, archive, file):
        """Stand in for a download."""
        self.asked.append(archive.source)
        offer = self.offers[archive.source]
        if isinstance(offer, Exception):
            raise offer
        file.write_bytes(offer)


UNREACHABLE = Unavailable("could not be reached")


@pytest.fixture(autouse=True)
def _no_model_of_ones_own(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def contents(folder):
    """Read a model's files, without its stamp."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != STAMP
    }


def test_a_fetched_model_is_whole_and_found_from_then_on(tmp_path):
    """After one fetch the model is there, found without a network, and nothing else is left."""
    kept = tmp_path / "models"
    assert find(MODEL, kept) is None
    folder = fetch(MODEL, kept, Network())
    assert contents(folder) == FILES
    assert find(MODEL, kept) == folder
    assert list(kept.iterdir()) == [folder]


def test_a_model_that_is_there_is_not_fetched_again(tmp_path):
    """A second fetch asks nobody."""
    fetch(MODEL, tmp_path, Network())
    network = Network()
    assert fetch(MODEL, tmp_path, network) == tmp_path / "tiny"
    assert network.asked == []


def test_the_second_source_is_used_when_the_first_fails(tmp_path):
    """A site that is away does not stop the coach, and the other archive gives the same model."""
    network = Network(first=UNREACHABLE)
    assert contents(fetch(MODEL, tmp_path, network)) == FILES
    assert network.asked == ["first", "second"]


@pytest.mark.parametrize(
    "damaged",
    [FIRST[: len(FIRST) // 2], FIRST[:-1] + b"?", b"", b"<html>Sign in to this network</html>"],
    ids=["half", "one byte changed", "empty", "a hotel's sign-in page"],
)
def test_a_damaged_download_is_never_used(tmp_path, damaged):
    """Whatever a source sends instead of the archive is refused, and the next source is asked."""
    network = Network(first=damaged)
    assert contents(fetch(MODEL, tmp_path, network)) == FILES
    assert network.asked == ["first", "second"]


def test_a_source_that_writes_half_and_breaks_off_leaves_nothing(tmp_path):
    """A download that breaks off leaves no trace, and the next try begins afresh."""

    def breaks_off(_archive, file):
        file.write_bytes(FIRST[:100])
        raise Unavailable("broke off")

    with pytest.raises(NoModel):
        fetch(MODEL, tmp_path, breaks_off)
    assert list(tmp_path.iterdir()) == []
    assert contents(fetch(MODEL, tmp_path, Network())) == FILES


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_fetch_that_is_interrupted_leaves_nothing(tmp_path, stop):
    """Control-C in the middle of a fetch leaves nothing that could be taken for a model."""

    def interrupted(_archive, file):
        file.write_bytes(FIRST[:100])
        raise stop

    with pytest.raises(stop):
        fetch(MODEL, tmp_path, interrupted)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["cut", "changed", "lost", "no stamp", "half a stamp"])
def test_a_model_that_was_damaged_is_fetched_again(tmp_path, harm):
    """A model with a file cut, changed or lost is not found, and a fetch replaces it whole."""
    folder = fetch(MODEL, tmp_path, Network())
    part, stamp = folder / "am" / "final.mdl", folder / STAMP
    if harm == "cut":
        part.write_bytes(part.read_bytes()[:10])
    elif harm == "changed":
        part.write_bytes(part.read_bytes()[:-1] + b"?")
    elif harm == "lost":
        part.unlink()
    elif harm == "no stamp":
        stamp.unlink()
    else:
        stamp.write_text(stamp.read_text()[:20])
    assert find(MODEL, tmp_path) is None
    assert contents(fetch(MODEL, tmp_path, Network())) == FILES
    assert intact(folder, MODEL)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("way", ["tiny/../../escaped", "tiny//../../../escaped", "/escaped"])
def test_an_archive_cannot_write_outside_its_folder(tmp_path, way):
    """An archive with a path that leads out of it writes nothing there."""
    packed = pack("tiny", others={way: b"evil"})
    model = replace(MODEL, archives=(archive("first", "tiny", packed),))
    kept = tmp_path / "deep" / "models"
    with contextlib.suppress(NoModel):
        fetch(model, kept, Network(first=packed))
    assert not list(tmp_path.rglob("escaped*"))
    assert not Path("/escaped").exists()


def test_an_archive_that_is_no_zip_is_refused(tmp_path):
    """An archive that cannot be unpacked is told as such."""
    model = replace(MODEL, archives=(archive("first", "tiny", b"no zip"),))
    with pytest.raises(NoModel, match="first cannot be unpacked"):
        fetch(model, tmp_path, Network(first=b"no zip"))


def test_an_archive_laid_into_the_folder_by_hand_needs_no_network(tmp_path):
    """A person may bring the archive; then nobody is asked, and their file stays."""
    laid = tmp_path / "second.zip"
    laid.write_bytes(SECOND)
    network = Network(first=UNREACHABLE, second=UNREACHABLE)
    assert contents(fetch(MODEL, tmp_path, network)) == FILES
    assert network.asked == []
    assert laid.read_bytes() == SECOND


def test_a_damaged_archive_laid_by_hand_is_told_and_the_network_is_tried(tmp_path):
    """A person's damaged archive is not used and not deleted; its path is in the message."""
    laid = tmp_path / "first.zip"
    laid.write_bytes(FIRST[:50])
    with pytest.raises(NoModel) as raised:
        fetch(MODEL, tmp_path, Network(first=UNREACHABLE, second=UNREACHABLE))
    assert f"{laid} has 50 bytes instead of {len(FIRST)}" in str(raised.value)
    assert contents(fetch(MODEL, tmp_path, Network())) == FILES
    assert laid.exists()


def test_without_any_network_one_sentence_tells_what_was_tried_and_how_to_mend_it(tmp_path):
    """The message names each source, what to lay where, and the way round it."""
    with pytest.raises(NoModel) as raised:
        fetch(MODEL, tmp_path, Network(first=UNREACHABLE, second=Unavailable("answered 404")))
    sentence = str(raised.value)
    for part in (
        "first could not be reached",
        "second answered 404",
        "put first.zip or second.zip",
    ):
        assert part in sentence
    for part in (str(tmp_path), MODEL.page, VARIABLE):
        assert part in sentence


def test_a_full_disk_is_told(tmp_path):
    """A full disk ends the fetch at once, with how much room it needs."""
    network = Network(first=OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(NoModel, match="the disk is full, and the model needs 5 MB"):
        fetch(MODEL, tmp_path, network)
    assert network.asked == ["first"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    """A folder without leave to write is named in the message."""

    def refuse(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(model_store.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(NoModel, match="Permission denied: make that folder writable") as raised:
        fetch(MODEL, tmp_path, Network())
    assert str(tmp_path) in str(raised.value)


def test_a_file_in_the_folders_place_is_told(tmp_path):
    """Where a file stands in the way of the folder, the message names it."""
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(NoModel, match="models"):
        fetch(MODEL, tmp_path / "models", Network())


def test_two_that_fetch_at_once_both_get_a_whole_model(tmp_path):
    """Starting the coach twice at the same moment, over a damaged model, harms neither."""
    fetch(MODEL, tmp_path, Network())
    (tmp_path / "tiny" / "am" / "final.mdl").write_bytes(b"damaged")
    both = threading.Barrier(2)

    def at_once(_archive, file):
        file.write_bytes(FIRST)
        both.wait(timeout=10)

    with ThreadPoolExecutor(2) as pool:
        fetches = [pool.submit(fetch, MODEL, tmp_path, at_once) for _ in range(2)]
        assert [fetched.result() for fetched in fetches] == [tmp_path / "tiny"] * 2
    assert contents(tmp_path / "tiny") == FILES
    assert list(tmp_path.iterdir()) == [tmp_path / "tiny"]


def test_what_a_killed_fetch_left_is_swept_away_a_day_later(tmp_path):
    """The remains of a fetch that was killed go after a day; those of one at work stay."""
    old, fresh = tmp_path / "unfinished-old", tmp_path / "unfinished-fresh"
    for left in (old, fresh):
        left.mkdir()
        (left / "first.zip").write_bytes(FIRST[:100])
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    fetch(MODEL, tmp_path, Network())
    assert not old.exists()
    assert fresh.exists()


def test_a_model_of_ones_own_is_used_as_it_is(tmp_path, monkeypatch):
    """The folder given by the option, or else by the environment, comes before any other."""
    fetch(MODEL, tmp_path / "models", Network())
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        shutil.copytree(tmp_path / "models" / "tiny", folder)
        (folder / STAMP).unlink()
    monkeypatch.setenv(VARIABLE, str(other))
    assert find(MODEL, tmp_path / "models") == other
    assert find(MODEL, tmp_path / "models", mine) == mine


def test_a_folder_that_is_no_model_is_told_and_not_replaced_by_another(tmp_path, monkeypatch):
    """A wrong path is an error that says what is missing, even where a good model is kept."""
    fetch(MODEL, tmp_path, Network())
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv(VARIABLE, str(empty))
    with pytest.raises(NoModel, match="is no speech model: it has no am") as raised:
        find(MODEL, tmp_path)
    assert str(empty) in str(raised.value)
    assert VARIABLE in str(raised.value)


def test_a_stamped_model_of_ones_own_is_verified_too(tmp_path):
    """A fetched model that was copied elsewhere and damaged there is refused."""
    folder = fetch(MODEL, tmp_path, Network())
    (folder / "graph" / "HCLr.fst").write_bytes(b"lex")
    with pytest.raises(NoModel, match="is damaged"):
        find(MODEL, tmp_path / "elsewhere", folder)


def test_the_manifest_names_a_free_model_with_two_whole_addresses():
    """The English model's licence is free and each of its archives is pinned to the byte."""
    model = manifest("en")
    assert model.licence == "Apache-2.0"
    assert len(model.archives) == 2
    for packed in model.archives:
        assert len(bytes.fromhex(packed.sha256)) == 32
        assert 40_000_000 < packed.size < model.space
        assert packed.file.endswith((".zip", ".aar"))


def test_a_model_nobody_has_verified_is_not_fetched_but_asked_for(tmp_path):
    """The Spanish model has no archive that could be trusted: a person is told to bring it."""
    network = Network()
    with pytest.raises(NoModel, match=r"is missing.*get it from https://.* name its folder with"):
        fetch(manifest("es"), tmp_path, network)
    assert not [*tmp_path.iterdir()]


def test_a_language_without_a_model_is_told():
    """Asking for a language that has no model says so."""
    with pytest.raises(NoModel, match="no speech model for the language 'tlh'"):
        manifest("tlh")


class Site(http.server.BaseHTTPRequestHandler):
    """A site on this very machine: it answers whole, breaks off, or has lost the file."""

    def do_GET(self):
        """Answer by the path that was asked for."""
        if self.path == "/lost":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(FIRST)))
        self.end_headers()
        self.wfile.write(FIRST if self.path == "/whole" else FIRST[:100])

    def log_message(self, *_args):
        """Keep the test's output clean."""


@pytest.fixture
def site(monkeypatch):
    """Run such a site; gives its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_site_is_downloaded_from(site, tmp_path):
    """What a site offers arrives byte for byte."""
    download_archive(replace(MODEL.archives[0], address=f"{site}/whole"), tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == FIRST


# pooch leaves the broken connection to the garbage collector, which complains.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("path", "trouble"), [("lost", "answered 404"), ("half", "broke off")])
def test_a_sites_trouble_is_told_in_a_few_words(site, tmp_path, path, trouble):
    """A file that is gone and a connection that breaks off are told apart."""
    with pytest.raises(Unavailable, match=trouble):
        download_archive(replace(MODEL.archives[0], address=f"{site}/{path}"), tmp_path / "got")
    gc.collect()


def test_a_site_that_is_away_is_told(tmp_path, monkeypatch):
    """Where nobody listens, it says so at once."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(Unavailable, match="could not be reached"):
        download_archive(replace(MODEL.archives[0], address="http://127.0.0.1:9"), tmp_path / "got")


def test_the_stamp_tells_size_and_hash_of_each_file(tmp_path):
    """Anybody can check a model by hand against its stamp."""
    folder = fetch(MODEL, tmp_path, Network())
    stamp = json.loads((folder / STAMP).read_text())
    files = {n: [len(c), hashlib.sha256(c).hexdigest()] for n, c in FILES.items()}
    assert stamp == {"archive": MODEL.archives[0].sha256, "files": files}


def test_a_stamp_of_an_archive_that_the_manifest_does_not_name_counts_for_nothing(tmp_path):
    """What another version of the coach has verified is not what this one needs."""
    folder = fetch(MODEL, tmp_path, Network())
    other = replace(MODEL, archives=(replace(MODEL.archives[0], sha256="0" * 64),))
    assert intact(folder, MODEL)
    assert not intact(folder, other)


@pytest.mark.parametrize(
    "stamp",
    [
        *("[1]", "1", "null", '"am"', "{}", "[" * 100_000, '{"am/final.mdl": [6000, ""]}'),
        *('{"archive": 1, "files": {}}', '{"archive": "ARCHIVE", "files": {}}'),
        *('{"archive": "ARCHIVE", "files": {"am/final.mdl": 7}}', "\ufeff[1]"),
    ],
)
def test_a_stamp_of_any_shape_is_taken_for_none(tmp_path, stamp):
    """Whatever stands in the stamp, the model is fetched again; nothing breaks down."""
    folder = fetch(MODEL, tmp_path, Network())
    (folder / STAMP).write_text(stamp.replace("ARCHIVE", MODEL.archives[0].sha256), "utf-8")
    assert find(MODEL, tmp_path) is None
    assert intact(fetch(MODEL, tmp_path, Network()), MODEL)


@pytest.mark.parametrize("name", [STAMP, "am/final.mdl"])
@pytest.mark.parametrize("what", ["pipe", "endless", "loop", "huge", "many"])
def test_a_pipe_a_device_or_a_huge_file_in_a_model_costs_no_time(tmp_path, name, what):
    """A model is read only as far as it should be there."""
    folder = fetch(MODEL, tmp_path, Network())
    plant(folder / name, what)
    began = time.process_time()
    assert find(MODEL, tmp_path) is None
    assert time.process_time() - began < 1
