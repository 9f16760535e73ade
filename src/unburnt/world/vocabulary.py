"""Which words are ordinary: counted in the labelled mail that ships with the program, whose names are invented."""

from collections.abc import Iterable

from unburnt.core import named
from unburnt.core.language import LanguagePack
from unburnt.core.ordinary import Ordinary, Used, ordinary, used
from unburnt.world.corpus import Example, examples, shipped


def load(packs: tuple[LanguagePack, ...]) -> Ordinary:
    """The ordinary words of the shipped mail."""
    return ordinary((words_of(example, packs) for example in examples(shipped())), packs)


def words_of(example: Example, packs: Iterable[LanguagePack]) -> Used:
    """What one labelled mail contributes: its words, without those of its header and its signature."""
    mail = example.mail
    names = named.header_words(mail) | named.signers(mail.text, tuple(packs))
    return used(f"{mail.envelope.subject}\n\n{mail.text}", example.language, names, named.greeted(mail.text))
