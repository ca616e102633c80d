"""Tiny real transformers, made where a test needs one: two layers, 32 wide, with a tokenizer of a few words."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sentiment_cases import FILLERS, OWN_WORDS

WORDS = [
    *FILLERS,
    *(word for words in OWN_WORDS.values() for word in words),
    *"0123456789",
    *(f"##{digit}" for digit in range(10)),
]
LONGEST = 32


def require(name: str, extra: str = "transformers") -> Any:
    """The library, or the test is skipped with the reason."""
    return pytest.importorskip(name, reason=f"needs pip install 'marketmover[{extra}]' (make test-extras)")


def make_tokenizer(folder: Path) -> None:
    tokenizers = import_module("tokenizers")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    unknown = {"unk_token": "[UNK]"}
    vocabulary = {word: place for place, word in enumerate([*special, *WORDS])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, **unknown))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    ends = [(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    names = {f"{name.strip('[]').lower()}_token": name for name in special}
    fast = import_module("transformers").PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=LONGEST, **names
    )
    fast.save_pretrained(folder)


def make_model(
    folder: Path, labels: Sequence[str] | Mapping[int, str] = (), seed: int = 0, spread: float = 0.02
) -> Path:
    """An encoder, or with `labels` a classifier, of random weights; of little `spread`, it finds texts alike."""
    torch, transformers = import_module("torch"), import_module("transformers")
    transformers.utils.logging.disable_progress_bar()
    named = dict(labels) if isinstance(labels, Mapping) else dict(enumerate(labels))
    head = {"id2label": named, "label2id": {name: place for place, name in named.items()}} if named else {}
    config = transformers.BertConfig(
        vocab_size=5 + len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=LONGEST,
        initializer_range=spread,
        **head,
    )
    torch.manual_seed(seed)
    model = (transformers.BertForSequenceClassification if named else transformers.BertModel)(config)
    model.save_pretrained(folder)
    make_tokenizer(folder)
    return folder
