"""Where the package's data and schemas stand: inside an installed wheel, else at the top of the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(inside: str, beside: str) -> Path:
    """Return the folder as the wheel carries it, else as the checkout does.

    Raises FileNotFoundError where neither is there: the installation is broken.
    """
    for folder in (_PACKAGE / inside, _PACKAGE.parent / beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{beside}/ is missing beside {_PACKAGE}: install the package again")


def data_dir() -> Path:
    """Folder of the built-in knowledge: codebook, rules, actors, sources, places, sample."""
    return _folder("_data", "data")


def schemas_dir() -> Path:
    """Folder of the table schemas, one YAML a table."""
    return _folder("_schemas", "schemas")
