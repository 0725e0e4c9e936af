"""Measures the extractor and its peers on one core: `python -m benchmarks.one_core [--quick]`.

A process of its own, that `benchmarks.extraction` starts, so that nothing else is loaded in it and
the rest of the benchmark keeps its cores. Prints rows and the share of ordinary articles that pass
the gate, as JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import psutil

from benchmarks.news import dense, ordinary, stream
from benchmarks.peers import every_sentence, gazetteer_names, spacy_pipeline
from benchmarks.texts import NEWS_SHARE, made_up_articles
from schemas import Article
from services.extractor.adapters.engine import load_extractor, load_models
from services.extractor.domain.extractor import Extractor, Models
from services.extractor.domain.gate import gate_score
from services.extractor.domain.languages import language_of
from services.extractor.domain.lexicon import load_lexicon

Row = tuple[str, int, float, float, float, str]
"""What, on how many samples, ours, the peer's, ours by the peer's, goal."""
T = TypeVar("T")

ROUNDS = 3
"""Ours and the peer take turns; the faster round of each counts."""
ORDINARY, STREAM, DENSE, PEER = 400, 200, 60, 20
"""Articles of each round."""
STARTS = 5
IN_WORKER = 200
LENGTHS = (50_000, 500_000, 5_000_000)
MILLION = 1_000_000
HOSTILE = {
    "one sentence": "the army let the aid convoys of the agency pass along the road and ",
    "quotation marks": "“",
    "spaces": " ",
    "digits": "1",
    "capitals": "A",
    "said said said": "said ",
    "full stops": ".",
}
GATE = "gate alone, ordinary news: articles/s"


def rows(*, quick: bool) -> list[Row]:
    """Return what was measured, every peer in the same process or the same kind of one."""
    size = 8 if quick else 1
    extractor, models = load_extractor(), load_models()
    extractor.extract(dense(1)[0])
    found = [_gate(models, ordinary(ORDINARY // size))]
    reader = every_sentence(models.reader)
    kinds = (
        (
            f"extractor, general news, {NEWS_SHARE:.0%} with statements: articles/s",
            general,
            STREAM,
            "100 or more",
        ),
        (
            f"extractor, close calls, {NEWS_SHARE:.0%} with statements: articles/s",
            stream,
            STREAM,
            "100 or more",
        ),
        ("extractor, all with statements: articles/s", dense, DENSE, "10 or more"),
    )
    for what, make, number, goal in kinds:
        articles = make(max(20, number // size))
        ours, theirs = _rates(extractor.extract, reader, articles, articles[: PEER // size or 1])
        found.append((what, len(articles), ours, theirs, ours / theirs, goal))
    found += _processes(STARTS // size or 1, IN_WORKER // size)
    found += _lengths(extractor, LENGTHS[: 2 if quick else 3], MILLION // size)
    return found


def general(number: int) -> list[Article]:
    """Return made-up news of towns, sports and firms; one in twenty has statements."""
    return made_up_articles(number, NEWS_SHARE)


def passing() -> float:
    """Return the share of ordinary articles that the gate lets pass."""
    extractor, articles = load_extractor(), ordinary(ORDINARY)
    explained = [extractor.explain(article) for article in articles[:: ORDINARY // 100]]
    return sum(each.gate >= each.gate_threshold for each in explained) / len(explained)


def _gate(models: Models, articles: Sequence[Article]) -> Row:
    supported = load_lexicon().languages

    def ours(article: Article) -> None:
        code = language_of(article.language, article.text, models.recognise, supported)
        if code in supported:
            gate_score(article.text, article.title, models.linear)

    pipeline = spacy_pipeline(gazetteer_names())

    def theirs(article: Article) -> None:
        pipeline(article.text)

    fast, slow = _rates(ours, theirs, articles, articles)
    return (GATE, len(articles), fast, slow, fast / slow, "600 or more")


def _rates(
    ours: Callable[[T], object],
    theirs: Callable[[T], object],
    items: Sequence[T],
    fewer: Sequence[T],
) -> tuple[float, float]:
    """Return items a second of processor time of two ways to work, which take turns."""
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        for number, (work, some) in enumerate(((ours, items), (theirs, fewer))):
            best[number] = max(best[number], len(some) / _seconds(work, some))
    return best[0], best[1]


def _seconds(work: Callable[[T], object], items: Iterable[T]) -> float:
    started = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - started


# Processes of their own: how long they take to start, and what memory they hold.

WORKER = """
import sys
if "as in the service" in sys.argv:
    import services.extractor.app
from services.extractor.adapters.worker import extract_chunk, warm_up
warm_up()
print("ready", flush=True)
for line in sys.stdin.buffer:
    extract_chunk([line])
print("done", flush=True)
sys.stdin.read()
"""
SPACY = """
import json, sys
from pathlib import Path
from benchmarks.peers import spacy_pipeline
work = spacy_pipeline(json.loads(Path(sys.argv[1]).read_text()))
work("The road was open to aid.")
print("ready", flush=True)
for line in sys.stdin.buffer:
    work(json.loads(line)["text"])
print("done", flush=True)
sys.stdin.read()
"""


def _processes(starts: int, articles: int) -> list[Row]:
    lines = [article.model_dump_json().encode() + b"\n" for article in dense(articles)]
    with tempfile.TemporaryDirectory(prefix="aw-bench-") as folder:
        # Compiled once, as where it is installed, even where this machine keeps no bytecode.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        names = Path(folder) / "names.json"
        names.write_text(json.dumps(gazetteer_names()), encoding="utf-8")
        theirs = (SPACY, str(names))
        ours_mib = _process((WORKER, "as in the service"), lines)[1]
        theirs_mib = _process(theirs, lines)[1]
        ours_s = median(_process((WORKER,), [])[0] for _ in range(starts))
        theirs_s = median(_process(theirs, [])[0] for _ in range(starts))
    return [
        ("start in a fresh process: s", starts, ours_s, theirs_s, ours_s / theirs_s, "below 3"),
        (
            f"resident memory after {articles} articles: MiB",
            1,
            ours_mib,
            theirs_mib,
            ours_mib / theirs_mib,
            "below 400",
        ),
    ]


def _process(program: Sequence[str], lines: Sequence[bytes]) -> tuple[float, float]:
    """Run a program on lines; return the seconds until it was ready, and its memory in MiB."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", *program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        process.stdout.readline()
        seconds = time.perf_counter() - started
        process.stdin.writelines(lines)
        memory = 0.0
        process.stdin.flush()
        if lines:
            memory = _when_idle(process.pid)
        process.stdin.close()
        process.stdout.read()
    return seconds, memory


def _when_idle(pid: int) -> float:
    """Return the resident memory of a process in MiB, once it has nothing to do any more."""
    process = psutil.Process(pid)
    while process.cpu_percent(0.5) > 0:
        pass
    return float(process.memory_info().rss / 2**20)


# What long and hostile texts cost.


def _lengths(extractor: Extractor, lengths: Sequence[int], million: int) -> list[Row]:
    ordinary_text = "\n\n".join(article.text for article in dense(lengths[-1] // 3000 + 1))
    base = _per_character(extractor, ordinary_text[: lengths[0]])
    found = []
    for length in lengths:
        own = _per_character(extractor, ordinary_text[:length])
        found.append(
            (
                f"articles of {length:,} characters: µs each",
                1,
                own,
                base,
                own / base,
                "ratio 2 or less",
            )
        )
    for what, unit in HOSTILE.items():
        # A dense article before it, so that the gate lets it pass.
        text = f"{ordinary_text[:3000]}\n\n{unit * (million // len(unit))}"
        own = _per_character(extractor, text)
        found.append(
            (
                f"{what}, {million:,} characters: µs each",
                1,
                own,
                base,
                own / base,
                "ratio 2 or less",
            )
        )
    return found


def _per_character(extractor: Extractor, text: str) -> float:
    article = dense(1)[0].model_copy(update={"text": text})
    return 1e6 * _seconds(extractor.extract, [article]) / len(text)


def main() -> None:
    """Measure on the last core that this process may use."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_core")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps({"rows": rows(quick=given.quick), "passing": passing()}))


if __name__ == "__main__":
    main()
