"""Writes a trained network as ONNX with 8-bit weights, a quarter of the size."""

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from services.training.network import Reader


class _OneWindow(nn.Module):
    """A network that reads one window, with its sentences given as rows of a pooling matrix."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, pool: Tensor, concepts: Tensor) -> Tensor:
        reader = self.reader
        hidden = reader.encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
        words = hidden.last_hidden_state[0]
        noted = torch.relu(reader.concepts(concepts))
        shared = [pool @ words, words.mean(0, keepdim=True).expand(pool.shape[0], -1), noted]
        answers = []
        attention = reader.importance(words)
        for number, head in enumerate(reader.heads.values()):
            weights = pool * attention[:, number]
            pooled = (weights / weights.sum(1, keepdim=True).clamp(min=1e-9)) @ words
            answers.append(head(torch.cat([pooled, *shared], dim=-1)))
        return torch.cat(answers, dim=-1)


def export(reader: Reader, path: Path) -> None:
    """Write a network that reads one window.

    Its inputs are `ids` (1 by tokens), `pool` (sentences by tokens) and `concepts` (sentences by
    concepts), its output `heads` (sentences by answers, in logits).
    """
    reader.eval()
    concepts = reader.concepts.in_features
    example = (
        torch.ones(1, 12, dtype=torch.long),
        torch.full((3, 12), 1 / 12),
        torch.zeros(3, concepts),
    )
    tokens, sentences = torch.export.Dim("tokens", min=2), torch.export.Dim("sentences", min=1)
    with tempfile.TemporaryDirectory() as folder:
        whole, plain = Path(folder) / "whole.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            _OneWindow(reader).eval(),
            example,
            str(whole),
            input_names=["ids", "pool", "concepts"],
            output_names=["heads"],
            dynamic_shapes={
                "ids": {1: tokens},
                "pool": {0: sentences, 1: tokens},
                "concepts": {0: sentences},
            },
            dynamo=True,
            external_data=False,
        )
        quant_pre_process(str(whole), str(plain), skip_symbolic_shape=True)
        quantize_dynamic(
            str(plain),
            str(path),
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )
    onnx.checker.check_model(str(path))
