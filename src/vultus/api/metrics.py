"""What Prometheus reads. Nothing in it tells of anybody: no gallery, no subject, no key."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Variable with the folder where processes that serve side by side count together."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Figures of one application, in a registry of its own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self._requests = Counter(
            "vultus_requests", "Requests that were answered.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "vultus_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "vultus_requests_in_flight",
            "Requests being answered.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._work = Gauge(
            "vultus_work",
            "Work that is done or waits.",
            ("pool",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._ready = Gauge(
            "vultus_ready",
            "Whether the service is ready: 1 or 0.",
            registry=self.registry,
            multiprocess_mode="livemostrecent",
        )

    def work(self, pool: str) -> Gauge:
        """What counts the work of one pool of threads."""
        return self._work.labels(pool)

    def told(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, *, ready: bool) -> bytes:
        """All figures in Prometheus' text format; of all processes, where there are several."""
        self._ready.set(ready)
        if SHARED not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)
        return generate_latest(together)
