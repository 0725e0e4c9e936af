"""The extractor on one core: articles a second, start, memory, and whether time stays linear."""

import asyncio
import json
import sys

from benchmarks.load import Load
from benchmarks.report import Result
from benchmarks.stage import Servers


async def extraction(servers: Servers, *, quick: bool) -> Result:
    """Measure everything in one process that keeps to one core."""
    load = Load(servers.pids())
    arguments = ["-m", "benchmarks.one_core", *(["--quick"] if quick else [])]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"benchmarks.one_core ended with {process.returncode}")
    found = json.loads(printed)
    return Result(
        name="extraction",
        title="Extractor on one core",
        columns=("what", "samples", "extractor", "peer", "ratio", "goal"),
        rows=tuple(tuple(row) for row in found["rows"]),
        notes=(
            (
                "Articles of 3 kB are made of neighbouring English articles of the annotated set: "
                "those of no crisis without statements, most of them close calls, and those with "
                "statements. The models have seen most of them, which changes nothing of what they "
                "cost. General news is made up: of towns, sports and firms."
            ),
            (
                f"The gate lets {found['passing']:.0%} of the close calls pass; many of these are "
                "read no further than their likeliest window."
            ),
            (
                "Peer of the gate: spaCy's blank English with sentencizer and PhraseMatcher over "
                "all names of the gazetteer; of start and memory, the same."
            ),
            (
                "Peer of the extractor: its own reader on every sentence with the one before it, "
                "no gate and no grammar."
            ),
            (
                "Peer of long and hostile texts: 50,000 characters of articles with statements. "
                "A hostile text follows such an article of 3 kB, so that the gate lets it pass."
            ),
            "Rates and microseconds are of processor time, the fastest of three rounds in turns.",
            "Goals of long texts: no more than twice the time for each character.",
        ),
        others_cores=load.others(),
        quick=quick,
    )
