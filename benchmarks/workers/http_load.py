"""Clients that ask one thing again and again over connections that stay open; a process of its own.

Standard input is the body of the request. It speaks HTTP by hand: a client library would take the
processor from the service that is measured.
"""

import argparse
import asyncio
import json
import sys
from time import perf_counter, process_time


def main() -> None:
    """Ask, and print as JSON what came back and how long it took."""
    arguments = _arguments()
    request = _request(arguments, sys.stdin.buffer.read())
    print(json.dumps(asyncio.run(_load(arguments, request))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--kind", required=True, help="content type of the body")
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    return parser.parse_args()


def _request(arguments: argparse.Namespace, body: bytes) -> bytes:
    head = (
        f"POST {arguments.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {arguments.kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _load(arguments: argparse.Namespace, request: bytes) -> dict[str, object]:
    begun, until = perf_counter(), perf_counter() + arguments.seconds
    clients = [_client(arguments.port, request, until) for _ in range(arguments.clients)]
    answers = [answer for found in await asyncio.gather(*clients) for answer in found]
    statuses = [status for status, _ in answers]
    return {
        "seconds": perf_counter() - begun,
        "cpu_s": process_time(),
        "statuses": {str(status): statuses.count(status) for status in set(statuses)},
        "ms": [milliseconds for _, milliseconds in answers],
    }


async def _client(port: int, request: bytes, until: float) -> list[tuple[int, float]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    while perf_counter() < until:
        begun = perf_counter()
        writer.write(request)
        await writer.drain()
        status = await _answer(reader)
        answers.append((status, (perf_counter() - begun) * 1e3))
    writer.close()
    return answers


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in head[1:] if b": " in line)
    await reader.readexactly(int(headers.get(b"content-length", b"0")))
    return int(head[0].split()[1])


if __name__ == "__main__":
    main()
