"""The labelled mail that ships, read once for all tests that look at it."""

from functools import cache

from unburnt.world.corpus import Example, examples, shipped


@cache
def labelled() -> tuple[Example, ...]:
    return tuple(examples(shipped()))
