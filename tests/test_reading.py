"""Reading: formats, encodings, limits; what cannot be read becomes a reject that says why."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from coder.model import Article, Reject
from coder.paths import data_dir
from coder.reading import Defaults, Limits, Settings, load_roles, parse_text, read
from coder.reading.encoding import EncodingError, decode
from coder.reading.language import detect_language
from coder.reading.records import make_id, parse_date
from coder.reading.text import split_head

ROLES = load_roles([data_dir()])
AR = "قتل ثلاثة جنود وأصيب خمسة آخرون في هجوم على حاجز شرق المدينة فجر الاثنين، بحسب مصدر عسكري."
EN = "Three soldiers were killed on Monday when gunmen attacked a checkpoint east of the city."
FA = "سه سرباز در حمله به یک پست بازرسی در شرق شهر کشته شدند و پنج نفر دیگر زخمی شدند، گزارش می‌دهد"
FR = "Trois soldats ont été tués lundi dans une attaque contre un poste de contrôle à l'est de la ville."
RU = "Трое солдат погибли в понедельник при нападении на блокпост к востоку от города."


def read_all(path: Path, limits: Limits | None = None, defaults: Defaults | None = None) -> list[Article | Reject]:
    return list(read([path], defaults or Defaults(), limits or Limits(), ROLES))


def one(path: Path, limits: Limits | None = None) -> Article:
    (item,) = read_all(path, limits)
    assert isinstance(item, Article), item
    return item


def reason(path: Path, limits: Limits | None = None) -> str:
    (item,) = read_all(path, limits)
    assert isinstance(item, Reject), item
    assert item.stage == "read" and item.source_file == path.name
    return item.reason


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(folder: Path, *records: object, name: str = "in.jsonl") -> Path:
    return put(folder, name, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))


def test_text_without_head_is_all_body(tmp_path: Path) -> None:
    body = f"\u00a0{AR}\r\n\r\nوقال: «نعـم» \u200fثم انسحبَ.\n"
    article = one(put(tmp_path, "a.txt", body))
    assert article.text == body and article.title is None
    assert article.article_id == make_id(None, None, body) and len(article.article_id) == 16


def test_text_with_head(tmp_path: Path) -> None:
    head = "title: هجوم على حاجز\nOutlet: Al-Ghad\nurl: http://example.org/a:b\npublished: 2015-07-21\n\n"
    article = one(put(tmp_path, "a.txt", head + AR))
    assert article.text == f"هجوم على حاجز\n{AR}"
    assert (article.outlet, article.url, article.published) == (
        "Al-Ghad",
        "http://example.org/a:b",
        date(2015, 7, 21),
    )
    assert article.parts[0] == (0, 14, "title")


def test_first_line_with_a_colon_is_no_head() -> None:
    text = f"سرت: صد هجوم\n\n{AR}"
    assert split_head(text) == ({}, text)
    assert split_head(f"title: x\nبلا مفتاح\n\n{AR}") == ({}, f"title: x\nبلا مفتاح\n\n{AR}")


def test_standard_input() -> None:
    article = parse_text(EN.encode(), "-", Settings(Defaults(outlet="Gazette"), Limits(), ROLES))
    assert isinstance(article, Article) and article.outlet == "Gazette" and article.language == "en"


def test_defaults_fill_what_is_missing(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {"text": AR}, {"text": EN, "outlet": "Gazette", "published": "2016-01-02"})
    first, second = read_all(path, defaults=Defaults("Al-Ghad", date(2015, 1, 1)))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.outlet, first.published) == ("Al-Ghad", date(2015, 1, 1))
    assert (second.outlet, second.published) == ("Gazette", date(2016, 1, 2))


RECORD = {
    "article_id": "a1",
    "outlet": "Gazette",
    "url": "http://example.org/1",
    "title": "Raid",
    "author": "Reuters",
}
FULL = {**RECORD, "published": "2015-07-21", "text": EN, "unknown": "kept out"}


def check_full(article: Article) -> None:
    assert article.article_id == "a1" and article.text == f"Raid\n{EN}" and article.author == "Reuters"
    assert article.published == date(2015, 7, 21) and article.url == "http://example.org/1"


@pytest.mark.parametrize("packed", [False, True])
def test_the_tables_agree(tmp_path: Path, packed: bool) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(FULL))
    writer.writeheader()
    writer.writerow(FULL)
    for name, content in {
        "a.jsonl": json.dumps(FULL),
        "a.json": json.dumps([FULL]),
        "a.csv": out.getvalue(),
        "a.tsv": "\t".join(FULL) + "\n" + "\t".join(map(str, FULL.values())),
    }.items():
        raw = content.encode()
        check_full(one(put(tmp_path, name + ".gz" * packed, gzip.compress(raw) if packed else raw)))


@pytest.mark.parametrize("published", ["2015-07-21", date(2015, 7, 21), datetime(2015, 7, 21, 8)])
def test_parquet(tmp_path: Path, published: object) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist([{**FULL, "published": published}]), path)
    check_full(one(path))


def test_csv_with_semicolons_breaks_in_fields_and_a_mark(tmp_path: Path) -> None:
    content = f'\ufeffText;Title\n"{AR}\n\n{AR}";هجوم\n'
    article = one(put(tmp_path, "a.csv", content))
    assert article.text == f"هجوم\n{AR}\n\n{AR}" and article.encoding == "utf-8-sig"


def test_folders_of_any_mix_in_sorted_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    put(tmp_path / "b", "2.txt", EN)
    put(tmp_path, "a.txt", AR)
    put(tmp_path, ".hidden.txt", AR)
    put(tmp_path, "notes.docx", "x")
    jsonl(tmp_path, {"text": EN + " Again."}, name="c.jsonl")
    items = read_all(tmp_path)
    assert [i.source_file for i in items] == ["a.txt", "b/2.txt", "c.jsonl", "notes.docx"]
    assert isinstance(items[3], Reject) and "unknown kind of file '.docx'" in items[3].reason
    again = list(read([tmp_path / "c.jsonl", tmp_path / "a.txt"], Defaults(), Limits(), ROLES))
    assert [i.source_file for i in again] == ["a.txt", "c.jsonl"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"title": "Raid"}, "there is no text"),
        ({"text": None}, "there is no text"),
        ({"text": "  \n"}, "the text is empty"),
        ({"text": 7}, "text is no text but int"),
        ({"text": EN, "title": ["x"]}, "title is no text but list"),
        ({"text": EN, "published": "21.07.2015 or so"}, "published is no date"),
        ({"text": EN, "published": "2015-02-30"}, "published is no date"),
        ({"text": EN, "published": 20150721}, "published is no date"),
        ({"text": EN, "published": "0999-01-01"}, "published lies outside"),
        ({"text": EN + "\x00"}, "text holds a NUL"),
        ({"text": EN + "\ud800"}, "text holds half a character"),
        ({"text": EN, "outlet": "x\udfff"}, "outlet holds half a character"),
        ({"text": FA}, "unsupported language"),
        ({"text": FR}, "unsupported language"),
        ({"text": RU}, "unsupported language"),
        ({"text": "12 + 30"}, "unsupported language"),
        ([1], "it is no object but list"),
        ("x", "it is no object but str"),
    ],
)
def test_faulty_records_are_rejected_and_the_rest_goes_on(tmp_path: Path, record: object, said: str) -> None:
    raw = json.dumps(record) + "\n" + json.dumps({"text": AR})
    bad, good = read_all(put(tmp_path, "in.jsonl", raw))
    assert isinstance(bad, Reject) and isinstance(good, Article)
    assert said in bad.reason and bad.record == "line 1" and "in.jsonl, line 1" in bad.reason
    assert ": " in bad.reason.split(said)[1], "a reason ends with the remedy"
    f"{bad.reason}{bad.payload}".encode()


def test_malformed_lines(tmp_path: Path) -> None:
    lines = ["{", "", "[" * 100_000, '{"text": "' + "9" * 50 + '"}', json.dumps({"text": EN})]
    items = read_all(put(tmp_path, "in.jsonl", "\n".join(lines)))
    assert [type(i).__name__ for i in items] == ["Reject", "Reject", "Reject", "Article"]
    assert [i.record for i in items if isinstance(i, Reject)] == ["line 1", "line 3", "line 4"]


def test_repeated_identifiers(tmp_path: Path) -> None:
    items = read_all(jsonl(tmp_path, {"article_id": 7, "text": EN}, {"article_id": "7", "text": AR}, {"text": EN}))
    assert [type(i).__name__ for i in items] == ["Article", "Reject", "Article"]
    assert isinstance(items[1], Reject) and "'7' came before, in in.jsonl" in items[1].reason


def test_limits(tmp_path: Path) -> None:
    long = EN * 30
    assert "limit article_chars" in reason(put(tmp_path, "a.txt", long), Limits(article_chars=1000))
    assert "limit page_bytes" in reason(put(tmp_path, "a.txt", long), Limits(page_bytes=1000))
    assert "limit file_bytes" in reason(put(tmp_path, "a.txt", long), Limits(file_bytes=1000))
    fields = jsonl(tmp_path, {"text": EN, "title": "x" * 200})
    assert "limit field_chars" in reason(fields, Limits(field_chars=100))
    for name, raw in (("r.jsonl", json.dumps({"text": long})), ("r.csv", f"text\n{long}")):
        path = put(tmp_path, name, raw + "\n" + (json.dumps({"text": AR}) if name == "r.jsonl" else AR))
        bad, good = sorted(read_all(path, Limits(record_bytes=1000)), key=lambda i: isinstance(i, Article))
        assert isinstance(bad, Reject) and "limit record_bytes" in bad.reason and isinstance(good, Article)


def test_the_payload_is_cut(tmp_path: Path) -> None:
    (item,) = read_all(put(tmp_path, "a.txt", RU * 99), Limits(payload_chars=50))
    assert isinstance(item, Reject) and item.payload == (RU * 99)[:50]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 3_000_000)
    assert "limit ratio" in reason(put(tmp_path, "a.txt.gz", bomb), Limits(ratio=100, ratio_floor_bytes=1000))
    assert "limit ratio" in reason(put(tmp_path, "a.jsonl.gz", bomb), Limits(ratio=100, ratio_floor_bytes=1000))


def test_damaged_files(tmp_path: Path) -> None:
    whole = gzip.compress((EN * 50).encode())
    assert "cannot be read" in reason(put(tmp_path, "a.txt.gz", whole[:-9]))
    assert "cannot be read" in reason(put(tmp_path, "b.txt.gz", b"no gzip at all"))
    assert "no readable Parquet" in reason(put(tmp_path, "c.parquet", b"PAR1 nothing PAR1"))
    assert "cannot be read" in reason(tmp_path / "missing.txt")
    assert "it is no JSON" in reason(put(tmp_path, "d.json", "[1,"))
    assert "no column 'text'" in reason(put(tmp_path, "e.csv", "body,title\na,b\n"))
    assert "breaks the UTF-8" in reason(put(tmp_path, "f.txt", (AR * 9).encode()[:-3] + b"\xff" + AR.encode()))


def test_damage_in_a_table_costs_only_its_record(tmp_path: Path) -> None:
    broken = AR.encode()[:40] + b"\xff" + AR.encode()[40:]
    for name, rows in {
        "a.jsonl": b'{"text": "' + broken + b'"}\n' + json.dumps({"text": EN}).encode(),
        "a.csv": b"text\n" + b'"' + broken + b'"\n' + EN.encode(),
    }.items():
        bad, good = read_all(put(tmp_path, name, rows))
        assert isinstance(bad, Reject) and isinstance(good, Article) and "UTF-8" in bad.reason


def test_parquet_without_text_and_with_large_groups(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"body": [EN]}), tmp_path / "a.parquet")
    assert "no column 'text'" in reason(tmp_path / "a.parquet")
    parquet.write_table(pa.table({"text": [EN, AR]}), tmp_path / "a.parquet", row_group_size=1)
    items = read_all(tmp_path / "a.parquet", Limits(row_group_bytes=10))
    assert all(isinstance(i, Reject) and "limits row_group_bytes" in i.reason for i in items) and len(items) == 2


PAGE = """<html><head><meta charset="{charset}"><title>Raid on checkpoint</title>
<meta property="og:site_name" content="The Gazette">
<meta property="og:title" content="Raid on checkpoint">
<meta property="article:published_time" content="2015-07-21T08:00:00Z">
<meta name="author" content="Jane Doe"></head>
<body><article><h1>Raid on checkpoint</h1><p>{a}</p><p>{b}</p>
<div class="related-stories"><p>Related</p><p>Nobody should read of another story here.</p></div>
<p>{c}</p></article></body></html>"""
SENTENCES = {
    "a": EN,
    "b": "Residents said that the gunmen withdrew an hour before reinforcements reached the place.",
    "c": "An army spokesman said later that two of the attackers had been captured in a nearby village.",
}


def test_html(tmp_path: Path) -> None:
    article = one(put(tmp_path, "a.html", PAGE.format(charset="utf-8", **SENTENCES)))
    assert article.title == "Raid on checkpoint" and article.outlet == "The Gazette"
    assert article.published == date(2015, 7, 21) and "Jane Doe" in (article.author or "")
    assert all(s in article.text for s in SENTENCES.values()) and "another story" not in article.text


def test_html_in_an_old_code_page(tmp_path: Path) -> None:
    page = PAGE.format(charset="windows-1256", a=AR, b=AR.replace("ثلاثة", "سبعة"), c=AR.replace("فجر", "مساء"))
    article = one(put(tmp_path, "a.htm", page.encode("windows-1256")))
    assert AR in article.text and article.encoding == "cp1256" and article.language == "ar"


@pytest.mark.parametrize("page", ["", "<html></html>", "<p>", "\x00<a", "<" * 5000, "<div>" * 3000, "plain words"])
def test_pages_without_an_article(tmp_path: Path, page: str) -> None:
    assert ": " in reason(put(tmp_path, "a.html", page))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", AR),
        ("utf-8-sig", AR),
        ("utf-16", AR),
        ("utf-16-le", AR),
        ("utf-16-be", AR),
        ("utf-16-le", EN),
        ("windows-1256", AR),
        ("windows-1256", f"«{AR}» – {EN}"),
        ("iso-8859-6", AR),
        ("windows-1252", EN + " “Enough,” the café’s owner said."),
        ("windows-1252", EN + " It was a coup d’état – nothing less."),
        ("utf-8", EN),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    got, name = decode(text.encode(encoding))
    assert got == text
    assert name.replace("cp", "windows-") == encoding


ARABIC_WORDS = st.lists(st.sampled_from(AR.split()), min_size=4, max_size=40).map(lambda w: " ".join([*w, "المدينة"]))


@settings(max_examples=60, deadline=None)
@given(ARABIC_WORDS, st.sampled_from(["utf-8", "utf-16", "utf-16-be", "windows-1256", "iso-8859-6"]))
def test_encodings_round_trip(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_decode_or_say_why(raw: bytes) -> None:
    try:
        text, encoding = decode(raw)
    except EncodingError as error:
        assert ": " in str(error)
    else:
        assert text.lstrip("\ufeff") == raw.decode(encoding).lstrip("\ufeff")


RANDOM = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=100).map(gzip.compress),
    st.text(max_size=200).map(lambda t: f"text,title\n{t}".encode("utf-8", "surrogatepass")),
    st.text(max_size=200).map(lambda t: json.dumps({"text": t, "title": t, "published": t}).encode()),
)
SUFFIXES = [
    ".txt",
    ".jsonl",
    ".json",
    ".csv",
    ".parquet",
    ".html",
    ".txt.gz",
    ".jsonl.gz",
    ".csv.gz",
    ".gz",
    "",
]


@settings(max_examples=250, deadline=None)
@given(RANDOM, st.sampled_from(SUFFIXES))
def test_reading_never_raises(tmp_path_factory: pytest.TempPathFactory, raw: bytes, suffix: str) -> None:
    path = put(tmp_path_factory.mktemp("random"), f"a{suffix}", raw)
    for item in read_all(path):
        assert isinstance(item, Article | Reject)
        if isinstance(item, Article):
            assert "".join(item.text[p.start : p.end] for p in item.parts) == item.text
        else:
            f"{item.reason}{item.payload}".encode()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (AR, "ar"),
        (EN, "en"),
        (FA, None),
        (FR, None),
        (RU, None),
        ("", None),
        ("CNN: " + AR, "ar"),
        ("Raid", "en"),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert detect_language(text, ROLES.scripts) == language


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (float("nan"), None),
        ("2015-07-21", date(2015, 7, 21)),
        ("2015/7/1", date(2015, 7, 1)),
        ("20150721", date(2015, 7, 21)),
        ("2015-07-21T23:59:00Z", date(2015, 7, 21)),
        ("2015-07-21 08:00:00+03:00", date(2015, 7, 21)),
        ("Tue, 21 Jul 2015 08:00:00 GMT", date(2015, 7, 21)),
    ],
)
def test_dates(value: object, day: date | None) -> None:
    assert parse_date(value) == day


def test_one_value_repeated_does_not_fill_the_memory(tmp_path: Path) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 200, pa.int32()), pa.array([EN * 12_000]))
    parquet.write_table(pa.table({"text": long}), tmp_path / "a.parquet")
    items = read_all(tmp_path / "a.parquet", Limits(payload_chars=10))
    assert len(items) == 200 and all(isinstance(i, Reject) and "article_chars" in i.reason for i in items)
    packed = pa.table({"text": ["x" * 30_000_000]})
    parquet.write_table(packed, tmp_path / "b.parquet", compression="zstd", use_dictionary=False)
    (item,) = read_all(tmp_path / "b.parquet")
    assert isinstance(item, Reject) and "limits row_group_bytes and ratio" in item.reason
