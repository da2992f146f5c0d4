"""docs/settings.md has every setting with its default, its variable and what it does, and none that is not there."""

from __future__ import annotations

import json
import tomllib

import msgspec

from maksa.settings import PREFIX, Settings, described


def test_every_setting_is_documented_as_the_code_describes_it(table):
    """A row of the table: default, variable, description."""
    documented = table("docs/settings.md", cells=3)

    expected = {
        each.name: [f"`{as_toml(each.default)}`", f"`{each.variable}`", each.description] for each in described()
    }
    assert documented == expected


def test_the_example_is_a_settings_file(pages):
    """What an operator copies from the page is read without a fault, and changes something."""
    example = pages["docs/settings.md"].partition("```toml\n")[2].partition("```")[0]
    settings = msgspec.convert(tomllib.loads(example), Settings)

    assert settings != Settings()
    assert f"{PREFIX}PORT" in pages["docs/settings.md"]


def as_toml(value: object) -> str:
    """A default as maksa.toml would say it."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)
