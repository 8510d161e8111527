"""Web archives: pages handed out packed, taken apart where they are coded, damage told."""

import gzip
import io
from pathlib import Path

import pytest
from building import ENGINE, hashes, rows

from coder.dataset.build import Options, build
from coder.dataset.workers import Engine
from coder.model import Article, Reject
from coder.paths import data_dir
from coder.reading import Defaults, Limits, Page, load_roles, read, read_unopened

warcio = pytest.importorskip("warcio")
from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402

ROLES = load_roles([data_dir()])
BODY = "The army shelled the market of the town on day {n}, a witness said. " * 6


def page(n: int, extra: str = "") -> bytes:
    html = (
        f"<html><head><title>Day {n}</title><meta property='og:site_name' content='Example Wire'>"
        f"<meta property='article:published_time' content='2016-06-1{n % 9}T10:00:00Z'></head>"
        f"<body><article><h1>Day {n}</h1><p>{BODY.format(n=n)}</p><p>{extra}</p></article></body></html>"
    )
    return html.encode()


def archive(path: Path, pages: list[tuple[bytes, str, str]], gz: bool = True) -> Path:
    """An archive of answers: body, status, type of content; each with its request before it."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=gz)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "tests"}))
        for n, (body, status, kind) in enumerate(pages):
            url = f"http://news.example/{n}"
            headers = {"WARC-Record-ID": f"<urn:uuid:0000-{n:04d}>"}
            request = StatusAndHeaders("GET / HTTP/1.0", [("Host", "news.example")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            answer = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", io.BytesIO(body), http_headers=answer, warc_headers_dict=headers
            )
            writer.write_record(record)
    return path


def good(count: int) -> list[tuple[bytes, str, str]]:
    return [(page(n), "200 OK", "text/html; charset=utf-8") for n in range(count)]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_pages_become_articles(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / name, good(3), gz=name.endswith(".gz"))
    found = list(read([path], Defaults(), Limits(), ROLES))
    assert all(isinstance(article, Article) for article in found)
    first = found[0]
    assert isinstance(first, Article)
    assert (first.article_id, first.url, first.outlet) == ("0000-0000", "http://news.example/0", "Example Wire")
    assert str(first.published) == "2016-06-10"
    assert "shelled the market of the town on day 0" in first.text


def test_pages_are_handed_out_unopened(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", good(2))
    found = list(read_unopened([path], Defaults(outlet="AFP"), Limits(), ROLES))
    assert [type(record) for record in found] == [Page, Page]


def test_answers_without_a_page_are_rejects(tmp_path: Path) -> None:
    pages = [
        (b"gone", "404 Not Found", "text/html"),
        (b"%PDF", "200 OK", "application/pdf"),
        (b"<html></html>", "200 OK", "text/html"),
        (page(1) + b" " * 5_000, "200 OK", "text/html"),
        *good(1),
    ]
    path = archive(tmp_path / "a.warc.gz", pages)
    found = list(read([path], Defaults(), Limits(page_bytes=4_000), ROLES))
    reasons = [record.reason for record in found if isinstance(record, Reject)]
    assert [type(record) for record in found] == [Reject] * 4 + [Article]
    for reason, said in zip(reasons, ("status 404", "application/pdf", "no", "more than 4000 bytes"), strict=True):
        assert said in reason


def test_damage_costs_only_what_lies_behind_it(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", good(6))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = list(read([path], Defaults(), Limits(), ROLES))
    assert sum(isinstance(record, Article) for record in found) >= 2
    for content in (b"", b"\x00" * 900, b"WARC/1.0\r\nX", b"no archive at all\n" * 9, whole[3:]):
        path.write_bytes(content)
        assert all(isinstance(record, Reject) for record in read([path], Defaults(), Limits(), ROLES))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    limits = Limits(ratio_floor_bytes=1_000_000, ratio=10)
    for kind, said in (("resource", "unpacks to more"), ("request", "damaged")):
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Length: 40000000\r\n\r\n".encode()
        path.write_bytes(gzip.compress(head + b"\x00" * 40_000_000))
        (record,) = read([path], Defaults(), limits, ROLES)
        assert isinstance(record, Reject) and said in record.reason


def test_a_build_takes_pages_apart_in_its_workers(tmp_path: Path) -> None:
    pages = [*good(12), (page(20, "DIE now."), "200 OK", "text/html"), (page(21, "RAISE it."), "200 OK", "text/html")]
    path = archive(tmp_path / "a.warc.gz", pages)
    for workers in (2, 3):
        report = build([path], tmp_path / f"out{workers}", Options(workers=workers), ENGINE)
        assert (report.counts.records, report.counts.articles, report.counts.articles_rejected) == (14, 12, 2)
    assert hashes(tmp_path / "out2") == hashes(tmp_path / "out3")
    assert {row["record"] for row in rows(tmp_path / "out2", "rejects")} == {"0000-0012", "0000-0013"}


def code_nothing(article: Article, knowledge: object) -> tuple[()]:
    """A coder of a page's worth of nothing."""
    return ()


def test_extraction_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coder.dataset.bounds import Bounds

    def hang(self: Page, roles: object) -> Article:
        while True:
            pass

    monkeypatch.setattr(Page, "article", hang)
    path = archive(tmp_path / "a.warc.gz", good(1))
    engine = Engine(code_nothing, ENGINE.load)
    report = build([path], tmp_path / "out", Options(workers=1, bounds=Bounds(deadline_s=0.3)), engine)
    assert report.counts.articles_rejected == 1
    assert "more than 0.3 seconds" in rows(tmp_path / "out", "rejects")[0]["reason"]
