"""An everyday word that is also a town is a place only where the words around it show one."""

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
        ("قال ناشطون إن المعارك مستمرة في الضالع في اليمن.", {"Ad Dali"}),
    ],
)
def test_places(text: str, expected: set[str], knowledge: Knowledge) -> None:
    article = Article("a", "outlet", None, None, None, date(2016, 5, 3), "ar", text, (Part(0, len(text), "body"),))
    named = ArticleReader(article, knowledge).places.named
    assert {p.place.name for p in named if p.place.kind != "country"} == expected
