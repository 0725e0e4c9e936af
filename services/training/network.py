"""The reader's network: a small pre-trained encoder with a head for each question."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

FEATURES = 96
"""Size of what the concepts of a sentence become."""
HIDDEN = 128
"""Size of what each question makes of a sentence."""
DROPOUT = 0.2
_STEEPEST = 15.0
"""Attention in logits, at the most, so that no exponential overflows."""


class Reader(nn.Module):
    """Reads windows of sentences.

    Each question looks at the words of a sentence in its own way: it has an attention of its own
    over them, beside their mean, the mean of the whole window and the lexicon's concepts.

    Args:
        encoder: folder of the pre-trained encoder.
        concepts: how many concepts the lexicon has.
        questions: their names, with how many answers each has.
    """

    def __init__(self, encoder: Path, concepts: int, questions: dict[str, int]) -> None:
        super().__init__()
        # On a CPU, plain attention is twice as fast to train as the fused kind, and dropout
        # inside the encoder would cost more than the rest of a step.
        self.encoder: Any = AutoModel.from_pretrained(str(encoder), attn_implementation="eager")
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        size = self.encoder.config.hidden_size
        self.concepts = nn.Linear(concepts, FEATURES)
        self.attention = nn.Linear(size, len(questions))
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(
                    nn.Dropout(DROPOUT),
                    nn.Linear(3 * size + FEATURES, HIDDEN),
                    nn.GELU(),
                    nn.Dropout(DROPOUT),
                    nn.Linear(HIDDEN, width),
                )
                for name, width in questions.items()
            }
        )

    def forward(
        self, ids: Tensor, mask: Tensor, segments: Tensor, windows: Tensor, concepts: Tensor
    ) -> dict[str, Tensor]:
        """Return the answers to each question, as logits.

        Args:
            ids: tokens, windows by length.
            mask: 1 for tokens, 0 for padding; likewise.
            segments: the sentence that each token belongs to, the number of sentences for none;
                likewise.
            windows: the window of each sentence.
            concepts: the concepts of each sentence, as 0 and 1.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        around = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        owners = segments.reshape(-1)
        owned = owners < len(windows)
        owners, words = owners[owned], hidden.reshape(-1, hidden.shape[-1])[owned].float()
        mean = _gathered(words, torch.ones(len(words)), owners, len(windows))
        noted = torch.relu(self.concepts(concepts)).float()
        attention = self.importance(words)
        return {
            name: head(
                torch.cat(
                    [
                        _gathered(words, attention[:, number], owners, len(windows)),
                        mean,
                        around[windows].float(),
                        noted,
                    ],
                    dim=-1,
                )
            )
            for number, (name, head) in enumerate(self.heads.items())
        }

    def importance(self, words: Tensor) -> Tensor:
        """Return how much each question attends to each word, words by questions, above 0."""
        return torch.exp(self.attention(words).float().clamp(-_STEEPEST, _STEEPEST))


def _gathered(words: Tensor, weights: Tensor, owners: Tensor, sentences: int) -> Tensor:
    """Return the weighted mean of the words of each sentence."""
    totals = torch.zeros(sentences).index_add(0, owners, weights).clamp(min=1e-9)
    shares = (weights / totals[owners]).unsqueeze(1)
    return torch.zeros(sentences, words.shape[1]).index_add(0, owners, words * shares)
