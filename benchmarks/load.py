"""What else the machine was doing while something was measured."""

import time
from collections.abc import Iterable

import psutil


class Load:
    """Tells how many cores others used since it was made.

    Args:
        ours: ids of processes that belong to the benchmark, with all their children; this process
            and its children do anyway.
    """

    def __init__(self, ours: Iterable[int] = ()) -> None:
        self._roots = {psutil.Process().pid, *ours}
        self._started = time.perf_counter()
        self._busy = _busy()
        self._own = self._own_seconds()
        self._ended = ended_seconds()

    def others(self) -> float:
        """Return the cores that others used on average, time stolen by a hypervisor included."""
        seconds = time.perf_counter() - self._started
        now = self._own_seconds()
        own = sum(used - self._own.get(pid, 0.0) for pid, used in now.items())
        # What has ended since is no longer among them, but was ours.
        gone = sum(used for pid, used in self._own.items() if pid not in now)
        own += ended_seconds() - self._ended - gone
        return max(0.0, (_busy() - self._busy - own) / seconds)

    def _own_seconds(self) -> dict[int, float]:
        return cpu_seconds(self._roots)


def ended_seconds() -> float:
    """Return the processor time of all processes that this one started and that have ended."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


def cpu_seconds(roots: Iterable[int]) -> dict[int, float]:
    """Return the processor time of processes and all that descend from them, by process id."""
    seconds: dict[int, float] = {}
    for root in roots:
        for process in family(root):
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            seconds[process.pid] = times.user + times.system
    return seconds


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that descend from it; empty where it is gone."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _busy() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
