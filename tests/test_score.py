"""Agreement: pairing, F1, kappa, alpha against worked examples; gold files and our own tables."""

import json
from pathlib import Path
from typing import Any

import pytest
import small_dataset
from typer.testing import CliRunner

from coder import cli
from coder.agreement import codings
from coder.agreement.fields import same_name, same_words
from coder.agreement.score import EXTRA, MISSED, best_pairs, chance_corrected, score
from coder.dataset.folder import Folder

runner = CliRunner()


def gold_file(folder: Path, **changed: Any) -> Path:
    """The events of the small dataset as a gold file beside its articles, the first claim changed."""
    lines: dict[str, list[dict[str, Any]]] = {a["article_id"]: [] for a in small_dataset.ARTICLES}
    for claim in small_dataset.claims():
        if claim["kind"] != "event":
            continue
        named = {
            "quote": claim["text"],
            "modality": claim["modality"],
            "claimant_text": "",
            "claimant_type": claim["claimant_type"],
            "outlet": claim["source_outlet"],
            "claimant_side": "none",
            "fat_low": claim.get("fatalities_low"),
            "fat_high": claim.get("fatalities_high"),
            "inj_low": None,
            "inter1": claim["inter1"],
            "inter2": claim["inter2"],
            "date_start": str(claim["date_start"]),
            "date_end": str(claim["date_end"]),
            **{
                key: claim.get(key)
                for key in ("event_type", "sub_event_type", "actor1", "actor2", "location", "country")
            },
        }
        lines[claim["article_id"]].append(named)
    lines["a1"][0] |= changed
    path = folder / "gold.jsonl"
    rows = [{"article_id": article, "claims": claims} for article, claims in lines.items()]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    texts = [
        {"id": a["article_id"], "title": a["title"], "text": a["text"].split("\n", 1)[1]}
        for a in small_dataset.ARTICLES
    ]
    (folder / "gold_articles.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_dataset.write(tmp_path / "data")


def compared(gold: Path, coded: Path) -> Any:
    articles = codings.beside(gold)
    texts = codings.read_texts(articles) if articles else {}
    return score(codings.read_coding(gold, texts), codings.read_coding(coded, texts))


def test_a_coding_agrees_with_itself(folder: Path) -> None:
    found = compared(folder, folder)
    assert (found.gold, found.coded, found.paired) == (5, 5, 5)
    assert found.mean == found.detect == 1
    assert found.fields["event_type"].kappa == found.fields["event_type"].alpha == 1


def test_gold_is_compared_by_the_names_of_the_codebook(folder: Path, tmp_path: Path) -> None:
    found = compared(gold_file(tmp_path), folder)
    assert found.paired == 5
    assert found.fields["inter1"].f1 == found.fields["inter2"].f1 == 1
    assert found.fields["fatalities"].f1 == found.fields["date"].f1 == 1


def test_one_wrong_value_costs_one_pair(folder: Path, tmp_path: Path) -> None:
    found = compared(gold_file(tmp_path, event_type="Protests", fat_low=50), folder)
    assert found.fields["event_type"].among_pairs == 4 / 5
    assert found.fields["sub_event_type"].f1 == 4 / 5
    assert found.fields["country"].f1 == 1
    assert found.confusions["event_type"]["Protests", "Battles"] == 1
    assert found.fields["fatalities"].alpha < 1


def test_missed_and_invented_claims_cost_every_field(folder: Path, tmp_path: Path) -> None:
    fewer = [c for c in small_dataset.claims() if c["claim_id"] != "a1:2"]
    coded = small_dataset.write(tmp_path / "fewer", claims=fewer)
    found = compared(folder, coded)
    assert (found.precision, found.recall) == (1, 4 / 5)
    assert found.fields["country"].f1 == found.detect == 8 / 9
    assert found.confusions["modality"]["denied", MISSED] == 1
    assert compared(coded, folder).confusions["modality"][EXTRA, "denied"] == 1


def test_the_pairing_is_the_best_one_not_the_first() -> None:
    def at(event_type: str) -> dict[str, Any]:
        return {"start": 0, "end": 9, "event_type": event_type}

    assert best_pairs([at("Battles"), at("Riots")], [at("Riots"), at("Battles")]) == {0: 1, 1: 0}
    assert best_pairs([{"start": 0, "end": 3}], [{"start": 3, "end": 5}]) == {}


def test_kappa_and_alpha_of_worked_examples() -> None:
    labels = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    kappa, _ = chance_corrected(labels)
    assert kappa == pytest.approx(0.4)
    binary = [(0, 1), (1, 1), (0, 1), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)]
    _, alpha = chance_corrected(binary)
    assert alpha == pytest.approx(0.095, abs=5e-4)
    assert chance_corrected([("a", "a")]) == (None, None)
    assert chance_corrected([(3, 3), (10, 10)], ratio=True) == (None, 1)


def test_names_and_wordings() -> None:
    assert same_name("Military Forces of Libya (2014-2021)", "Military Forces of Libya (2021-)")
    assert not same_name("Islamic State (Libya)", "Islamic State (Iraq)")
    assert same_words("والقوّات الحكومية", "قوات حكومية")
    assert not same_words("", "the army")
    assert same_words(None, "")


def test_tables_of_claims_are_codings_too(folder: Path) -> None:
    for name in ("claims.parquet", "claims.csv"):
        assert compared(folder, folder / name).mean == 1


@pytest.mark.parametrize("kinds", [("State forces", "Rebel group"), ("State Forces", "Rebel Groups"), ("1", "2.0")])
def test_kinds_of_sides_may_have_the_names_that_others_use(
    folder: Path, tmp_path: Path, kinds: tuple[str, str]
) -> None:
    first = {**small_dataset.claims()[0], "inter1": kinds[0], "inter2": kinds[1]}
    path = tmp_path / "claims.jsonl"
    path.write_text(json.dumps(first, default=str), encoding="utf-8")
    found = compared(folder, path)
    assert found.fields["inter1"].among_pairs == found.fields["inter2"].among_pairs == 1


def test_a_claim_a_line_is_a_coding_too(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    rows = Folder(folder).rows("claims")
    path.write_text("\n".join(json.dumps(row, default=str) for row in rows), encoding="utf-8")
    assert compared(folder, path).mean == 1


def test_command_prints_tables_and_json(folder: Path, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, event_type="Protests")
    shown = runner.invoke(cli.app, ["score", str(gold), str(folder), "--errors", "3"])
    assert shown.exit_code == 0, shown.output
    assert "5 and 5 claims, 5 pairs" in shown.output
    assert "DIFFERS a1" in shown.output
    content = json.loads(runner.invoke(cli.app, ["score", str(gold), str(folder), "--json"]).output)
    assert content["fields"]["event_type"]["f1"] == 0.8
    assert {"gold": "Protests", "coded": "Battles", "claims": 1} in content["confusions"]["event_type"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: is no claim"),
        ('{"article_id": "zz", "claims": [{"quote": "x"}]}', "zz: its text is not there"),
        ('{"article_id": "a1", "claims": [{"quote": "never said"}]}', "is not in the article"),
    ],
)
def test_what_cannot_be_read_is_said(folder: Path, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(codings.CodingError, match=message):
        codings.read_coding(path, codings.read_texts(folder))
