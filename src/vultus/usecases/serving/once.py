"""Writes that are carried out once, however often they are asked for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vultus.domain.answer import Answer
from vultus.errors import StoreError
from vultus.gallery.store.port import AnswerStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Once:
    """Carries out writes. An attempt that gives no sign for so long as `patience` has died."""

    store: AnswerStore
    patience: timedelta
    kept: timedelta

    def tend(self) -> None:
        """Let go of answers whose time has come.

        Raises:
            StoreError: they are still there.
        """
        self.store.forget_answers()

    def carry_out(
        self, name: str, request_digest: str, work: Callable[[], Answer], *, repeatable: bool
    ) -> tuple[Answer, bool]:
        """Do the work and keep its answer, or give the answer that it had.

        Arguments and errors as for `AnswerStore.claim`; what the work raises is not kept.

        Returns:
            The answer, and whether it is from before.
        """
        moment = datetime.now(UTC)
        claim = self.store.claim(
            name,
            request_digest,
            until=moment + self.patience,
            expires_at=moment + self.kept,
            repeatable=repeatable,
        )
        if isinstance(claim, Answer):
            return claim, True
        try:
            with self.store.carrying_out(claim):
                answer = work()
        except BaseException:
            self.store.give_back(claim)
            raise
        try:
            self.store.keep_answer(claim, answer)
        except StoreError as error:
            log.warning("the answer to a write is not kept: %s", error.code)
        return answer, False
