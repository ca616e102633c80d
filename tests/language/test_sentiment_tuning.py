import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sentiment_cases import NOW, house_of, own_texts, write_labels

from marketmover.errors import ConflictError, InputError, NotFoundError, UsageError
from marketmover.language.sentiment.choosing import load_engine
from marketmover.language.sentiment.engine import LABELS, Sentiment
from marketmover.language.sentiment.tuning.comparing import compare
from marketmover.language.sentiment.tuning.correction import shares_of
from marketmover.language.sentiment.tuning.labels_file import Labelled, read_labels
from marketmover.language.sentiment.tuning.service import House, refresh, rollback, train
from marketmover.language.sentiment.tuning.splitting import split
from marketmover.language.sentiment.tuning.versions import STATE, engine_in_force, read_state
from marketmover.learning import Run, Tracker
from marketmover.settings import Settings
from marketmover.store import StoreOpener

WEEK = timedelta(days=7)


def labelled(count: int) -> Labelled:
    texts = [text for text, _ in own_texts(count)]
    return Labelled(texts, ["positive"] * count)


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record of models: making one takes MLflow longer than a training."""
    home = tmp_path_factory.mktemp("record") / "home"
    assert house_of(StoreOpener(Settings(home=home))).tracker.newest("sentiment") is None
    return home / "mlflow.db"


@pytest.fixture
def house(opener: StoreOpener, empty_record: Path) -> House:
    made = house_of(opener)
    shutil.copy(empty_record, opener.settings.home)
    return made


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_labels(tmp_path / "labels.csv", own_texts(300))


def label_of(house: House, text: str) -> str:
    return engine_in_force(house.files, house.setting).score_many([text])[0].label


def test_words_of_ones_own_are_learnt_and_the_better_engine_answers_from_then_on(house: House, labels: Path) -> None:
    assert label_of(house, "the parcel was flooze") == "neutral"
    outcome = train(house, [labels])
    assert outcome.version.promoted
    assert outcome.after.macro_f1 > 0.9 > outcome.before.macro_f1
    assert outcome.better.low > 0
    assert label_of(house, "the parcel was flooze") == "negative"
    assert label_of(house, "such a zingy shop") == "positive"


def test_what_the_engine_knew_already_is_not_lost(house: House, labels: Path) -> None:
    train(house, [labels])
    assert label_of(house, "I love it, this is wonderful!") == "positive"
    assert label_of(house, "Terrible. I hate this awful service.") == "negative"
    assert label_of(house, "   ") == "neutral"


def test_labels_without_a_pattern_promote_nothing_and_say_so(house: House, tmp_path: Path) -> None:
    rows = own_texts(300)
    scrambled = [(text, LABELS[place % 3]) for place, (text, _) in enumerate(rows)]
    outcome = train(house, [write_labels(tmp_path / "noise.csv", scrambled)])
    assert not outcome.version.promoted
    assert read_state(house.files).present("") is None
    assert label_of(house, "the parcel was flooze") == "neutral"


def test_too_few_labels_are_refused_with_how_many_are_needed(house: House, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Not enough data yet: 40 labelled texts") as caught:
        train(house, [write_labels(tmp_path / "few.csv", own_texts(40))])
    assert "150 in all and 20 of each label" in caught.value.message
    assert "110 more in all" in caught.value.remedy
    alike = [(text, "positive") for text, _ in own_texts(200)]
    with pytest.raises(InputError) as caught:
        train(house, [write_labels(tmp_path / "alike.csv", alike)])
    assert "second label" in caught.value.remedy
    assert not house.files.list("sentiment")


def test_a_text_never_moves_from_the_judging_part_to_the_learning_part() -> None:
    few, more = labelled(200), labelled(2000)
    assert set(split(few).held_out.keys) <= set(split(more).held_out.keys)
    share = len(split(more).held_out.texts) / len(more.texts)
    assert 0.21 < share < 0.29
    parts = split(more)
    assert sum(len(part.texts) for part in (parts.learning, parts.choosing, parts.held_out)) == len(more.texts)


def test_the_same_labels_and_seed_give_the_same_engine(house: House, labels: Path, tmp_path: Path) -> None:
    train(house, [labels], out=tmp_path / "one")
    other = house_of(StoreOpener(Settings(home=tmp_path / "second")))
    train(other, [labels], out=tmp_path / "two")
    assert (tmp_path / "one/tuned.json").read_bytes() == (tmp_path / "two/tuned.json").read_bytes()


def test_a_copy_answers_elsewhere_as_the_version_does_here(house: House, labels: Path, tmp_path: Path) -> None:
    train(house, [labels], out=tmp_path / "engine")
    texts = [text for text, _ in own_texts(20, seed=5)]
    there = load_engine(str(tmp_path / "engine")).score_many(texts)
    assert there == engine_in_force(house.files).score_many(texts)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".engine")]


def test_a_folder_that_holds_something_else_is_never_overwritten(house: House, labels: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_text("meow", encoding="utf-8")
    with pytest.raises(InputError, match="photos is there already"):
        train(house, [labels], out=tmp_path / "photos")
    with pytest.raises(InputError, match="is a file"):
        train(house, [labels], out=labels / "engine")
    assert not house.files.list("sentiment")
    train(house, [labels], out=tmp_path / "engine")
    train(house, [labels], out=tmp_path / "engine")  # our own is replaced


def test_every_version_is_in_the_record_of_models_with_its_figures_and_data(house: House, labels: Path) -> None:
    version = train(house, [labels]).version
    kept = house.tracker.newest("sentiment")
    assert kept is not None
    assert (kept.number, kept.labels["fingerprint"]) == (version.number, read_labels([labels]).fingerprint)
    assert kept.content["macro_f1"] == version.macro_f1


def test_refresh_waits_for_a_week_and_for_new_labels(house: House, labels: Path) -> None:
    with pytest.raises(UsageError, match="no labels"):
        refresh(house)
    train(house, [labels])
    early = refresh(replace(house, now=NOW + timedelta(days=6)))
    assert early.outcome is None
    assert "2026-03-09" in early.reason
    same = refresh(replace(house, now=NOW + WEEK))
    assert (same.outcome, "no label has changed" in same.reason) == (None, True)
    write_labels(labels, own_texts(360))
    later = replace(house, now=NOW + WEEK)
    trained = refresh(later)
    assert trained.outcome is not None
    assert trained.outcome.version.number == 2
    assert refresh(later).outcome is None  # cron starts it twice
    assert [one.number for one in read_state(house.files).versions] == [1, 2]


def test_refresh_names_a_labels_file_that_is_gone(house: House, labels: Path) -> None:
    train(house, [labels])
    labels.unlink()
    with pytest.raises(NotFoundError, match=r"labels\.csv"):
        refresh(replace(house, now=NOW + WEEK))


def test_rollback_brings_back_what_answered_before(house: House, labels: Path) -> None:
    with pytest.raises(ConflictError, match="Nothing was in force"):
        rollback(house)
    train(house, [labels])
    assert rollback(house) is None
    assert label_of(house, "the parcel was flooze") == "neutral"
    again = rollback(house, to=1)
    assert again is not None
    assert label_of(house, "the parcel was flooze") == "negative"
    with pytest.raises(ConflictError, match="in force already"):
        rollback(house, to=1)
    with pytest.raises(NotFoundError, match="no version 7"):
        rollback(house, to=7)


def test_a_version_is_in_force_only_over_the_setting_that_it_beat(house: House, labels: Path, tmp_path: Path) -> None:
    train(house, [labels], out=tmp_path / "engine")
    state = read_state(house.files)
    assert state.present("") is not None
    assert state.present(str(tmp_path / "engine")) is None


def test_a_version_whose_files_are_gone_says_how_to_go_on(house: House, labels: Path) -> None:
    version = train(house, [labels]).version
    shutil.rmtree(Path(house.files.shown) / version.folder)
    with pytest.raises(NotFoundError) as caught:
        label_of(house, "x")
    assert "rollback --to" in caught.value.remedy
    assert rollback(house, to=0) is None
    assert label_of(house, "x") == "neutral"


def test_a_training_that_ends_after_another_does_not_undo_it(house: House, labels: Path) -> None:
    class Meanwhile(Tracker):
        """The record of models, at the moment when another training ends."""

        def record(self, experiment: str, whole: Run, parts: Sequence[Run] = ()) -> str:
            train(house, [labels])
            return super().record(experiment, whole, parts)

    with pytest.raises(ConflictError, match="Another training"):
        train(replace(house, tracker=Meanwhile(house.tracker.url, house.files)), [labels])
    state = read_state(house.files)
    assert [one.number for one in state.versions] == [1]
    assert {name.split("/")[2] for name in house.files.list("sentiment/versions")} == {
        state.versions[0].folder.split("/")[2]
    }


def test_versions_that_were_never_in_force_make_room_for_newer_ones(house: House, labels: Path) -> None:
    for _ in range(5):
        train(house, [labels])  # from the second on, no better than the first
    kept = read_state(house.files).versions
    assert [one.number for one in kept] == [1, 3, 4, 5]
    assert {name.rpartition("/")[0] for name in house.files.list("sentiment/versions")} == {one.folder for one in kept}


def test_a_state_that_something_else_broke_is_named(house: House) -> None:
    house.files.write_text(STATE, json.dumps({"versions": "none"}))
    with pytest.raises(InputError, match=r"state\.json"):
        read_state(house.files)


def test_comparison_judges_by_texts_that_no_engine_learnt_from_and_says_which_to_use(
    house: House, labels: Path
) -> None:
    version = train(house, [labels]).version
    compared = compare(house, [labels])
    assert [one.name for one in compared.engines] == ["default", "present"]
    assert {one.texts for one in compared.engines} == {version.held_out}
    assert "learnt from them" in compared.notes[0]
    assert compared.advice.startswith("Use present: ")
    assert compare(house, [labels], ["version:1", "default"]).advice.startswith("Keep version:1: ")
    same = compare(house, [labels], ["present", "version:1"])
    assert same.better[0].mid == 0
    assert same.advice.startswith("Keep present: ")


def test_comparison_refuses_what_cannot_be_judged(house: House, tmp_path: Path) -> None:
    few = write_labels(tmp_path / "few.csv", own_texts(12))
    with pytest.raises(InputError, match="Not enough data: 12 texts"):
        compare(house, [few])
    with pytest.raises(NotFoundError, match="version:x"):
        compare(house, [few], ["version:x"])


@pytest.mark.parametrize(
    "answer",
    [Sentiment("positive", 0.3, 0.95), Sentiment("negative", -1.0, 0.4), Sentiment("neutral", 0.9, 0.5)],
)
def test_an_answer_of_any_score_has_probabilities(answer: Sentiment) -> None:
    shares = shares_of([answer])[0]
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)
    assert shares[LABELS.index(answer.label)] == pytest.approx(answer.confidence)
