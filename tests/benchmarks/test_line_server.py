import json
import subprocess
import sys
from pathlib import Path

WORKERS = Path(__file__).parents[2] / "benchmarks" / "workers"
NOISY = """
from line_server import serve

def double(number):
    print("a library has something to say")
    return {"result": number * 2}

serve({"double": double}, ["numpy"])
"""


def test_a_line_is_answered_by_a_line_whatever_a_library_prints() -> None:
    asked = '{"operation": "double", "number": 4}\n{"operation": "about"}\n'
    done = subprocess.run(
        [sys.executable, "-c", NOISY],
        input=asked,
        cwd=WORKERS,
        capture_output=True,
        text=True,
        check=True,
    )
    doubled, about = map(json.loads, done.stdout.splitlines())
    assert doubled == {"result": 8}
    assert about.keys() == {"numpy"}
    assert "something to say" in done.stderr
