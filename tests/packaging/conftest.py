"""The wheel, built from this checkout; and a Python that has it with its base dependencies, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKER = """
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    blocked = set({blocked!r})

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.blocked:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name.partition(".")[0])

sys.meta_path.insert(0, Blocker())
sys.path.insert(0, {wheel!r})
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `pip install maksa` gets it; no network is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that an installation of the wheel puts on the path."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def needed(of: Distribution, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """What *of* needs always, and what that needs in its turn, by name: no extra of anything."""
    for line in of.requires or []:
        requirement, _, marker = line.partition(";")
        name = re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~(]", requirement)[0]).lower()
        if "extra ==" in marker or name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another system or Python: its marker says so
            continue
        needed(found[name], found)
    return found


@pytest.fixture(scope="session")
def light(unpacked: Path):
    """Runs a script in a process of its own, where whatever `pip install maksa` does not bring cannot be imported."""
    (facts,) = unpacked.glob("*.dist-info")
    brought = needed(Distribution.at(facts), {})
    blocked = {
        package
        for package, names in packages_distributions().items()
        if package != "maksa" and {re.sub(r"[-_.]+", "-", name).lower() for name in names}.isdisjoint(brought)
    }
    head = BLOCKER.format(blocked=sorted(blocked), wheel=str(unpacked))

    def run(script: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", head + script, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd, check=False)

    return run
