"""How place names are compared: folded exactly as the scanner folds the words of an article."""

from __future__ import annotations

from coder.language import LANGUAGES, TOKEN

_KEEP = 1  # a sign alone (a hyphen, a bracket) is put aside; letters and digits stay


def fold_key(name: str, language: str) -> str:
    """The folded words of ``name`` joined by spaces (``"Al-Arish"`` → ``"al arish"``), or ""."""
    fold = LANGUAGES[language].fold
    words = (fold(token) for token in TOKEN.findall(name))
    return " ".join(w for w in words if w.isalnum() or len(w) > _KEEP)


def script_of(name: str) -> str:
    """``ar`` for a name with Arabic letters, else ``en``."""
    return "ar" if any("\u0620" <= c <= "\u06ff" for c in name) else "en"
