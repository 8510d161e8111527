"""The command line: every option explained, exit codes, messages instead of tracebacks, safe output."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fake_coder
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from coder import cli
from coder.dataset import build as build_module
from coder.dataset.workers import Engine
from coder.show import claim_json, legible, print_claims

ROOT = Path(__file__).parent.parent
runner = CliRunner()

TEXT = """outlet: AFP
published: 2016-06-15
title: Shells

The army shelled the old town of Aleppo on Tuesday.
"""
HELP = """
import sys
from coder.cli import main

sys.argv = ["coder", "--help"]
try:
    main()
except SystemExit:
    print({"pandas", "pyarrow", "pandera", "yaml"} & set(sys.modules))
"""


@pytest.fixture(autouse=True)
def _tiny_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    def engine(overlays: tuple[Path, ...]) -> Engine:
        return Engine(fake_coder.code_article, fake_coder.load, overlays)

    monkeypatch.setattr(build_module, "default_engine", engine)


def call(*arguments: object, code: int = 0, stdin: str | None = None) -> str:
    """The output of a call that ends with the exit code ``code``."""
    result = runner.invoke(cli.app, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert isinstance(result.exception, cli._expected()), result.exception
        assert code == 2
        return str(result.exception)
    assert result.exit_code == code, result.output
    return str(result.output)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def dataset(article: Path, tmp_path: Path) -> Path:
    call("build", article, "-o", tmp_path / "out", "--workers", 1, "--quiet")
    return tmp_path / "out"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, those of groups too."""

    def below(prefix: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", {})
        if not inner:
            yield prefix, command
        for name, child in inner.items():
            yield from below(f"{prefix} {name}", child)

    group = get_command(cli.app)
    for name in cli.COMMANDS:
        yield from below(name, group.get_command(None, name))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_is_explained(name: str, command: Any) -> None:
    documentation = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert command.help
    assert f"## coder {name}\n" in documentation
    section = documentation.split(f"## coder {name}\n")[1].split("\n## ")[0]
    for parameter in command.params:
        assert parameter.help, parameter.name
        options = [o for o in parameter.opts if o.startswith("--")]
        for shown in options or [parameter.metavar or parameter.name.upper()]:
            assert f"`{shown}`" in section, shown


def test_help_names_every_command() -> None:
    printed = call("--help")
    assert all(name in printed for name in cli.COMMANDS)
    assert call("--version").startswith("coder ")


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_build_says_what_it_made(article: Path, tmp_path: Path) -> None:
    printed = call("build", article, "-o", tmp_path / "out", "--workers", 1, "--json")
    assert json.loads(printed)["claims"] == 1
    again = call("build", article, "-o", tmp_path / "out", "--workers", 1, "-q")
    assert again == f"{tmp_path / 'out'}: 1 articles (1 taken over), 1 claims, 0 rejects\n"


def test_build_without_a_single_article_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("no json\n")
    printed = call("build", tmp_path / "a.jsonl", "-o", tmp_path / "out", "--workers", 1, "-q", code=1)
    assert "no article could be read or coded" in printed
    assert (tmp_path / "out" / "rejects.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "{tmp}/gone", "-o", "{tmp}/out"], "gone: no such file or folder; check the name"),
        (["build", "{tmp}/article.txt"], "--out"),
        (["build", "{tmp}/article.txt", "-o", "{tmp}/out", "--published", "June"], "June"),
        (["build", "{tmp}/article.txt", "-o", "{tmp}"], "other files in it"),
        (["build", "{tmp}/article.txt", "-o", "{tmp}/article.txt/x"], "cannot be"),
        (["code", "{tmp}/gone.txt"], "gone.txt: no such file; name a file, or - for standard input"),
        (["validate", "{tmp}/gone"], "no such file or folder"),
        (["validate", "{tmp}"], "holds no table"),
        (["validate", "{tmp}/article.txt"], "unknown kind of file; expected one of: .parquet, .csv"),
        (["validate", "{tmp}/broken.parquet"], "cannot be read"),
        (["validate", "{tmp}/other.csv"], "which table is it?"),
        (
            ["validate", "{tmp}/other.csv", "--table", "sheep"],
            "sheep: no such table; expected one of: articles",
        ),
        (["codebook", "colours"], "no vocabulary 'colours'; legal: disorder_types"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_wrong_call_ends_with_two_and_a_remedy(
    arguments: list[str], message: str, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not really")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    printed = call(*(argument.format(tmp=tmp_path) for argument in arguments), code=2)
    assert message in " ".join(printed.split())


def test_main_prints_an_expected_error_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["coder", "code", "gone.txt"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "error: gone.txt: no such file; name a file, or - for standard input\n"


def test_validate_accepts_what_build_made(dataset: Path) -> None:
    assert call("validate", dataset).startswith("valid: 1 articles, 1 claims")
    assert json.loads(call("validate", dataset, "--format", "json"))["valid"] is True
    assert call("validate", dataset, "--format", "github") == ""
    assert "valid" in call("validate", dataset / "claims.csv")


def test_validate_names_file_row_value_and_rule(dataset: Path) -> None:
    path = dataset / "claims.csv"
    path.write_text(path.read_text().replace('"asserted"', '"maybe"'))
    printed = call("validate", path, code=1)
    assert f"{path} row 1" in printed
    assert "modality 'maybe' expected one of: asserted" in printed
    (failure,) = json.loads(call("validate", path, "--format", "json", code=1))["failures"]
    assert (failure["table"], failure["row"], failure["column"], failure["rule"]) == (
        "claims",
        0,
        "modality",
        "isin",
    )
    assert call("validate", path, "--format", "github", code=1).startswith(f"::error file={path},line=2::")


def test_a_file_of_another_name_is_told_by_its_columns(dataset: Path, tmp_path: Path) -> None:
    other = tmp_path / "download.csv"
    other.write_text((dataset / "claims.csv").read_text())
    assert call("validate", other).startswith("valid: 1 claims")
    assert call("validate", other, "--table", "claims").startswith("valid: 1 claims")


def test_a_github_message_stays_on_its_line() -> None:
    from coder.commands.validate import _escaped

    assert _escaped("50%\n::error::x") == "50%25%0A::error::x"


def test_code_shows_values_with_their_evidence(article: Path) -> None:
    printed = call("code", article)
    assert "Aleppo" in printed
    assert "fake.rule" in printed
    assert "1 State forces" in printed
    assert "The army shelled the old town of Aleppo on Tuesday." in printed


def test_code_reads_standard_input() -> None:
    (line,) = call("code", "-", "--json", "--outlet", "AFP", stdin=TEXT).splitlines()
    claim = json.loads(line)
    assert claim["event_type"] == "Explosions/Remote violence"
    assert (claim["inter1"], claim["inter2"], claim["interaction"]) == (1, 7, "State forces-Civilians")
    assert {"column", "start", "end", "text", "rule"} == set(claim["evidence"][0])


def test_code_reports_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("no json\n")
    assert "error: a.jsonl" in call("code", tmp_path / "a.jsonl", code=1)


def test_codebook_prints_vocabularies() -> None:
    assert "sub_event_types (25)" in call("codebook")
    assert json.loads(call("codebook", "inter", "--json"))[0]["code"] == 1
    assert "Grenade" in call("codebook", "sub_event_types")
    assert json.loads(call("codebook", "--json"))["vocabularies"]["sub_event_types"] == 25


def test_foreign_text_is_made_safe_to_show() -> None:
    assert legible("a\x1b[31mred\x07\u202eb\r\nc") == "a[31mredb  c"
    assert legible("قصف حي\u202e") == "\u2068قصف حي\u2069"
    assert legible("[bold]x[/bold]") == "[bold]x[/bold]"


def test_hostile_text_reaches_the_terminal_as_text() -> None:
    from io import StringIO

    from rich.console import Console

    from coder.model import Article

    body = "The army shelled\x1b]0;owned\x07 [link=file:///x]the town[/link]."
    article = Article("a", None, None, None, None, None, "en", body, ())
    claims = fake_coder.code_article(article, fake_coder.FakeKnowledge())
    out = StringIO()
    print_claims(article, claims, Console(file=out, width=200, force_terminal=False))
    printed = out.getvalue()
    assert "\x1b" not in printed and "\x07" not in printed
    assert "[link=file:///x]the town[/link]" in printed
    assert json.loads(claim_json(claims[0]))["text"] == body
