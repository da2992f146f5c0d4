"""docs/cli.md has every command as it is typed and every option, and none that is not there. Pages name commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from maksa.cli import program

COMMON = {"--home", "--help"}  # documented once, at the top of the page


def commands(group: click.Group, path: tuple[str, ...] = ("maksa",)) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(program))


def usage(words: str, command: click.Command) -> str:
    """How the command is typed: `maksa lookup ID CODE [--version LABEL] [--json]`."""
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    return " ".join([words, *map(argument_usage, arguments), *map(option_usage, options_of(command))])


def argument_usage(argument: click.Argument) -> str:
    name = (argument.metavar or (argument.name or "").upper()).strip("[]")
    return name if argument.required else f"[{name}]"


def option_usage(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or 'N'}"
    text = f"{option.opts[0]}{value}{' …' if option.multiple else ''}"
    return text if option.required else f"[{text}]"


def options_of(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option) and each.opts[0] not in COMMON]


@pytest.fixture(scope="module")
def sections(pages) -> dict[str, str]:
    """The page's sections by command."""
    parts = re.split(r"^### (maksa [\w ]+)$", pages["docs/cli.md"], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_has_every_command_and_no_other(sections):
    """A command that is added is documented, or the build fails."""
    assert set(sections) == set(COMMANDS)
    assert len(COMMANDS) >= 18


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_documented_as_it_is_typed(sections, words):
    """Arguments and options in their order, what may be left out in brackets."""
    documented = sections[words].partition("```\n")[2].partition("\n```")[0]

    assert documented == usage(words, COMMANDS[words])


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_has_its_line(sections, words):
    """In the table of its command; --json is explained once for all."""
    explained = re.findall(r"^\| `(--[\w-]+)` \| \S", sections[words], re.MULTILINE)

    assert explained == [each.opts[0] for each in options_of(COMMANDS[words]) if each.opts[0] != "--json"]


def test_every_option_has_a_word_of_help():
    """What `--help` shows is never a bare name."""
    silent = [
        f"{words} {each.opts[0]}"
        for words, command in COMMANDS.items()
        for each in options_of(command)
        if not each.help
    ]

    assert silent == []
    assert [words for words, command in COMMANDS.items() if not command.help] == []


def test_every_page_names_commands_and_options_that_exist(pages):
    """Lines to paste, in any page: `$ maksa load … --version 1`."""
    wrong = []
    for page, text in pages.items():
        for line in re.findall(r"^\$ (maksa .*)$", text, re.MULTILINE):
            name = next((words for words in COMMANDS if f"{line} ".startswith(f"{words} ")), None)
            known = {"--home", *(each.opts[0] for each in options_of(COMMANDS[name]))} if name else set()
            if name is None or set(re.findall(r"--[\w-]+", line)) - known:
                wrong.append(f"{page}: {line}")

    assert wrong == []
