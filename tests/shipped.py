"""The labelled mail that ships, read once for all tests that look at it."""

from functools import cache

from unburnt.world.corpus import Example, example, examples, marks, paths, shipped


@cache
def labelled() -> tuple[Example, ...]:
    """All of it."""
    return tuple(examples(shipped()))


def some_of(number: int) -> tuple[Example, ...]:
    """So many, taken evenly: of every language, label and round of writing."""
    all_of_it, marked = paths(shipped()), marks(shipped())
    return tuple(example(all_of_it[at * len(all_of_it) // number], marked) for at in range(number))
