"""What every error is, and those that any part may raise."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self


@dataclass(eq=False)
class VultusError(Exception):
    """Base of all errors that Vultus raises on purpose."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = "Something went wrong."

    @property
    def facts(self) -> dict[str, object]:
        """The fields of the error by name, for programs."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def image(self) -> str | None:
        """Which of several images it is about: its path, `first` or `second`; None if unsaid."""
        image: str | None = vars(self).get("_image")
        return image

    def about(self, image: str | None) -> Self:
        """Say which image it is about, if that has a name."""
        if image is not None:
            self._image = image
        return self

    def __str__(self) -> str:
        return self.sentence.format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), tuple(self.facts.values()), {"_image": self.image}


@dataclass(eq=False)
class InvalidValue(VultusError):
    """A value that cannot be what its name says."""

    code = "invalid_value"
    sentence = "{name} is not valid: {problem}."
    name: str
    problem: str


@dataclass(eq=False)
class SettingInvalid(VultusError):
    """A setting has a value that it cannot have."""

    code = "setting_invalid"
    sentence = "The setting {name} is wrong: {problem}."
    name: str
    problem: str


@dataclass(eq=False)
class ConfigUnreadable(VultusError):
    """A file of settings cannot be read."""

    code = "config_unreadable"
    sentence = "The settings in {path} cannot be read: {problem}."
    path: str
    problem: str


@dataclass(eq=False)
class FileUnwritable(VultusError):
    """A file cannot be written where it was wanted."""

    code = "file_unwritable"
    sentence = "{path} cannot be written: {problem}. Nothing of it was kept; choose another place."
    path: str
    problem: str
