"""How much one request may ask about people who may be meant: each candidate takes memory."""

from dataclasses import dataclass

from vultus.errors import RequestInvalid

MOST = 50_000


@dataclass(slots=True)
class Candidates:
    """Those that a request may still ask for."""

    left: int = MOST

    def take(self, probes: int, each: int, name: str = "top_k") -> None:
        """Count those of so many faces or templates; `name` is the parameter that says `each`.

        Raises:
            RequestInvalid: they are too many for one request.
        """
        self.left -= probes * each
        if self.left < 0:
            problem = f"it gives more than {MOST} candidates in all; ask about fewer faces at once"
            raise RequestInvalid(name, problem)
