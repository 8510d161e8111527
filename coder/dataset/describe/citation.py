"""``CITATION.cff``: how to cite the release, the program that made it, and what it was made from."""

import yaml

from coder.dataset.describe import TITLE, Release

AUTHORS = "The coder contributors"


def text(release: Release) -> str:
    """The citation in the Citation File Format 1.2."""
    content: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them, and the articles that they come from.",
        "type": "dataset",
        "title": TITLE,
        "abstract": release.summary(),
        "authors": [{"name": AUTHORS}],
        "version": release.version,
        "keywords": ["conflict data", "event coding", "source attribution"],
        "references": [
            {
                "type": "software",
                "title": "coder: Arabic and English news articles to a conflict-event dataset",
                "authors": [{"name": AUTHORS}],
                "version": release.software_version,
            },
            {
                "type": "data",
                "title": "GeoNames geographical database (place names; CC BY 4.0)",
                "authors": [{"name": "GeoNames"}],
            },
        ],
    }
    if release.released:
        content["date-released"] = release.released
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
