"""The reader's network: a small pre-trained encoder with a head for each question."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

FEATURES = 96
"""Size of what the concepts of a sentence become."""
HIDDEN = 256
DROPOUT = 0.2


class Reader(nn.Module):
    """Reads windows of sentences.

    Args:
        encoder: folder of the pre-trained encoder.
        concepts: how many concepts the lexicon has.
        heads: names of the heads with the size of each.
    """

    def __init__(self, encoder: Path, concepts: int, heads: dict[str, int]) -> None:
        super().__init__()
        # On a CPU, plain attention is twice as fast to train as the fused kind, and dropout
        # inside the encoder would cost more than the rest of a step.
        self.encoder: Any = AutoModel.from_pretrained(str(encoder), attn_implementation="eager")
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        size = self.encoder.config.hidden_size
        self.concepts = nn.Linear(concepts, FEATURES)
        self.mix = nn.Sequential(
            nn.Dropout(DROPOUT),
            nn.Linear(2 * size + FEATURES, HIDDEN),
            nn.GELU(),
            nn.Dropout(DROPOUT),
        )
        self.heads = nn.ModuleDict(
            {name: nn.Linear(HIDDEN, width) for name, width in heads.items()}
        )

    def forward(
        self, ids: Tensor, mask: Tensor, segments: Tensor, windows: Tensor, concepts: Tensor
    ) -> dict[str, Tensor]:
        """Return the answers of each head.

        Args:
            ids: tokens, windows by length.
            mask: 1 for tokens, 0 for padding; likewise.
            segments: the sentence that each token belongs to, the number of sentences for none;
                likewise.
            windows: the window of each sentence.
            concepts: the concepts of each sentence, as 0 and 1.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        sentences = len(windows)
        flat = hidden.reshape(-1, hidden.shape[-1])
        which = segments.reshape(-1)
        sums = torch.zeros(sentences + 1, flat.shape[1], dtype=flat.dtype).index_add(0, which, flat)
        counts = torch.zeros(sentences + 1, dtype=flat.dtype).index_add(
            0, which, torch.ones_like(which, dtype=flat.dtype)
        )
        means = (sums / counts.clamp(min=1).unsqueeze(1))[:sentences]
        around = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        together = torch.cat([means, around[windows], torch.relu(self.concepts(concepts))], dim=-1)
        mixed = self.mix(together)
        return {name: head(mixed) for name, head in self.heads.items()}
