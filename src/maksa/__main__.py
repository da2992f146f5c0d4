"""`python -m maksa`: the command line."""

from maksa.cli import main

main()
