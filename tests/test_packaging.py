"""The package as a stranger gets it: pinned, with its data inside, and free of where it was made."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_is_pinned() -> None:
    described = project()["project"]
    extras = described["optional-dependencies"].values()
    wanted = {name_of(r) for group in (described["dependencies"], *extras) for r in group} - {"coder"}
    assert wanted <= pinned().keys()


def test_constraints_are_names_and_versions_only() -> None:
    for name, version in pinned().items():
        assert re.fullmatch(r"[a-z0-9.-]+", name)
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version)


def test_no_copyleft_library_is_needed() -> None:
    assert not {"camel-tools", "farasapy", "pyarabic", "unidecode", "qalsadi", "tashaphyne"} & pinned().keys()


def test_the_citation_and_the_hooks_are_in_step() -> None:
    described = project()["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["license"]) == (described["version"], described["license"])
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        assert hook["entry"].split()[0] in described["scripts"]


def make(*arguments: str, path: str) -> "subprocess.CompletedProcess[str]":
    command = ["make", "-C", str(ROOT), *arguments]
    return subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('case "$2" in *version_info*) exit 1;; esac; echo Python 3.9.2', "Python 3.11 or newer is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "lacks the venv module"),
        ('case "$*" in *"pip install"*) exit 1;; esac', "the packages could not be installed"),
    ],
)
def test_make_says_what_is_missing(tmp_path: Path, script: str, message: str) -> None:
    python = tmp_path / "python3"
    python.write_text(f"#!/bin/sh\n{script}\nexit 0\n")
    python.chmod(0o755)
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(python)
    done = make("test", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}", path=os.environ["PATH"])
    assert done.returncode != 0
    assert message in done.stderr


def test_make_says_that_python_is_missing(tmp_path: Path) -> None:
    done = make("test", "PYTHON=python-of-nowhere", f"VENV={tmp_path}", path=os.environ["PATH"])
    assert "python-of-nowhere was not found" in done.stderr


PRINT = """
from coder.codebook import names
from coder.dataset.tables import arrow_schema
from coder.paths import data_dir

print(len(names("inter")), len(arrow_schema("events")), data_dir())
"""


@pytest.mark.slow
def test_the_wheel_holds_data_and_schemas_and_finds_them_anywhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("coder-*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    tracked = {path.relative_to(ROOT / "data") for path in (ROOT / "data").rglob("*.yaml")}
    packed = {path.relative_to(site / "coder" / "_data") for path in (site / "coder" / "_data").rglob("*.yaml")}
    assert tracked == packed
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["8", "41", str(site / "coder" / "_data")]
