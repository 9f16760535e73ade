"""Starters of real mail servers on loopback, and a proxy that misbehaves."""
