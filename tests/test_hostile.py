"""Hostile articles: no crash, no hang, nothing outside the release folder, nothing that a terminal obeys."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from building import article, rows, run, write_jsonl
from fuzz.targets import TARGETS, article_of, roles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coder import cli
from coder.coding.batch import articles_to_batch, batch_to_articles, claims_of, code_batch
from coder.coding.code import code_article
from coder.dataset.build import Options, build, load_knowledge
from coder.dataset.files import open_dataset
from coder.dataset.validate import validate
from coder.model import Article
from coder.reading import tag_parts

EXAMPLES = {"validating": 5, "reading": 40, "page": 40}

HOSTILE = {
    "formula": '=HYPERLINK("http://a.example","x") The army shelled Aleppo on Monday, killing 5 civilians.',
    "escape": "\x1b]0;title\x07\x1b[2J The army shelled Aleppo on Monday, killing 5 civilians.",
    "markup": "<script>alert(1)</script></table> The army shelled Aleppo on Monday, killing 5 civilians.",
    "turned": "\u202eThe army shelled Aleppo\u2066 on Monday, killing 5 civilians.\u2069\u202c",
    "quoted": "“" * 300 + "The army shelled Aleppo on Monday, killing 5 civilians." + "“«(" * 300,
    "rich": "[bold red]The army[/] shelled Aleppo on Monday, [link=file:///etc/passwd]killing 5[/link] civilians.",
    "blank": "\u2003\u200b\ufeff\u2060",
    "marks": "a" + "\u0301" * 3_000 + " ق" + "\u064b" * 3_000 + "صف الجيش حلب",
    "digits": "9" * 4_000 + " killed, " + "1," * 2_000 + " " + "٩" * 4_000,
    "scales": "Three " + "hundred " * 400 + "million " * 4_000 + "civilians in Aleppo. " + "مائة " * 400,
    "line": "The army shelled Aleppo " * 500,
}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_random_input_breaks_no_promise(name: str) -> None:
    @settings(
        max_examples=EXAMPLES.get(name, 150), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.binary(max_size=300))
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    holds()


def hostile_records() -> list[dict[str, str]]:
    ids = ["../../up", "/etc/passwd", "C:\\x", "a b", "%2e%2e", "=1+1", "<b>", ".hidden", "ا\u202eب", "con", "~"]
    names = ["../outlet", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "\x1b[31mred", "AFP\u202e"] * 3
    found = []
    for (kind, text), article_id, outlet in zip(HOSTILE.items(), ids, names[: len(ids)], strict=True):
        record = article(0) | {"article_id": article_id, "outlet": outlet, "text": text, "title": f"{kind} =1"}
        found.append(record)
    return found


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    source = write_jsonl(folder / "in" / "a.jsonl", hostile_records())
    report = build([source], folder / "out", Options(workers=1))
    assert report.counts.records == len(HOSTILE)
    assert sorted(path.name for path in folder.iterdir()) == ["in", "out"]
    return folder / "out"


def test_hostile_articles_are_coded_stored_and_valid(release: Path) -> None:
    dataset = open_dataset([release])
    assert validate(dataset.frames) == []
    articles, rejects = rows(release, "articles"), rows(release, "rejects")
    assert len(articles) + len(rejects) == len(HOSTILE)
    assert {path.suffix for path in release.iterdir()} <= {".parquet", ".csv", ".json"}
    texts = {row["article_id"]: row["text"] for row in articles}
    assert texts["../../up"] == f"formula =1\n{HOSTILE['formula']}"


def test_what_is_shown_holds_no_escape_and_no_markup_of_ours(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", hostile_records())
    result = CliRunner().invoke(cli.app, ["code", str(source)])
    assert "\x1b]" not in result.output and "\x1b[2J" not in result.output and "\u202e" not in result.output
    assert "[bold red]The army[/]" in result.output.replace("\n", " ")


def test_the_build_prints_a_hostile_name_safely(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J.txt"
    path.write_text("The army shelled Aleppo on Monday.")
    result = CliRunner().invoke(cli.app, ["build", str(path) + "gone", "-o", str(tmp_path / "out")])
    assert result.exception is not None
    report = run(path, tmp_path / "out")
    assert report.counts.records == 1


def test_a_batch_goes_to_arrow_and_back() -> None:
    articles = [article_of(bytes([n, n + 1, 5, *range(60)])) for n in range(20)]
    articles = [Article(**{**_fields(a), "article_id": f"a{n}"}) for n, a in enumerate(articles)]
    batch = articles_to_batch(articles)
    assert batch_to_articles(batch) == articles
    assert batch_to_articles(pa.RecordBatch.from_pylist(batch.to_pylist(), batch.schema)) == articles
    coded = code_batch(batch, load_knowledge(()))
    assert coded["article_id"].to_pylist() == [a.article_id for a in articles]
    assert coded["error"].null_count == len(articles)
    claims, evidence = claims_of(coded)
    expected = [claim for a in articles for claim in code_article(a, load_knowledge(()))]
    assert claims["claim_id"].to_pylist() == [claim.claim_id for claim in expected]
    assert evidence["text"].to_pylist() == [e.text for claim in expected for e in claim.evidence]


def _fields(given: Article) -> dict[str, object]:
    return {name: getattr(given, name) for name in Article.__slots__}


def _seconds(action: Callable[[], object]) -> float:
    """Processor time of the quickest of two runs."""
    best = 1e9
    for _ in range(2):
        begin = time.process_time()
        action()
        best = min(best, time.process_time() - begin)
    return best


SENTENCES = {
    "en": "On {day} March {year} gunmen attacked a checkpoint near Mosul, killing {n} soldiers, police said. ",
    "ar": "قال مصدر أمني إن مسلحين هاجموا نقطة تفتيش قرب الموصل في {day} آذار {year} وقتلوا {n} جنود. ",
}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_cost_grows_with_the_length_and_not_with_its_square(language: str) -> None:
    def made(count: int) -> Article:
        each = (SENTENCES[language].format(day=n % 28 + 1, year=2000 + n % 20, n=n % 30 + 2) for n in range(count))
        text = "".join(sentence + "\n" * (n % 4 == 3) for n, sentence in enumerate(each))
        parts = tag_parts(text, None, roles())
        return Article("a", "AFP", None, None, None, None, language, text, parts)

    knowledge = load_knowledge(())
    code_article(made(4), knowledge)
    short, long = made(50), made(200)
    once = _seconds(lambda: code_article(short, knowledge))
    assert _seconds(lambda: code_article(long, knowledge)) < 9 * once


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_texts_are_coded_in_reasonable_time(kind: str) -> None:
    text = HOSTILE[kind]
    for language in ("ar", "en"):
        given = Article("a", "AFP", None, None, None, None, language, text, tag_parts(text, None, roles()))
        begin = time.process_time()
        claims = code_article(given, load_knowledge(()))
        assert time.process_time() - begin < 10
        json.dumps([claim.text for claim in claims])
