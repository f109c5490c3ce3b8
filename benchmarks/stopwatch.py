"""Stopwatch of the benchmarks."""

import resource
import time

Figures = dict[str, tuple[str, str]]
"""Each measured step with its time and its rate."""


class Stopwatch:
    """Stopwatch for wall time and for CPU time, which does not depend on other load."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._used()

    @staticmethod
    def _used() -> float:
        usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    def processor_seconds(self) -> float:
        """Seconds of the processor since it was started."""
        return self._used() - self._cpu

    def figures(self, per: int = 0, unit: str = "entries") -> tuple[str, str]:
        """Seconds elapsed, and the rate in ``unit`` per CPU second."""
        wall, cpu = time.perf_counter() - self._wall, self.processor_seconds()
        return f"{wall:.2f} s, processor {cpu:.2f} s", f"{per / cpu:,.0f} {unit}/s" if per else ""
