"""`python -m unburnt` is the command."""

from unburnt.cli import main

main()
