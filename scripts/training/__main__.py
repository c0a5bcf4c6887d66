"""Fits the parts of the hearing: scripts/train near-end, breath, fillers, candidates, decision."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmark import rooms, synthesisers, workers
from benchmark.corpus import Corpus
from benchmark.simulation import Kit
from benchmark.voices import SoundStore, voices

from training import breath as breath_fit
from training import breath_scenes, decision, decision_plots, fillers
from training.candidates import play
from training.confusions import Confusions, Speakers
from training.evaluate import evaluate
from training.operating import OUTCOMES, calibration, table
from training.streams import streams
from voice_coach.catalogue import read_language
from voice_coach.hearing import breath, model_store, vad
from voice_coach.hearing.decision import parse_rules, shipped_rules
from voice_coach.hearing.recognisers import Recognisers, open_recognisers
from voice_coach.hearing.vosk_recogniser import VoskModel, VoskRecogniser
from voice_coach.package_data import data_folder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Sequence

SCENES = 300
"""Scenes to fit to, three hours of sound together."""
TRIAL = 30
"""Scenes of each kind that the trial is made of."""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    near_end = what.add_parser("near-end", help="fit the near-end network; takes half an hour")
    near_end.add_argument("--scenes", type=int, default=SCENES, help="scenes to fit to")
    near_end.add_argument("--corpus", type=Path, help="folder of real voices, with a manifest.csv")
    fillers = what.add_parser("fillers", help="choose the words that are no commands")
    for verb, name in ((near_end, "vad.npz"), (fillers, "fillers.toml")):
        verb.add_argument("--seed", type=int, default=1, help="draws other voices and scenes")
        verb.add_argument("--out", type=Path, default=Path(name), help="file to write")
    breaths = what.add_parser("breath", help="fit the breath detector; takes 15 minutes")
    breaths.add_argument("--scenes", type=int, default=160, help="scenes to fit to")
    breaths.add_argument("--trial", type=int, default=8, help="scenes a row to report on")
    breaths.add_argument("--seed", type=int, default=1, help="draws other scenes")
    breaths.add_argument("--out", type=Path, default=Path("breath.npz"), help="file to write")
    candidates = what.add_parser(
        "candidates", help="play sounds, and log the candidates in them; takes half an hour"
    )
    candidates.add_argument("--part", choices=("tune", "report"), default="tune")
    candidates.add_argument("--corpus", type=Path, help="recordings: a folder with a manifest.csv")
    candidates.add_argument("--out", type=Path, default=Path("candidates.jsonl"))
    scorecard = what.add_parser(
        "decision", help="fit the scorecard of pain and stop; takes seconds"
    )
    scorecard.add_argument("candidates", type=Path, nargs="+", help="candidates to fit to")
    scorecard.add_argument(
        "--report", type=Path, nargs="+", required=True, help="candidates of other people"
    )
    scorecard.add_argument("--out", type=Path, default=Path("decision.toml"), help="file to write")
    scorecard.add_argument("--figures", type=Path, help="folder for the plots")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Fit, write, and print how it compares with what the coach ships with."""
    asked = _arguments(words)
    if asked.what in ("candidates", "decision"):
        (_log_candidates if asked.what == "candidates" else _fit_decision)(asked)
        _tell(f"Written to {asked.out}.")
        return 0
    missing = [line for line in synthesisers.missing() if "Piper" not in line]
    if missing or not rooms.IMAGES:
        sys.exit("\n".join((*missing, "" if rooms.IMAGES else "pyroomacoustics is not installed.")))
    if asked.what == "near-end":
        _fit_near_end(asked.scenes, asked.seed, asked.corpus, asked.out)
    elif asked.what == "breath":
        _fit_breath(asked.scenes, asked.trial, asked.seed, asked.out)
    else:
        _choose_fillers(asked.seed, asked.out)
    _tell(f"Written to {asked.out}.")
    return 0


def _fit_near_end(scenes: int, seed: int, folder: Path | None, out: Path) -> None:
    """Record scenes, fit to them, and try the result on others beside the weights of today."""
    from training import network, trial, weights  # noqa: PLC0415 - fillers need no jax
    from training.recordings import record  # noqa: PLC0415
    from training.scene_generator import TrainingSceneGenerator  # noqa: PLC0415

    store, language = SoundStore(), read_language()
    clips = workers.clips()
    recordings = []
    corpus = Corpus(folder, "tune") if folder else None
    for scene in TrainingSceneGenerator("fit", seed, language, corpus).fit(scenes):
        recordings.append(record(scene, clips, store))
        if len(recordings) % 50 == 0:
            _tell(f"{len(recordings)} of {scenes} scenes recorded")
    rng = np.random.default_rng(seed)
    start = weights.begin(np.concatenate([each.features for each in recordings]), rng)
    weights.save(network.fit(start, recordings, rng, _tell), out)
    _tell("Trying it on voices and rooms it was not fitted to ...")
    tried = TrainingSceneGenerator("trial", seed, language).trial(TRIAL)
    heard = [record(scene, clips, store) for scene in tried]
    with out.open("rb") as file:
        networks = {"shipped": vad.shipped_weights(), "new": vad.read_weights(file)}
    _print(trial.table(networks, heard))


def _fit_breath(scenes: int, trial: int, seed: int, out: Path) -> None:
    """Record scenes, fit to them, and report on others beside the weights of today."""
    store, clips = SoundStore(), workers.clips()
    recordings = []
    for scene in breath_scenes.fit_scenes(scenes, seed):
        recordings.append(breath_scenes.record(scene, clips, store))
        if len(recordings) % 20 == 0:
            _tell(f"{len(recordings)} of {scenes} scenes recorded")
    weights = breath_fit.fit(recordings, np.random.default_rng(seed), _tell)
    breath_fit.save(weights, out)
    detectors = {
        "shipped": breath_fit.ours(breath.shipped_weights()),
        "new": breath_fit.ours(weights),
        "loudness": breath_fit.energy,
    }
    rows = breath_fit.report_scenes(trial, seed)
    for line in breath_fit.table(breath_fit.tally(rows, detectors, clips, store)):
        _print(line)


def _log_candidates(asked: argparse.Namespace) -> None:
    """Let the listener hear everything of a part, and write down every candidate."""
    language = read_language()
    kit = Kit(language, workers.narrator(), SoundStore())
    people = voices(asked.part, synthesisers.engines())
    corpus = Corpus(asked.corpus, asked.part) if asked.corpus else None
    recognisers, clips = open_recognisers(language), workers.clips()
    with asked.out.open("w", encoding="utf-8") as file:
        for stream in streams(asked.part, people, language, corpus):
            for row in play(stream, kit, recognisers, clips):
                file.write(json.dumps(row) + "\n")
            _tell(f"{stream.name} {stream.seed}")


def _fit_decision(asked: argparse.Namespace) -> None:
    """Fit, write, and compare with the shipped scorecard on people it was not fitted to."""
    with (data_folder() / "decision.toml").open("rb") as file:
        content = decision.fit(decision.read(asked.candidates), tomllib.load(file))
    asked.out.write_text(decision.written(content), encoding="utf-8")
    rules = {"shipped": shipped_rules(), "new": parse_rules(content)}
    rows = decision.read(asked.report)
    for name, each in rules.items():
        _print(f"\n{name}:")
        for group, counts in sorted(table(rows, each).items()):
            _print(f"  {group:16} " + ", ".join(f"{counts[o]:4} {o}" for o in OUTCOMES))
        _print("  probability by score / share that was said / candidates")
        for probability, share, number in calibration(rows, each):
            _print(f"  {probability:6.3f} {share:6.3f} {number:5}")
    if asked.figures:
        decision_plots.draw(asked.figures, rows, rules)


def _choose_fillers(seed: int, out: Path) -> None:
    """Measure confusions, choose, and try the result beside the fillers of today."""
    from wordfreq import top_n_list  # noqa: PLC0415 - loads for a second

    language = read_language()
    folder = model_store.find(model_store.manifest(language.code), model_store.store())
    if folder is None:
        sys.exit("The speech model is missing: voice-coach fetch-model.")
    model = VoskModel(folder)
    ears = Recognisers(VoskRecogniser(model), VoskRecogniser(model))
    people, store = voices("tune", synthesisers.engines()), SoundStore()
    confusions = Confusions(ears.microphone, Speakers(people, store, seed))
    frequent = [
        word for word in top_n_list(language.code, 2 * fillers.CANDIDATES) if model.knows(word)
    ]
    chosen = fillers.choose(confusions, language, frequent, _tell)
    out.write_text(fillers.written(chosen), encoding="utf-8")
    _tell("Trying them on whole commands and on talk ...")
    for name, words in (("shipped", language.fillers), ("new", chosen)):
        tried = language.model_copy(update={"fillers": words})
        _print(f"{name}: {evaluate(tried, ears, Speakers(people, store, seed + 1))}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
