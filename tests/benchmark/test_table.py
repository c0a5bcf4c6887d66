"""The report: every promised figure stands beside its target, and nothing is left out unsaid."""

import json
import math

import numpy as np
import pytest
from benchmark import __main__ as bench
from benchmark import plots, table
from benchmark.backgrounds import LIVED_IN
from benchmark.baseline_report import BaselineReport
from benchmark.echoes import HARD
from benchmark.figures import NOTHING, Figure, Row, plain, proportion
from benchmark.reports import OURS, EventOutcome, Hit, Report
from benchmark.rows import rows
from benchmark.table import Section

ROWS = (
    *(f"{kind}/{echo} dB" for kind in ("over", "alone") for echo in ("+10", "+0", "-10")),
    *(f"hard/{name}" for name in HARD),
    *("start", "noises/over", "noises/pause", "quiet/cries", "orders/over", "orders/pause"),
    *(f"{kind}/{voices}" for kind in ("talk", "words") for voices in ("synthetic", "recorded")),
    *("wordless/+6 dB", "wordless/+0 dB", "wordless/recorded", "check", "question"),
    *(
        f"lived/{kind} {level:+.0f} dB/{what}"
        for kind, level in LIVED_IN
        for what in ("cries", "orders over", "orders pause", "wordless", "alone")
    ),
    *(f"recorded/{name}" for name in ("stop", "stop in noise", "yes", "no")),
)


def outcome(label="it hurts", means="pain", **changes):
    return EventOutcome(
        label, means, "over", "a voice", frozenset({"plain"}), 10.0, 10.6, **changes
    )


def report(row, *outcomes, contender=OURS, **changes):
    echo = float(row.split("/")[1].split()[0]) if row.startswith(("over", "alone")) else 0.0
    made = Report(row, 1, echo, contender == OURS, contender, 3600.0)
    made.outcomes += outcomes
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def everything(contender):
    hits = [Hit(10.5, "pain", "confirmed", 2.0)]
    said = {"noises": outcome("cough", ""), "words": outcome("word", "")}
    cry = outcome(silent=10.2, ended=11.0)
    return [
        report(
            row,
            *[said.get(row, said.get(row.split("/")[0], cry))] * 10,
            contender=contender,
            hits=hits,
            hushes=[(5.0, 0.5)],
        )
        for row in ROWS
    ]


def measured(*reports):
    return {row.measure: row for row in rows(reports)}


def test_everything_that_is_promised_has_a_row():
    found = list(measured(*everything(OURS)))
    for part in (
        "echo +10 dB: not silent",
        "echo +0 dB",
        "echo -10 dB",
        "silence, median",
        "silence, p90",
        "within 2.5 s",
        "within 6 s",
        "Coach alone: hushes",
        "Coach alone, distorted: false ends",
        "Coach alone, moving: hushes",
        "Coach alone, 100 ppm: hushes",
        "Coach alone, 300 ppm: hushes",
        "Coach alone, delay jumps 100 ms: false ends",
        "first 3 s: not silent",
        "In music -12 dB: cry not silent",
        "In music -12 dB: cry: ended within 2.5 s",
        "In television -12 dB: cry: ended within 6 s",
        "In water -3 dB: cry: only asked about",
        "In music -12 dB: order over the coach",
        "In music -12 dB: order in its pauses",
        "In television -12 dB, nobody speaks: time hushed",
        "In television -12 dB, nobody speaks: longest hush",
        "In television -12 dB, nobody speaks: ducks",
        "In television -12 dB, nobody speaks: questions",
        "In television -12 dB, nobody speaks: false ends",
        "without words, 6 dB over the person: silenced",
        "without words, 6 dB over the person: asked about or ended",
        "without words, 6 dB over the person: only asked about",
        "Single words from nearby (synthetic): ended",
        "Single words from nearby (recorded): only asked about",
        "Orders over the coach: obeyed at first try",
        "Orders in its pauses: obeyed at first try",
        "at the sound check: missed",
        'Did that hurt?": missed',
        "over the coach: silenced",
        "chair: ended",
        "talking (synthetic): questions",
        "talking (recorded): false ends",
        "Quiet room",
        'Real "stop", quiet: not ended',
        'Real "stop", quiet: nothing',
        'Real "stop", noise 20 dB below: only asked about',
        "taken for another",
        "an hour of talk",
        "Worst group",
    ):
        assert any(part in measure for measure in found), part


def test_a_cry_is_missed_that_silences_the_coach_too_late():
    late, early = (outcome(silent=10.6 + after) for after in (0.75, 0.65))
    figure = measured(report("over/+0 dB", late, early))
    name = "Emergency over the coach, echo +0 dB: not silent by end + 0.7 s"
    assert figure[name].figures[OURS].value == 50


def test_an_end_after_a_repetition_does_not_count_as_at_once():
    again = outcome(silent=10.2, ended=12.3, repeats=[12.0])
    found = measured(report("over/+0 dB", again))
    what = "Emergency over the coach: ended within"
    assert found[f"{what} 2.5 s without repeating"].figures[OURS].value == 0
    assert found[f"{what} 6 s (question included)"].figures[OURS].value == 100


def test_what_is_only_asked_about_is_told_apart_from_what_ends():
    sure = outcome(ended=11.0, tier="confirmed")
    asked = outcome(asked=10.8, ended=15.0, tier="unanswered")
    found = measured(report("quiet/cries", sure, asked, outcome()))
    what = "Quiet room, cries in the coach's pauses"
    for name, share in (
        ("ended (question included)", 66.7),
        ("only asked about", 33.3),
        ("neither asked about nor ended", 33.3),
    ):
        assert found[f"{what}: {name}"].figures[OURS].value == pytest.approx(share, abs=0.1)


def test_an_order_that_the_session_did_not_take_is_missed():
    said = outcome("next", "next")
    ignored, taken = ([Hit(11.0, "next", "confirmed", 2.0, obeyed=o)] for o in (False, True))
    reports = [report("orders/over", said, hits=hits) for hits in (ignored, taken)]
    name = "Orders over the coach: obeyed at first try"
    assert measured(*reports)[name].figures[OURS].value == 50


def test_the_time_hushed_is_a_share_of_all_time():
    made = report("lived/music -12 dB/alone", hushes=[(5.0, 30.0), (50.0, 6.0)])
    found = measured(made)
    what = "In music -12 dB, nobody speaks"
    assert found[f"{what}: time hushed"].figures[OURS].value == pytest.approx(1.0)
    assert found[f"{what}: longest hush"].figures[OURS].value == 30.0


def test_a_coach_that_is_held_for_ever_shows_as_events_that_never_began():
    made = report("lived/music -12 dB/cries", outcome(), unbegun=3)
    found = measured(made)["Events that never began: the coach did not come to it"]
    assert found.figures[OURS].value == 3
    assert found.verdict == "missed"


def test_ends_in_quick_succession_count_once_for_who_moves_nothing():
    hits = [Hit(time, "stop", "confirmed", 1.0) for time in (5.0, 5.5, 9.0)]
    peer = report("alone/+0 dB", contender="a peer", hits=hits)
    assert peer.count_false_ends() == 2


def test_who_never_hushes_has_no_figure_for_it():
    found = measured(*everything(OURS), *everything("a peer"))
    assert found["Coach alone: hushes"].figures["a peer"] == NOTHING
    assert found["Coach alone: false ends"].figures["a peer"].known


def test_an_answer_is_no_false_command():
    hits = [Hit(5.0, "no", "confirmed", 1.0), Hit(6.0, "next", "confirmed", 1.0)]
    found = measured(report("talk/synthetic", hits=hits))
    assert found["Orders: false, an hour of talk"].figures[OURS].value == 1


def test_the_worst_group_of_voices_is_named():
    made = report("over/+0 dB")
    for group, ended in (("high", None), ("plain", 11.0), ("plain", 11.0)):
        for _ in range(10):
            cry = outcome(ended=ended)
            cry.groups = frozenset({group})
            made.outcomes.append(cry)
    figure = measured(made)["Worst group of voices: misses against the mean"].figures[OURS]
    assert figure.value == pytest.approx(3.0)
    assert "high" in figure.text


@pytest.mark.parametrize(
    ("hits", "trials", "verdict"),
    [(0, 1000, "met"), (0, 10, "met, not yet sure"), (5, 10, "missed"), (0, 0, "–")],
)
def test_a_target_is_only_surely_met_by_the_whole_interval(hits, trials, verdict):
    assert Row("measure", 1, {OURS: proportion(hits, trials)}).verdict == verdict


def section(*reports):
    return Section("Hearing", "How to read it.", rows(reports), {"seed": "1"}, ["flite is gone."])


def test_what_is_written_can_be_read_and_names_what_is_left_out(tmp_path):
    measured = section(*everything(OURS), *everything("a peer"))
    text = table.write(tmp_path, [measured], BaselineReport(None))
    assert text == (tmp_path / "bench.md").read_text("utf-8")
    assert "| voice-coach | a peer |" in text
    assert "Left out: flite is gone." in text
    assert "numpy: " in text
    content = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert content["Hearing"]["rows"][0]["figures"][OURS]["value"] == 0


def test_a_part_measured_anew_takes_its_own_place_and_the_others_stay_as_they_are(tmp_path):
    def pacing(value):
        row = Row("Speed", 15, {OURS: plain(value, f"{value} x")}, at_most=False)
        return Section("Pacing", "How fast.", [row], {"plan": "full"})

    hearing = section(*everything(OURS))
    first = table.write(tmp_path, [hearing, pacing(20.0)], BaselineReport(None))
    baseline = BaselineReport(tmp_path / "bench.json")
    text = table.write(tmp_path, [pacing(10.0)], baseline)
    assert text.partition("## Pacing")[0] == first.partition("## Pacing")[0]
    assert "worse, was 20.0 x" in text
    assert table.write(tmp_path, [pacing(20.0)], BaselineReport(None)) == first
    assert [*json.loads((tmp_path / "bench.json").read_text("utf-8"))] == ["Hearing", "Pacing"]


def test_what_has_become_worse_since_the_last_report_is_shown(tmp_path):
    """A figure has changed where its interval and the one before do not touch."""
    names = ("over/+0 dB", "over/+10 dB", "over/-10 dB")
    heard, missed = outcome(silent=10.2, ended=11.0), outcome()

    def hearing(*cries):
        return [section(*(report(n, *[c] * 50) for n, c in zip(names, cries, strict=True)))]

    table.write(tmp_path, hearing(heard, missed, heard), BaselineReport(None))
    baseline = BaselineReport(tmp_path / "bench.json")
    text = table.write(tmp_path, hearing(missed, heard, heard), baseline)
    lines = [line for line in text.splitlines() if line.startswith("| Emergency")]
    told = {line.split(" dB")[0].split()[-1]: line.split("|")[4].strip() for line in lines}
    assert told["+0"].startswith("worse, was 0.0 %")
    assert told["+10"].startswith("better, was 100.0 %")
    assert told["-10"].startswith("as before, was 0.0 %")
    worse = next(line for line in text.splitlines() if line.startswith("Worse than on"))
    assert "echo +0 dB" in worse
    assert "echo +10 dB" not in worse


def test_a_number_without_an_interval_may_differ_by_a_tenth(tmp_path):
    def speed(value):
        row = Row("Speed", 15, {OURS: plain(value, f"{value}")}, at_most=False)
        return [Section("Pacing", "", [row], {})]

    table.write(tmp_path, speed(20.0), BaselineReport(None))
    baseline = BaselineReport(tmp_path / "bench.json")
    told = [baseline.tell(speed(value)[0].rows[0]) for value in (18.5, 17.0, 23.0)]
    assert told == ["as before, was 20.0", "worse, was 20.0", "better, was 20.0"]


def test_one_number_is_not_held_against_a_narrow_interval(tmp_path):
    def cut(*milliseconds):
        return Row("Cut", 40, {OURS: Figure(*milliseconds, "")}, at_most=True)

    many = [Section("Pacing", "", [cut(36.4, 36.0, 36.9)], {})]
    table.write(tmp_path, many, BaselineReport(None))
    baseline = BaselineReport(tmp_path / "bench.json")
    assert baseline.tell(cut(38.0, 38.0, 38.0)).startswith("as before")
    assert baseline.tell(cut(44.0, 44.0, 44.0)).startswith("worse")


def test_a_number_that_numpy_made_is_compared_like_any_other(tmp_path):
    def cue(milliseconds):
        numbers = np.full(3, milliseconds)
        return Row("Cue", 10, {OURS: Figure(*numbers, "")}, at_most=True)

    table.write(tmp_path, [Section("Pacing", "", [cue(0.0)], {})], BaselineReport(None))
    assert BaselineReport(tmp_path / "bench.json").tell(cue(0.8)).startswith("worse")


def test_what_was_never_measured_before_has_not_changed(tmp_path):
    table.write(tmp_path, [section(report("over/+0 dB", outcome()))], BaselineReport(None))
    baseline = BaselineReport(tmp_path / "bench.json")
    new = Row("a new measure", 1, {OURS: plain(1.0, "1")})
    assert baseline.tell(new) == "–"
    gone = Row("Phrase start → silence, median", 0.15, {})
    assert baseline.tell(gone) == "–"


@pytest.mark.parametrize("content", ["", "[]", '{"Hearing": {"date": "2026-01-01"}}', None])
def test_what_is_no_report_is_told_in_one_sentence(tmp_path, content):
    file = tmp_path / "bench.json"
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"bench.json is no report of scripts/bench .*: give"):
        BaselineReport(file)


def test_a_damaged_report_is_told_before_anything_is_measured(tmp_path):
    (tmp_path / "bench.json").write_text("{", "utf-8")
    with pytest.raises(SystemExit, match=r"bench.json is no report of scripts/bench .*: give"):
        bench.main(["--quick", "--out", str(tmp_path)])


def test_the_trade_off_falls_from_many_false_ends_to_many_misses():
    cries = [outcome(), outcome()]
    cries[1].start, cries[1].end = 20.0, 20.6
    sure = Hit(10.5, "pain", "confirmed", 2.0)
    over = report("over/+0 dB", *cries, hits=[sure, Hit(20.5, "pain", "possible", 1.0)])
    alone = report("alone/+0 dB", hits=[Hit(9.0, "pain", "possible", 1.0)])
    assert plots.trade_off([over, alone], 0.0) == [(1.0, 0.0), (0.0, 50.0)]
    assert plots.trade_off([over], 0.0) == []


def test_a_number_without_an_interval_is_its_own():
    figure = plain(0.25, "0.25")
    assert (figure.low, figure.high) == (0.25, 0.25)
    assert math.isnan(NOTHING.value)
