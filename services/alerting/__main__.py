"""`python -m services.alerting`."""

import sys

from services.alerting.app import run
from services.runtime.lifecycle import run_service

if __name__ == "__main__":
    sys.exit(run_service("alerting", run))
