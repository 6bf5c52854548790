"""Peers: programs that are asked in turns, each in a process and an environment of its own."""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.harness import CHECKOUT, Answer

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "VULTUS_INFERENCE__THREADS": "1",
}
"""Environment variables that hold every peer to one thread."""


@dataclass(frozen=True, slots=True)
class PeerEnvironment:
    """A virtual environment for software that ours cannot share.

    `alone` are packages whose own requirements are out of date, installed without them;
    `requirements` what they really need. Both take the versions of constraints.txt where it names
    one, so that peers decode photos with the same library.
    """

    name: str
    alone: tuple[str, ...]
    requirements: tuple[str, ...]

    def python(self, cache: Path) -> Path:
        """Make the environment under `cache` if it is not there, and give its interpreter."""
        home = cache / "peers" / self.name
        interpreter = home / "bin" / "python"
        done = home / "requirements.json"
        wanted = json.dumps([self.alone, self.requirements])
        if not done.exists() or done.read_text() != wanted:
            print(f"making the environment of {self.name} in {home}", flush=True)
            venv.create(home, clear=True, with_pip=True)
            self._install(interpreter)
            done.write_text(wanted)
        return interpreter

    def _install(self, interpreter: Path) -> None:
        constraints = str(CHECKOUT / "constraints.txt")
        install = [str(interpreter), "-m", "pip", "install", "-q", "-c", constraints]
        subprocess.run([*install, *self.requirements], check=True)
        subprocess.run([*install, "--no-deps", *self.alone], check=True)


FACE_RECOGNITION = PeerEnvironment(
    "face_recognition",
    alone=("face_recognition==1.3.0", "face_recognition_models==0.3.0"),
    requirements=("dlib-bin==20.0.1", "numpy", "pillow", "setuptools<81"),
)
FACENET_PYTORCH = PeerEnvironment(
    "facenet_pytorch",
    alone=("facenet-pytorch==2.6.0",),
    requirements=("torch==2.13.0", "numpy", "pillow", "requests", "tqdm"),
)


class Worker:
    """A running peer: one line of JSON in, one out. It answers nothing before it is asked."""

    def __init__(self, script: str, interpreter: Path | None = None) -> None:
        """Start `workers/<script>.py` on one thread, under our own interpreter or another."""
        self._process = subprocess.Popen(
            [str(interpreter or sys.executable), str(CHECKOUT / f"benchmarks/workers/{script}.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, operation: str, **arguments: object) -> Answer:
        """Ask for one operation of the worker, and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"operation": operation, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a peer ended with exit code {self._process.wait()}")
        return json.loads(line)
