"""Jinja2 templates of text, in a sandbox: users write their own, and values come from strangers' mail."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, meta
from jinja2.sandbox import SandboxedEnvironment

_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # plain text, never HTML


def render(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values; an unknown name is an error, since a gap in a letter is worse than no letter."""
    return _compiled(template).render(values)


def names_in(template: str) -> set[str]:
    """The names that a template uses; TemplateSyntaxError when it is none."""
    return set(meta.find_undeclared_variables(_ENVIRONMENT.parse(template)))


@lru_cache(maxsize=4096)
def _compiled(template: str) -> Template:
    return _ENVIRONMENT.from_string(template)
