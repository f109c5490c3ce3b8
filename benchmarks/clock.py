"""What a benchmark measures with."""

import resource
import time

Figures = dict[str, tuple[str, str]]
"""What was measured, with its figure and its rate."""


class Clock:
    """Wall time, and beside it the processor's, which says the same on a machine that is busy with other things."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._used()

    @staticmethod
    def _used() -> float:
        usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    def told(self, per: int = 0, unit: str = "entries") -> tuple[str, str]:
        """The seconds since it was made, and how many ``unit`` a second of the processor that is."""
        wall, cpu = time.perf_counter() - self._wall, self._used() - self._cpu
        return f"{wall:.2f} s, processor {cpu:.2f} s", f"{per / cpu:,.0f} {unit}/s" if per else ""
