"""`python -m services.poller`."""

import sys

from services.poller.app import run
from services.runtime.lifecycle import run_service

if __name__ == "__main__":
    sys.exit(run_service("poller", run))
