"""Why a call fails. `str` of each is one sentence: what is wrong, where, and what to do."""

from .types import Finding


class RulesError(Exception):
    """Why a call fails."""


class LoadError(RulesError):
    """The rules could not be loaded."""

    #: The faults of the rules; empty if the folder cannot be read.
    findings: list[Finding]

    def __init__(self, message: str, findings: list[Finding]) -> None:
        super().__init__(message)
        self.findings = findings

    def __reduce__(self) -> tuple[type["LoadError"], tuple[str, list[Finding]]]:
        return LoadError, (str(self), self.findings)


class SituationError(RulesError, ValueError):
    """A situation cannot be decided."""

    #: The field, such as `customer.owner`; `None` if the error is not about one field.
    place: str | None

    def __init__(self, message: str, place: str | None) -> None:
        super().__init__(message)
        self.place = place

    def __reduce__(self) -> tuple[type["SituationError"], tuple[str, str | None]]:
        return SituationError, (str(self), self.place)
