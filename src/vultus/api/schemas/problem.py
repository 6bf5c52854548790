"""Errors as problem details (RFC 9457)."""

from pydantic import BaseModel, ConfigDict, Field


class ProblemShape(BaseModel):
    """What went wrong. Beside these fields stand the facts of the error, by name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(description="where the error is explained", examples=["/docs/errors#no_face"])
    title: str = Field(description="the kind of error, as words", examples=["No face"])
    status: int = Field(examples=[422])
    detail: str = Field(description="what happened, to what, and what to do")
    code: str = Field(description="for programs; never changes", examples=["no_face"])
    request_id: str = Field(description="as in the log of the service")


class ProblemBrief(BaseModel):
    """What went wrong with one image of several; facts of the error stand beside these fields."""

    model_config = ConfigDict(frozen=True, extra="allow")

    code: str
    detail: str
