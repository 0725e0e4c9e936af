"""A coverage-guided fuzzer of extraction: `make fuzz ARGS="-max_total_time=60"`.

It starts from articles of the annotated set and the corpus beside this file, and keeps what
reaches new code in `build/fuzz/corpus`. A text that breaks a promise lies in `build/fuzz` then; add
it to `tests/fuzz/corpus`, and the ordinary tests go over it from then on.
"""

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["services.extractor"]):
    from services.extractor.adapters.engine import load_extractor
    from tests.support.credulous import credulous_extractor
    from tests.support.promises import LANGUAGES, article_of, keep_promises, seeds

OWN = Path(__file__).parent / "corpus"
BUILD = ROOT / "build" / "fuzz"
SEEDS = 400
TRAINED = 0x40
"""Bit of the first byte with which the trained models read a text, too."""
LIMITS = ("-max_len=3000", "-timeout=20", "-rss_limit_mb=3000")
"""Bytes of a text, seconds for one, memory of all; arguments given come after and win."""


def main() -> None:
    """Fuzz until something breaks or libFuzzer's own limits are reached."""
    corpus = BUILD / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(SEEDS)):
        (corpus / f"seed-{number:03}").write_bytes(data)
    credulous = {code: credulous_extractor(code=code) for code in LANGUAGES if code}
    trained = load_extractor()

    def once(data: bytes) -> None:
        # Reading is most of the time, and has little code to cover: it is for some texts only.
        body = article_of(data)
        keep_promises(credulous[body.language or "en"], body)
        if data[:1] and data[0] & TRAINED:
            keep_promises(trained, body)

    # libFuzzer writes what it finds into the first folder that it is given.
    folders = (str(corpus), str(OWN))
    places = (f"-artifact_prefix={BUILD}/", *LIMITS)
    atheris.Setup([sys.argv[0], *places, *sys.argv[1:], *folders], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
