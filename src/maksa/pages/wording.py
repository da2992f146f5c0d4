"""The words of all pages: one catalogue for each language, `wording/fa.toml` and `wording/en.toml`, with the same keys.

Rules of this file:
- a key is «section.name»; a section is a page, or a part that several pages have;
- a wording is text, not HTML: what is put into its `{places}` is escaped, unless it is markup already;
- a key that is missing is a mistake of ours: KeyError, and the tests find it before a reader does.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from markupsafe import Markup, escape

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")
DIRECTIONS: dict[Language, str] = {"fa": "rtl", "en": "ltr"}


class Wording:
    """The catalogue of one language. Call it with a key: `t("unit.bytes", n=5)`."""

    def __init__(self, language: Language, texts: dict[str, str]) -> None:
        self.language = language
        self.direction = DIRECTIONS[language]
        self.texts = texts

    def __call__(self, key: str, **values: object) -> Markup:
        """The wording as markup, *values* escaped into its places. Raises: KeyError."""
        return escape(self.texts[key]).format(**values) if values else escape(self.texts[key])

    def text(self, key: str, **values: object) -> str:
        """The wording as plain text, for what is no HTML: a file's name, a header, a feed. Raises: KeyError."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def or_none(self, key: str) -> Markup | None:
        """The wording of a word that may have none, such as a property's name in a list; None for one without."""
        return escape(self.texts[key]) if key in self.texts else None


@cache
def wording_of(language: Language) -> Wording:
    """The catalogue of *language*, read once."""
    content = files(__package__).joinpath("wording", f"{language}.toml").read_text("utf-8")
    sections: dict[str, dict[str, str]] = tomllib.loads(content)
    texts = {f"{section}.{name}": text for section, names in sections.items() for name, text in names.items()}
    return Wording(language, texts)
