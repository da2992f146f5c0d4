"""maksa: a health terminology server, wire-compatible with MAKSA behind the DITAS gateway."""

__version__ = "0.1.0"
