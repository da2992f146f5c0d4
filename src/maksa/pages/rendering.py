"""Templates to bytes: Jinja, one environment for each language, autoescape on, nothing undefined.

Rules of this file:
- a template is compiled once in the life of a process and never looked for again;
- what templates may call is listed here: the wording `t`, `asset`, and the filters of `formatting`.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import BaseLoader, BytecodeCache, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from maksa.pages.assets import assets
from maksa.pages.formatting import Formats
from maksa.pages.marking import marked
from maksa.pages.wording import LANGUAGES, Language, wording_of


class _Compiled(BytecodeCache):
    """What one language's environment has compiled, for the other's: half of the work at the start."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Renderer:
    """The templates of a site: its own, in *package*'s folder `templates`, and those of `pages` behind them."""

    def __init__(self, package: str) -> None:
        loader = ChoiceLoader([PackageLoader(package), PackageLoader("maksa.pages")])
        compiled = _Compiled()
        self._environments = {language: _environment(loader, language, compiled) for language in LANGUAGES}

    def page(self, template: str, language: Language, values: Mapping[str, object]) -> bytes:
        """The template filled with *values*, as UTF-8. Raises: what Jinja raises, for a mistake of ours."""
        return self._environments[language].get_template(template).render(values).encode()

    def compile(self) -> None:
        """Compiles every template of both languages now, so that no reader waits for it."""
        for environment in self._environments.values():
            for name in environment.list_templates(extensions=["html", "xml"]):
                environment.get_template(name)


def _environment(loader: BaseLoader, language: Language, compiled: BytecodeCache) -> Environment:
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False, cache_size=-1,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=compiled,
    )  # fmt: skip
    wording = wording_of(language)
    made.globals.update(t=wording, asset=assets(), language=language, direction=wording.direction)
    made.filters["marked"] = marked
    made.filters.update(Formats(wording).filters())
    return made
