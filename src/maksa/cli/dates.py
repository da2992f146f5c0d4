"""Dates as they are typed in a command. One that is none was mistyped: the message names the option, the exit code is 2."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import click

from maksa.model.errors import MalformedParameterError
from maksa.wire.dates import TEHRAN, read_calendar_date, read_date, read_letter_date

D = TypeVar("D")


def moment_of(text: str, name: str) -> dt.datetime:
    """The moment that *text*, given for the option or argument *name*, means. Raises: click.BadParameter."""
    return _typed(read_date, text, name)


def day_of(text: str, name: str) -> dt.date:
    """The day that *text* names. Raises: click.BadParameter, for a time of day too."""
    return _typed(read_calendar_date, text, name)


def letter_day_of(text: str, name: str) -> dt.date:
    """The date of a letter that has been written, by Tehran's calendar of today. Raises: click.BadParameter."""
    today = dt.datetime.now(TEHRAN).date()
    return _typed(lambda given: read_letter_date(given, today=today), text, name)


def _typed(read: Callable[[str], D], text: str, name: str) -> D:
    try:
        return read(text)
    except MalformedParameterError as error:
        raise click.BadParameter(error.message, ctx=click.get_current_context(), param_hint=f"'{name}'") from error
