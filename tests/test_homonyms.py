"""Names that are also everyday words count only where the words around them, or the year, show a name."""

from __future__ import annotations

from datetime import date

import pytest

from coder.coding.reader import ArticleReader
from coder.knowledge import Knowledge
from coder.model import Article, Part


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قتل خمسة أشخاص في بلدة صدد بريف حمص في سوريا.", {"Sadad", "Homs"}),
        ("دخلت العادات القديمة ماضيها بالحاضر في سوريا.", set()),
        ("أغلق الجيش الطرق المؤدية إلى الحي في اليمن.", set()),
        ("اتصل الناشطون بالعديد من المنظمات في قطر.", set()),
        ("دخل مقاتلون المنطقة فإن السكان خافوا في تركيا.", set()),
        ("قصفت طائرات مواقع بالمكلا في اليمن.", {"Mukalla"}),
        ("انفجرت سيارة مفخخة في رأس العين في سوريا.", {"Ras al-Ayn"}),
        ("قال ناشطون إن المعارك مستمرة في الضالع في اليمن.", {"Ad Dali"}),
    ],
)
def test_a_town_needs_its_cue(text: str, expected: set[str], knowledge: Knowledge) -> None:
    article = Article("a", "outlet", None, None, None, date(2016, 5, 3), "ar", text, (Part(0, len(text), "body"),))
    named = ArticleReader(article, knowledge).places.named
    assert {p.place.name for p in named if p.place.kind != "country"} == expected


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("قال السوداني إن الحكومة ستتحرك في بغداد.", 2024, {"state:Iraq"}),
        ("قال السوداني إن الحكومة ستتحرك في بغداد.", 2015, set()),
        ("وصف البرهان الاتفاق في الخرطوم بأنه خطوة.", 2022, {"state:Sudan"}),
        ("كان البرهان واضحا في الخرطوم.", 2015, set()),
        ("قضت المدينة ليلة هادئة في عدن.", 2016, set()),
        ("أفرج عنه بكفالة مالية في باماكو.", 2016, set()),
        ("هاجم مستوطنون قرية قرب نابلس.", 2016, {"settlers-israel"}),
        ("بنت الشركة مستوطنات قرب نابلس.", 2016, set()),
    ],
)
def test_actors(text: str, year: int, expected: set[str], knowledge: Knowledge) -> None:
    article = Article("a", "outlet", None, None, None, date(year, 5, 3), "ar", text, (Part(0, len(text), "body"),))
    mentions = ArticleReader(article, knowledge).mentions
    assert {m.name.id for m in mentions if m.name is not None} == expected
    assert not any(m.nation == "Mali" for m in mentions)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("شن داعش هجوما إرهابيا على الجيش في الرمادي.", ["داعش", "الجيش"]),
        ("وإلى جانب ذلك هاجم مسلحون مركزا للشرطة في بغداد.", ["مسلحون", "مركزا للشرطة"]),
        ("العرب بحاجة إلى السلام.", []),
        ("قتل الجيش إرهابيا في الجبل.", ["الجيش", "إرهابيا"]),
    ],
)
def test_descriptions(text: str, expected: list[str], knowledge: Knowledge) -> None:
    article = Article("a", "outlet", None, None, None, date(2016, 5, 3), "ar", text, (Part(0, len(text), "body"),))
    reader = ArticleReader(article, knowledge)
    assert [reader.doc.quote(m.i, m.j) for m in reader.mentions if m.nation is None] == expected
