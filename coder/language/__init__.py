"""The languages that the coder reads; a new one is a module here and its folder in ``data/rules``."""

from __future__ import annotations

from coder.language import arabic, english
from coder.language.base import TOKEN, Form, Language, Reading

LANGUAGES: dict[str, Language] = {"ar": arabic, "en": english}

__all__ = ["LANGUAGES", "TOKEN", "Form", "Language", "Reading"]
