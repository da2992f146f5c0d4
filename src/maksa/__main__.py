"""`maksa`, and `python -m maksa`: the command line."""

from __future__ import annotations

import sys


def run() -> None:
    """The command line. Ctrl-C is answered while its modules are still being imported, too."""
    try:
        from maksa.cli import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("maksa: interrupted; nothing was left half done\n")
        sys.exit(130)


if __name__ == "__main__":
    run()
