"""What FHIR's tests share: resources written as files, in bundles and in packages, and a load of one."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maksa.loaders.fhir import FhirSource
from tests.loaders.conftest import Loaded

Resource = dict[str, Any]


def code_system(**members: Any) -> Resource:
    return {
        "resourceType": "CodeSystem",
        "id": "colours",
        "url": "http://example.org/colours",
        "content": "complete",
        "concept": [{"code": "red", "display": "Red"}],
    } | members


def load_fhir(path: Path, terminology_id: str = "colours", **options: Any) -> Loaded:
    with FhirSource(path, terminology_id=terminology_id, **options) as source:
        return Loaded(list(source.concepts()), source.report())


def packed(files: dict[str, bytes]) -> bytes:
    """An NPM package of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as package:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Loaded]:
    """Loads a resource given as such, as bytes, or as a path."""

    def loaded(resource: Resource | bytes | Path, terminology_id: str = "colours", **options: Any) -> Loaded:
        path = resource if isinstance(resource, Path) else tmp_path / "file"
        if isinstance(resource, dict):
            path.write_text(json.dumps(resource, ensure_ascii=False), "utf-8")
        elif isinstance(resource, bytes):
            path.write_bytes(resource)
        return load_fhir(path, terminology_id, **options)

    return loaded
