"""Which words are ordinary: counted in the labelled mail that ships with the program, whose names are invented.

To count takes a minute, so the count is kept in the cache, and made anew whenever mail or code is another.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from platformdirs import user_cache_path

from unburnt.core import named
from unburnt.core.language import LanguagePack
from unburnt.core.ordinary import Ordinary, Used, ordinary, used
from unburnt.world.corpus import Example, examples, paths, shipped
from unburnt.world.durably import write_instead
from unburnt.world.fingerprint import fingerprint

_CODE = ("*.py", "*.toml", "languages/*.toml")  # all that may read it


def load(packs: tuple[LanguagePack, ...], *, data: Path | None = None, cache: Path | None = None) -> Ordinary:
    """The ordinary words of the shipped mail."""
    labelled = data or shipped()
    directory = cache or user_cache_path("unburnt")
    path = directory / f"words-{fingerprint(paths(labelled), _CODE, directory)}.json"
    with suppress(OSError, ValueError, TypeError, AttributeError):  # there is none, or it is damaged
        return Ordinary(**{use: frozenset(words) for use, words in json.loads(path.read_bytes()).items()})
    found = ordinary((words_of(example, packs) for example in examples(labelled)), packs)
    with suppress(OSError):  # a cache that can't be written costs time, nothing else
        kept = {use: sorted(words) for use, words in asdict(found).items()}
        write_instead("words-*.json", path, json.dumps(kept).encode())
    return found


def words_of(example: Example, packs: Iterable[LanguagePack]) -> Used:
    """What one labelled mail contributes: its words, without those of its header and its signature."""
    mail = example.mail
    names = named.header_words(mail) | named.signers(mail.text, tuple(packs))
    return used(f"{mail.envelope.subject}\n\n{mail.text}", example.language, names, named.greeted(mail.text))
