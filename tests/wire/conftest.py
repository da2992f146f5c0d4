"""The wire's tests: no server, no file but the samples of the guide. A golden pair stands for each function and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from maksa.model.errors import RequestError
from maksa.wire.ditas.functions import Function

_EXAMPLES = Path(__file__).parents[3] / "shared/spec/examples.json"


def examples() -> list[dict[str, Any]]:
    """Every sample of the guide as a request and its answer; none where the contract is not beside the repository."""
    return json.loads(_EXAMPLES.read_text(encoding="utf-8"))["examples"] if _EXAMPLES.exists() else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "example" in metafunc.fixturenames:
        found = [pytest.param(each, id=each["name"]) for each in examples()]
        skip = pytest.mark.skip(reason="../shared/spec/examples.json is not beside the repository")
        metafunc.parametrize("example", found or [pytest.param(None, marks=skip, id="none")])


@pytest.fixture
def violations():
    """The (field, message) pairs with which a function refuses a body or a query."""

    def of(function: Function[Any], body: bytes = b"", *, query: bytes | None = None) -> list[tuple[str, str]]:
        with pytest.raises(RequestError) as caught:
            function.read(body) if query is None else function.read_query(query)
        return list(caught.value.violations)

    return of
