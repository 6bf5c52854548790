"""What becomes of photos, as JSON and as cells."""

from vultus.cli.line import Json
from vultus.cli.render import candidate_json, face_json, subject_json
from vultus.domain.outcome import AlreadyThere, Enrolled, Outcome, Refused
from vultus.errors import PoorQuality, VultusError

OUTCOME = ("photo", "outcome", "subject", "remark")
"""Heads of the cells of `outcome_cells`."""


def outcome_json(outcome: Outcome) -> Json:
    """What became of a photo."""
    match outcome:
        case Enrolled():
            return {
                "photo": outcome.photo,
                "outcome": "enrolled",
                "subject": subject_json(outcome.subject),
                "created": outcome.created,
                "face": {"id": outcome.face_id} | face_json(outcome.face),
                "looks_like": candidate_json(outcome.looks_like) if outcome.looks_like else None,
            }
        case AlreadyThere():
            return {
                "photo": outcome.photo,
                "outcome": "already_there",
                "subject": subject_json(outcome.subject),
                "face": {"id": outcome.face_id},
            }
        case Refused():
            return {
                "photo": outcome.photo,
                "outcome": "refused",
                "error": refusal_json(outcome.error),
            }


def refusal_json(error: VultusError) -> Json:
    """Why a photo was refused; of a poor picture, what is wrong with it."""
    reasons = {"reasons": list(error.reasons)} if isinstance(error, PoorQuality) else {}
    return {"code": error.code, "message": str(error)} | reasons


def outcome_cells(outcome: Outcome) -> tuple[str, ...]:
    """The same in a row."""
    match outcome:
        case Enrolled():
            alike = outcome.looks_like
            remark = f"looks like {alike.subject.name} {alike.similarity:.3f}" if alike else ""
            new = " (new)" if outcome.created else ""
            return outcome.photo, "enrolled", f"{outcome.subject.name}{new}", remark
        case AlreadyThere():
            return outcome.photo, "already there", outcome.subject.name, ""
        case Refused():
            return outcome.photo, "refused", "-", outcome.error.code.replace("_", " ")
