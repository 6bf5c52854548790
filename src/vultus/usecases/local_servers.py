"""Servers that may run on this machine, where each of them usually answers."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

from vultus.usecases.diagnose import Finding, State

HOST = "127.0.0.1"
PORTS = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672, "Elasticsearch": 9200}
TRITON_PORT = 8000
"""Vultus's own, too, and that of much else."""
PATIENCE_S = 0.3
MOST_BYTES = 65_536
AT_SCALE = "needed only at scale"


def local_servers() -> Iterator[Finding]:
    """Which servers answer on this machine. One machine alone needs none of them."""
    for name, port in PORTS.items():
        if _is_open(port):
            yield _answers(name, port)
        else:
            yield _absent(name, f"nobody answers at {HOST}:{port}")
    yield triton(TRITON_PORT)


def triton(port: int) -> Finding:
    """Whether NVIDIA Triton answers at a port; it is known by its metadata, not by the port."""
    if not _is_open(port):
        return _absent("Triton", f"nobody answers at {HOST}:{port}")
    if _name_of_inference_server(port) != "triton":
        return _absent("Triton", f"what answers at {HOST}:{port} is something else")
    return _answers("Triton", port)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=PATIENCE_S).close()
    except OSError:
        return False
    return True


def _name_of_inference_server(port: int) -> str | None:
    """What a server of the Open Inference Protocol calls itself; None of any other."""
    connection = HTTPConnection(HOST, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/v2")
        metadata = json.loads(connection.getresponse().read(MOST_BYTES))
    except (OSError, HTTPException, ValueError, RecursionError):
        return None
    finally:
        connection.close()
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else None


def _answers(name: str, port: int) -> Finding:
    return Finding("services", name, State.OK, f"answers at {HOST}:{port}")


def _absent(name: str, why: str) -> Finding:
    return Finding("services", name, State.ABSENT, f"{why}; {AT_SCALE}")
