"""What a message is on the way of an application: acknowledgement, interview, offer, … A second, small estimator.

It is fitted on the kinds of ``classifier_data/other`` and is asked only about mail that is no rejection. Beside the terms
of the classifier it looks at what the language packs know of talks and tests, which few examples would teach it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from unburnt.core.estimators import apart
from unburnt.core.features import Document
from unburnt.core.language import LanguagePack, packs_for
from unburnt.core.lessons import Pairs, hashed, hashed_rows
from unburnt.core.lessons import pairs as terms_of
from unburnt.core.model import Kind, Mail, Stage
from unburnt.core.regressions import SEED, taught_by

_BUCKETS = 2**16
_PENALTY = 1.0  # C
_SIGN = 4.0  # weight of what a pack recognises
_SUBJECT, _TEXT = 300, 8000  # characters looked at

# The kinds of classifier_data that are part of an application; all else is OTHER.
OF_DATA = {
    "acknowledgement": Kind.ACKNOWLEDGEMENT,
    "interview": Kind.INTERVIEW,
    "reschedule": Kind.INTERVIEW,
    "assessment": Kind.ASSESSMENT,
    "offer": Kind.OFFER,
    "onboarding": Kind.OFFER,
    "reference": Kind.OFFER,
    "status": Kind.STATUS,
    "pending": Kind.STATUS,
    "viewed": Kind.STATUS,
    "incomplete": Kind.STATUS,
    "outreach": Kind.OUTREACH,
    "withdrawal": Kind.WITHDRAWAL,
}


@dataclass(frozen=True, slots=True)
class KindLessons:
    """Labelled mails that are no rejections, read and hashed: a row for each, and what it is."""

    rows: Any  # sparse
    kinds: tuple[Kind, ...]

    def some(self, chosen: Sequence[int]) -> "KindLessons":
        """Those at these places."""
        return KindLessons(self.rows[chosen], tuple(self.kinds[i] for i in chosen))


def pairs(read: Document, mail: Mail, packs: Sequence[LanguagePack]) -> Pairs:
    """What the estimator sees of a mail: (term, weight)."""
    return terms_of(read) + [(sign, _SIGN) for sign in _signs(mail, read, packs)]


def _signs(mail: Mail, read: Document, packs: Sequence[LanguagePack]) -> Iterator[str]:
    for where, text in (("subject", mail.envelope.subject[:_SUBJECT]), ("text", mail.text[:_TEXT])):
        for talk in spoken_of(text, read.language, packs):
            yield f"talk:{where}:{talk}"


def spoken_of(text: str, language: str | None, packs: Sequence[LanguagePack]) -> Iterator[str]:
    """The talks that the packs of this language and of English find in the text: stages, "off", "applied"."""
    tried = packs_for(language, packs)
    for talk in (*Stage, "off", "applied"):
        if any(pattern.search(text) for pack in tried for pattern in pack.talks.get(talk, ())):
            yield str(talk)


def count_kinds(seen: Sequence[tuple[Pairs, Kind]]) -> KindLessons:
    """Lessons of what is seen of some mails."""
    return KindLessons(hashed_rows(_BUCKETS, [terms for terms, _ in seen]), tuple(kind for _, kind in seen))


def joined(parts: Sequence[KindLessons]) -> KindLessons:
    """All lessons of the parts, of which there is one at least."""
    from scipy.sparse import vstack

    return KindLessons(
        vstack([part.rows for part in parts]).tocsr(), tuple(chain.from_iterable(p.kinds for p in parts))
    )


def fit_kinds(lessons: KindLessons) -> Any | None:
    """The fitted pipeline; None where there are fewer than two kinds to tell apart."""
    from sklearn.linear_model import LogisticRegression

    if len(set(lessons.kinds)) < 2:
        return None
    regression = LogisticRegression(C=_PENALTY, class_weight="balanced", max_iter=300, random_state=SEED)
    return taught_by(hashed(_BUCKETS, regression), lessons.rows, [kind.value for kind in lessons.kinds])


def kind_of(estimator: Any | None, seen: Pairs) -> Kind:
    """The likeliest kind of a mail."""
    return Kind(str(estimator.predict([seen])[0])) if estimator is not None else Kind.OTHER


def out_of_family(lessons: KindLessons, families: Sequence[str]) -> list[Kind]:
    """For every lesson the kind that an estimator finds likeliest which has seen none of its family."""
    found = [Kind.OTHER] * len(lessons.kinds)
    for seen, held in _folds(lessons.kinds, families):
        estimator = fit_kinds(lessons.some(seen))
        if estimator is not None:
            told = estimator.named_steps["decide"].predict(lessons.rows[held])
            for i, said in zip(held, told, strict=True):
                found[i] = Kind(str(said))
    return found


def _folds(kinds: Sequence[Kind], families: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """(seen, held out), no family on both sides. ValueError where a kind has too few families for that."""
    fewest = min(Counter(kind for kind, _ in set(zip(kinds, families, strict=True))).values(), default=0)
    if fewest < 2:
        raise ValueError("needs mail of at least two families of every kind")
    yield from apart([kind.value for kind in kinds], families, fewest)
