"""The list of the user's models as a value: which were made, which one speaks, and which were sent back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

SHIPPED = 0  # the number of the model that comes with the program
_KEPT = 5  # files of adopted versions
_LISTED = 50


@dataclass(frozen=True, slots=True)
class Version:
    """A model that was made: when, on what, how good it is, and why it was refused if it was."""

    number: int
    made_at: str  # RFC 3339, UTC
    votes: Mapping[str, int]  # by label
    votes_digest: str
    fingerprint: str  # of code, libraries and shipped mail
    figures: Mapping[str, float]
    adopted: bool
    why_not: str | None = None
    rolled_back: bool = False
    file: str = ""  # SHA-256; of a refused one nothing is kept

    def numbered(self, number: int, file: str) -> Self:
        return replace(self, number=number, file=file)


@dataclass(frozen=True, slots=True)
class History:
    """Versions by their number, and the one in force."""

    current: int = SHIPPED
    versions: tuple[Version, ...] = ()
    shipped: Mapping[str, float] = field(default_factory=dict)  # figures of the shipped model, once known

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        return cls(int(said["current"]), tuple(Version(**row) for row in said["versions"]), said["shipped"])

    @property
    def adopted(self) -> tuple[Version, ...]:
        return tuple(version for version in self.versions if version.adopted)

    @property
    def succession(self) -> tuple[Version, ...]:
        """Who speaks if those before can't: the version in force, then the adopted ones before it, newest first."""
        wanted = [each for each in self.adopted if each.number <= self.current and not each.rolled_back]
        return tuple(reversed(wanted))

    @property
    def is_rolled_back(self) -> bool:
        """Whether the one in force was chosen over a later one."""
        return any(version.rolled_back and version.number > self.current for version in self.versions)

    @property
    def kept(self) -> frozenset[int]:
        """Whose files stay."""
        return frozenset({self.current, *(version.number for version in self.adopted[-_KEPT:])})

    def is_settled(self, digest: str, fingerprint: str, in_force: int) -> bool:
        """Whether a training on these votes was made already, and what came of it still holds.

        Votes of a version that was rolled back are settled whatever code it was made by: the user didn't want it.
        """
        if not digest:
            return self.current == SHIPPED
        return any(
            version.rolled_back
            or (version.fingerprint == fingerprint and (version.number == in_force or _refused(version, self.versions)))
            for version in self.versions
            if version.votes_digest == digest
        )

    def added(self, version: Version) -> Self:
        """With a version that is in force from now on, if it was adopted."""
        current = version.number if version.adopted else self.current
        return replace(self, current=current, versions=_trimmed((*self.versions, version), current))

    def without_votes(self) -> Self:
        """With the shipped model in force, since nothing speaks for another."""
        return replace(self, current=SHIPPED)

    def rolled_back(self, number: int) -> Self:
        """With an earlier version in force; those after it were not wanted."""
        marked = (
            replace(each, rolled_back=each.number > number or (each.rolled_back and each.number < number))
            if each.adopted
            else each
            for each in self.versions
        )
        return replace(self, current=number, versions=tuple(marked))


def _refused(version: Version, versions: tuple[Version, ...]) -> bool:
    return version is versions[-1] and not version.adopted


def _trimmed(versions: tuple[Version, ...], current: int) -> tuple[Version, ...]:
    speaking = (version for version in versions[:-_LISTED] if version.number == current)
    return (*speaking, *versions[-_LISTED:])
