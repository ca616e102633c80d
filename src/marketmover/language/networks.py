"""Transformers opened and run: what sentiment and embeddings share when a setting names one.

torch and transformers are imported here alone, and only when a model is opened. Weights are read from safetensors,
never from pickles, and no code that comes with a model is run.
"""

import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from marketmover.errors import InputError, MissingExtraError

Kind = Literal["classifier", "encoder"]

_TEXTS_AT_ONCE = 4096
_TOKENS_AT_ONCE = 4096
_LONGEST = 512
_CHARACTERS_A_TOKEN = 40
"""No tokenizer needs more of a text at either end than this for each token that a model reads."""


@dataclass(frozen=True)
class Network:
    """A model with its tokenizer, on the processor's own cores.

    Attributes:
        folder: Where it was read from.
        model: The torch module, in evaluation mode.
        tokenizer: Its tokenizer.
        longest: Tokens that it reads of a text at most.
    """

    folder: Path
    model: Any
    tokenizer: Any
    longest: int

    def forward(self, texts: Sequence[str]) -> Generator[tuple[list[int], Any, Any]]:
        """Run texts through the model in batches of like length, without gradients.

        Yields:
            The positions of the batch's texts, the model's output, and the attention mask (texts, tokens).
        """
        torch = library("torch", "transformers")
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            ids = self.token_ids(texts[start : start + _TEXTS_AT_ONCE])
            for batch in batches_by_length([len(one) for one in ids], _TOKENS_AT_ONCE):
                inputs = self.padded([ids[index] for index in batch])
                with torch.inference_mode():
                    output = self.model(**inputs)
                yield [start + index for index in batch], output, inputs["attention_mask"]

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text. Of one that is too long the beginning and the end stay, where opinions stand.

        Sun and others (2019, How to Fine-Tune BERT for Text Classification) found both ends better than either.
        """
        known = [_clipped(readable(text), self.longest) for text in texts]
        ids: list[list[int]] = self.tokenizer(known, truncation=False, verbose=False)["input_ids"] if known else []
        long = [index for index, one in enumerate(ids) if len(one) > self.longest]
        for index in long:
            shorter = self._both_ends(known[index])
            ids[index] = self.tokenizer(shorter, truncation=True, max_length=self.longest)["input_ids"]
        return ids

    def padded(self, ids: Sequence[Sequence[int]]) -> dict[str, Any]:
        """A batch as tensors, with the attention mask that hides the padding."""
        batch: dict[str, Any] = self.tokenizer.pad(
            {"input_ids": [list(one) for one in ids]}, padding=True, return_tensors="pt", return_attention_mask=True
        )
        return {name: batch[name] for name in ("input_ids", "attention_mask")}

    def _both_ends(self, text: str) -> str:
        if not self.tokenizer.is_fast:  # it does not say which characters a token came from
            return text
        places = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        spans: list[tuple[int, int]] = places["offset_mapping"]
        head = max(self.longest // 4, 1)
        tail = max(self.longest - head - 4, 1)
        return f"{text[: spans[head - 1][1]]} {text[spans[-tail][0] :]}"


def open_network(folder: Path, kind: Kind, threads: int = 0, **options: Any) -> tuple[Network, set[str]]:
    """Open a model from a folder; gives the names of the weights that it lacks as well.

    Args:
        folder: Holds `config.json`, safetensors and a tokenizer.
        kind: With a classifier's head, or without.
        threads: Of the processor, for every model of this process; 0 takes all cores that it may use.
        **options: Handed on to transformers: `num_labels`, `id2label`, ...

    Raises:
        MissingExtraError: torch or transformers is not installed.
        InputError: The folder holds no such model.
    """
    torch, transformers = library("torch", "transformers"), library("transformers", "transformers")
    _quiet(transformers)
    torch.set_num_threads(threads or available_cores())
    of_kind = transformers.AutoModelForSequenceClassification if kind == "classifier" else transformers.AutoModel
    safe: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
    try:
        model, loading = of_kind.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, dtype=torch.float32, **safe, **options
        )
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **safe)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, _broken_weights()) as error:
        raise InputError(
            f"The model in {folder} cannot be opened: {_first_line(error)}",
            "It needs config.json, model.safetensors and tokenizer files of one model; pickles (pytorch_model.bin) and "
            "models with code of their own are refused.",
        ) from error
    model.eval()
    return Network(folder, model, tokenizer, _longest(model.config, tokenizer)), set(loading["missing_keys"])


def batches_by_length(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Positions in batches of like length, so that little is padded.

    Args:
        lengths: Tokens of each text.
        most: Tokens of a batch, padding included; a single text may have more.

    >>> batches_by_length([5, 1, 4, 1], 8)
    [[1, 3], [2], [0]]
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda one: (lengths[one], one)):
        if batches and lengths[index] * (len(batches[-1]) + 1) <= most:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def readable(text: str) -> str:
    """The text without halves of characters (lone surrogates), which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode()


def library(name: str, extra: str) -> Any:
    """A library that comes with an extra, imported when it is first needed.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise MissingExtraError(f"A model that runs on {name}", extra) from error


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _longest(config: Any, tokenizer: Any) -> int:
    """Tokens that the model has positions for; RoBERTa's kin keep the first ones for padding."""
    positions = getattr(config, "max_position_embeddings", None) or _LONGEST
    if str(config.model_type) in {"roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "longformer"}:
        positions -= (config.pad_token_id or 0) + 1
    return int(min(positions, tokenizer.model_max_length, _LONGEST))


def _clipped(text: str, longest: int) -> str:
    """Both ends of a text of megabytes, which would otherwise be cut into tokens as a whole."""
    most = longest * _CHARACTERS_A_TOKEN
    return text if len(text) <= 2 * most else f"{text[:most]} {text[-most:]}"


def _broken_weights() -> type[Exception]:
    return library("safetensors", "transformers").SafetensorError


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _quiet(transformers: Any) -> None:
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
