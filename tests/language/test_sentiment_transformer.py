"""Transformers as sentiment engines, on tiny real models; skipped where the extra `transformers` is not installed."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sentiment_cases import NOW, house_of, own_texts, write_labels
from tiny_models import LONGEST, make_model, require

from marketmover.errors import InputError
from marketmover.language.networks import open_network
from marketmover.language.sentiment.choosing import load_engine
from marketmover.language.sentiment.engine import LABELS
from marketmover.language.sentiment.transformer import TransformerEngine
from marketmover.language.sentiment.tuning.comparing import compare
from marketmover.language.sentiment.tuning.fine_tuning import Schedule
from marketmover.language.sentiment.tuning.service import refresh, rollback, train
from marketmover.language.sentiment.tuning.versions import engine_in_force, read_state
from marketmover.store import StoreOpener

torch = require("torch")
require("transformers")

FAST = Schedule(epochs=8, learning_rate=3e-3, seed=1)
STARS = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]


def texts(count: int = 40) -> list[str]:
    return [text for text, _ in own_texts(count)]


@pytest.mark.parametrize("names", [["negative", "positive"], ["POS", "NEU", "NEG"], STARS])
def test_a_classifiers_own_names_are_turned_into_labels_scores_and_confidence(
    tmp_path: Path, names: Sequence[str]
) -> None:
    answers = load_engine(str(make_model(tmp_path / "model", names, spread=0.3)), 1).score_many(texts())
    assert len(answers) == 40
    for answer in answers:
        assert answer.label in LABELS
        assert -1 <= answer.score <= 1
        assert 1 / 3 <= answer.confidence <= 1


def test_what_the_model_says_is_what_the_engine_says(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", ["POS", "NEU", "NEG"], spread=0.3)
    network, _ = open_network(folder, "classifier", 1)
    text = "the order came with flooze"
    with torch.inference_mode():
        shares = network.model(**network.tokenizer(text, return_tensors="pt")).logits.softmax(-1)[0].tolist()
    answer = load_engine(str(folder), 1).score_many([text])[0]
    assert answer.score == pytest.approx(shares[0] - shares[2], abs=1e-4)
    assert answer.confidence == pytest.approx(max(shares), abs=1e-4)
    assert answer.label == ("positive", "neutral", "negative")[shares.index(max(shares))]


def test_answers_come_in_the_texts_order_and_do_not_hang_on_their_neighbours(tmp_path: Path) -> None:
    engine = TransformerEngine.open(make_model(tmp_path / "model", list(LABELS), spread=0.3), threads=1)
    mixed = [*texts(30), "", "  \n", "zingy " * 500, "ok", "\ud800 half a character", "🙂👍🏽", "x" * 200_000]
    together = engine.probabilities(mixed)
    alone = np.vstack([engine.probabilities([text]) for text in mixed])
    assert np.ptp(together, axis=0).min() > 0.1  # what is compared differs from text to text
    assert together == pytest.approx(alone, abs=1e-5)
    assert [one.label for one in engine.score_many(["", " "])] == ["neutral", "neutral"]
    assert engine.score_many([]) == []


def test_of_a_long_text_both_ends_are_read(tmp_path: Path) -> None:
    network, _ = open_network(make_model(tmp_path / "model", ["negative", "positive"]), "classifier", 1)
    middle = "the parcel came " * 100
    ids = network.token_ids([f"zingy {middle} flooze", "zingy"])
    words = network.tokenizer.convert_ids_to_tokens(ids[0])
    assert len(words) <= LONGEST
    assert words[1] == "zingy"
    assert words[-2:] == ["flooze", "[SEP]"]
    assert len(ids[1]) == 3


def test_an_encoder_without_a_trained_head_is_refused_rather_than_guessing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no trained classifier") as caught:
        load_engine(str(make_model(tmp_path / "encoder")), 1)
    assert "marketmover sentiment train" in caught.value.remedy


def test_pickled_weights_are_never_opened(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", ["negative", "positive"])
    torch.save(open_network(folder, "classifier", 1)[0].model.state_dict(), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="cannot be opened") as caught:
        load_engine(str(folder), 1)
    assert "pickles" in caught.value.remedy


def test_code_that_comes_with_a_model_is_never_run(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", ["negative", "positive"])
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    own = {"AutoConfig": "own.Own", "AutoModelForSequenceClassification": "own.X"}
    config |= {"model_type": "own", "auto_map": own}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be opened"):
        load_engine(str(folder), 1)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("broken", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_model_with_a_broken_file_is_an_error_that_names_its_folder(tmp_path: Path, broken: str) -> None:
    folder = make_model(tmp_path / "model", ["negative", "positive"])
    (folder / broken).write_bytes(b"\x00 broken")
    with pytest.raises(InputError, match=str(folder)):
        load_engine(str(folder), 1)


def test_fine_tuning_learns_and_the_version_is_promoted_refreshed_and_rolled_back(
    opener: StoreOpener, tmp_path: Path
) -> None:
    house = house_of(opener)
    labels = write_labels(tmp_path / "labels.csv", own_texts(420))
    base = make_model(tmp_path / "encoder")
    outcome = train(house, [labels], base=str(base), schedule=FAST, out=tmp_path / "mine")
    assert outcome.version.kind == "transformer"
    assert outcome.version.promoted
    assert outcome.after.macro_f1 > 0.9

    fresh = [text for text, _ in own_texts(50, seed=8)]
    in_force = engine_in_force(house.files, "", 1).score_many(fresh)
    assert [one.label for one in in_force] == [label for _, label in own_texts(50, seed=8)]
    assert load_engine(str(tmp_path / "mine"), 1).score_many(fresh) == in_force  # saved and opened again
    assert compare(house, [labels], ["default", str(tmp_path / "mine")]).advice.startswith("Use ")

    write_labels(labels, own_texts(430))
    again = refresh(replace(house, now=NOW + timedelta(days=7)), schedule=FAST)
    assert again.outcome is not None
    assert again.outcome.version.base == str(base)
    assert not again.outcome.version.promoted  # it cannot be better than all right
    assert read_state(house.files).in_force == [0, 1]
    assert rollback(house) is None


def test_training_goes_on_from_a_classifier_of_three_and_gives_any_other_a_new_head(
    opener: StoreOpener, tmp_path: Path
) -> None:
    house = house_of(opener)
    labels = write_labels(tmp_path / "labels.csv", own_texts(420))
    train(house, [labels], base=str(make_model(tmp_path / "stars", STARS)), schedule=FAST, out=tmp_path / "mine")
    hardly = replace(FAST, epochs=1, learning_rate=1e-7)
    assert train(house, [labels], base=str(tmp_path / "mine"), schedule=hardly).after.macro_f1 > 0.9


def test_the_same_labels_and_seed_give_the_same_transformer(opener: StoreOpener, tmp_path: Path) -> None:
    house, base = house_of(opener), make_model(tmp_path / "encoder")
    labels = write_labels(tmp_path / "labels.csv", own_texts(320))
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        schedule = replace(FAST, epochs=1, seed=seed)
        train(house, [labels], base=str(base), schedule=schedule, out=tmp_path / name)
    one, two, three = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two", "three")]
    assert one == two != three


def test_too_few_labels_for_a_transformer_are_refused(opener: StoreOpener, tmp_path: Path) -> None:
    labels = write_labels(tmp_path / "labels.csv", own_texts(200))
    with pytest.raises(InputError, match="300 in all and 40 of each"):
        train(house_of(opener), [labels], base=str(make_model(tmp_path / "encoder")))
