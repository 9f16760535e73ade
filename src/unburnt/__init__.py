"""Unburnt keeps bridges unburnt."""

__version__ = "0.1.0"
