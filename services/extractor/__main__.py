"""`python -m services.extractor`."""

import sys

from services.extractor.app import run
from services.runtime.lifecycle import run_service

if __name__ == "__main__":
    sys.exit(run_service("extractor", run))
