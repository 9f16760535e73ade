"""Which words are ordinary: counted in the labelled mail that ships with the program, whose names are invented.

To count takes a minute, so the count is kept in the cache, and made anew whenever mail or code is another.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

from unburnt.core import named
from unburnt.core.language import LanguagePack
from unburnt.core.ordinary import Ordinary, Used, ordinary, used
from unburnt.world import models
from unburnt.world.corpus import Example, examples, paths, shipped
from unburnt.world.durably import write_durably

_CODE = ("*.py", "languages/*.toml", "*.toml")


def load(packs: tuple[LanguagePack, ...], *, data: Path | None = None, cache: Path | None = None) -> Ordinary:
    """The ordinary words of the shipped mail."""
    labelled = data or shipped()
    path = (cache or user_cache_path("unburnt")) / f"words-{_fingerprint(labelled)}.json"
    with suppress(OSError, ValueError, TypeError, AttributeError):  # there is none, or it is damaged
        return Ordinary(**{use: frozenset(words) for use, words in json.loads(path.read_bytes()).items()})
    found = ordinary((words_of(example, packs) for example in examples(labelled)), packs)
    with suppress(OSError):  # a cache that can't be written costs time, nothing else
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, json.dumps({use: sorted(words) for use, words in asdict(found).items()}).encode())
        for older in path.parent.glob("words-*.json"):
            if older != path:
                older.unlink(missing_ok=True)
    return found


def words_of(example: Example, packs: Iterable[LanguagePack]) -> Used:
    """What one labelled mail contributes: its words, without those of its header and its signature."""
    mail = example.mail
    names = named.header_words(mail) | named.signers(mail.text, tuple(packs))
    return used(f"{mail.envelope.subject}\n\n{mail.text}", example.language, names, named.greeted(mail.text))


def _fingerprint(labelled: Path) -> str:
    """Of the mail, and of all code that may read it."""
    digest = sha256(models.fingerprint(paths(labelled)).encode())
    core = Path(str(files("unburnt.core")))
    for source in (source for pattern in _CODE for source in sorted(core.glob(pattern))):
        digest.update(sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:32]
