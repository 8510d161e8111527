"""What is fuzzed: one function a part, from any bytes; it fails where the part breaks what it promises.

The bytes are text themselves, or they pick pieces of text that lie close to what the grammars read: a random
text seldom holds a month, a number and a verb in one sentence.
"""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from coder.coding.code import code_article
from coder.coding.dates import Anchor, find_dates
from coder.coding.document import Document, read_document, tokenize
from coder.coding.numbers import read_numbers
from coder.coding.scan import scan
from coder.dataset.build import load_knowledge
from coder.dataset.chunk import Chunk, code_chunk
from coder.language import LANGUAGES, TOKEN
from coder.model import Article, Reject
from coder.paths import data_dir
from coder.reading import Defaults, Limits, RoleRules, Settings, load_roles, parse_text, read, tag_parts
from coder.reading.encoding import EncodingError
from coder.reading.html import extract
from coder.reading.records import to_article
from coder.show import legible

LIMITS = Limits(file_bytes=1 << 20, page_bytes=1 << 16, record_bytes=1 << 14, article_chars=20_000)
SUFFIXES = (
    *(".txt", ".html", ".jsonl", ".json", ".csv", ".tsv", ".parquet", ".warc"),
    *(".txt.gz", ".jsonl.gz", ".warc.gz", ".x"),
)

_PHRASES = """\
...|""|U.S.|أ.ف.ب|a.m.|St.|1,200|3.5|12:30|2016|1437|31/12/2015|killed|wounded|soldiers|civilians|
dozens of|at least|more than|two|twenty-one|hundred|thousand|million|no|not|denied|said|told|
according to|claimed responsibility|the army|rebels|Islamic State|police|protesters|shelled|
airstrike|car bomb|captured|clashes|in|near|km north of|Aleppo|Mosul|Gaza|Kharkiv|Mali|Syria|Syrian|
Reuters|AFP|on Monday|yesterday|last week|January|Feb.|mid-March|the 3rd of|between|and|to|by|قتل|
وقتل|أصيب|جنود|مدنيين|عشرات|مئات|ألف|مليون|ثلاثة|وعشرون|اثنان|شخصين|على الأقل|أكثر من|لم|لا|نفى|قال|
أعلن|بحسب|مصدر عسكري|تبنى|الجيش|المعارضة|تنظيم الدولة|الشرطة|متظاهرين|قصف|غارة|سيارة مفخخة|سيطر|
اشتباكات|في|قرب|شمال|حلب|الموصل|غزة|سوريا|السوري|رويترز|يوم الاثنين|أمس|أمس الأول|الأسبوع الماضي|
كانون الثاني/يناير|شباط|رمضان|محرم|منتصف|بين|و|إلى|ال|وبال|ـهم"""
PIECES = (
    *"\n \t.,;:!?()[]{}<>&'\"«»“”„‘’-–—/\\|*_=+@#%$~`^،؛؟٪٫٬…",
    *"\u200e\u200f\u202a\u202e\u202c\u2066\u2069\ufeff\u00ad\u200c\u0640\u064b\u0651\u0670\u0300\u00a0\u2028\x0b\x1b\x00",
    *"0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳",
    "\n\n",
    *_PHRASES.replace("\n", "").split("|"),
)  # fmt: skip
PUBLISHED = (None, date(2016, 6, 15), date(1900, 1, 1), date(2100, 12, 31), date(2024, 2, 29))


def text_of(data: bytes) -> str:
    """A text from bytes: as UTF-8 with half characters, or of pieces."""
    mode, rest = data[:1], data[1:]
    if mode and mode[0] % 4 == 0:
        return rest.decode("utf-8", "surrogateescape")
    blank = "" if mode and mode[0] % 4 == 1 else " "
    return blank.join(PIECES[byte % len(PIECES)] for byte in rest)


def sound(text: str) -> str:
    """The text without what reading rejects: half characters and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", " ")


@cache
def roles() -> RoleRules:
    """The rules of roles, once."""
    return load_roles([data_dir()])


def settings() -> Settings:
    """The settings of the readers, with low limits."""
    return Settings(Defaults(outlet="AFP", published=date(2016, 6, 15)), LIMITS, roles())


def article_of(data: bytes) -> Article:
    """An article as reading would give it; its first byte picks language and day."""
    first = data[0] if data else 0
    title = sound(text_of(data[1 : 1 + first % 16])).replace("\n", " ") or None
    body = sound(text_of(data[1 + first % 16 :]))
    body = body if body.strip() else "x"
    text = f"{title}\n{body}" if title else body
    language = "ar" if first & 1 else "en"
    parts = tag_parts(text, title, roles())
    day = PUBLISHED[first % len(PUBLISHED)]
    return Article("a1", "AFP", None, title, None, day, language, text, parts, "a.jsonl", None)


def reading(data: bytes) -> None:
    """Files of every kind: each record an article or a reject that says why, such as tables hold."""
    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else ".txt"
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(data[1:])
        for record in read([path], Defaults(), LIMITS, roles()):
            _storable(record)


@cache
def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _storable(record: Article | Reject) -> None:
    if isinstance(record, Reject):
        assert record.reason and record.stage == "read"
        json.dumps([record.reason, record.payload, record.record]).encode()
        for value in (record.reason, record.payload, record.record, record.source_file):
            (value or "").encode()
        return
    for value in (record.text, record.title, record.outlet, record.url, record.author, record.article_id):
        (value or "").encode()
    assert record.parts[0].start == 0 and record.parts[-1].end == len(record.text)
    assert all(a.end == b.start for a, b in zip(record.parts, record.parts[1:], strict=False))


def plain_text(data: bytes) -> None:
    """One text file, its head lines included."""
    with suppress(EncodingError):
        _storable(parse_text(data, "a.txt", settings()))


def record(data: bytes) -> None:
    """One JSON record with values of any kind."""
    try:
        value = json.loads(data.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        value = {"text": text_of(data), "title": text_of(data[:9]), "published": text_of(data[9:14])}
    if isinstance(value, dict):
        _storable(to_article(value, "a.jsonl", "line 1", "utf-8", settings()))


def page(data: bytes) -> None:
    """A web page."""
    found, reason = extract(data.decode("utf-8", "replace"), settings().roles.blocks)
    assert found is not None or reason


def folding(data: bytes) -> None:
    """Folding a word once is folding it for good, and none grows without bound."""
    for word in TOKEN.findall(text_of(data)):
        for language in LANGUAGES.values():
            folded = language.fold(word)
            assert language.fold(folded) == folded, word
            assert len(folded) <= 4 * len(word), word


def segmentation(data: bytes) -> None:
    """Words keep to the text, sentences to the words, in their order and without overlap."""
    article = article_of(data)
    for language in LANGUAGES.values():
        words, starts, ends = tokenize(article.text, 0, len(article.text), language)
        assert all(words) and len(words) == len(starts) == len(ends)
        assert all(a < b for a, b in zip(starts, ends, strict=True))
        assert all(a <= b for a, b in zip(ends, starts[1:], strict=False))
    _ordered(read_document(article))


def _ordered(doc: Document) -> None:
    before = 0
    for sentence in doc.sentences:
        assert before <= sentence.first < sentence.last <= len(doc.words)
        before = sentence.last


def grammars(data: bytes) -> None:
    """Numbers and dates: bounds in order, whatever stands beside what."""
    article = article_of(data)
    knowledge = load_knowledge(())
    found = scan(read_document(article), knowledge)
    numbers = read_numbers(found.doc, found.of("numbers"), knowledge.rules["numbers"])
    for number in numbers:
        assert 0 <= number.i < number.j <= len(found.doc.words)
        assert number.low is None or number.high is None or number.low <= number.high
    rules, anchor = knowledge.rules["dates"], Anchor(article.published)
    for mention in find_dates(found.doc, found.of("dates"), rules, numbers, anchor).mentions:
        assert mention.i < mention.j


def coding(data: bytes) -> None:
    """The whole coder: spans inside the article, evidence that is the article's own words."""
    article = article_of(data)
    for claim in code_article(article, load_knowledge(())):
        assert 0 <= claim.start < claim.end <= len(article.text)
        assert claim.text == article.text[claim.start : claim.end]
        for evidence in claim.evidence:
            if evidence.start is not None:
                assert evidence.text == article.text[evidence.start : evidence.end]


def validating(data: bytes) -> None:
    """The whole coder and the rules of the tables: nothing that it codes is turned back."""
    coded = code_chunk(Chunk((0,), (article_of(data),)), code_article, load_knowledge(()))
    assert coded.counts.balanced()
    rejects = coded.tables["rejects"]["reason"].to_pylist()
    assert not rejects, rejects


_TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067"


def showing(data: bytes) -> None:
    """Nothing that a terminal obeys is left of a text that is shown."""
    shown = legible(text_of(data))
    assert not any(c < " " or "\x7f" <= c <= "\x9f" or c in _TURNING for c in shown)


_ALL = (reading, plain_text, record, page, folding, segmentation, grammars, coding, validating, showing)
TARGETS: dict[str, Callable[[bytes], Any]] = {target.__name__: target for target in _ALL}
