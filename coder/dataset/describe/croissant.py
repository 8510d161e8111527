"""``croissant.json``: the Parquet tables in MLCommons' Croissant 1.0, for catalogues and loaders."""

import json
from collections.abc import Mapping
from typing import Any

from coder.dataset.describe import NAME, TITLE, Release
from coder.dataset.describe.datapackage import primary_key
from coder.dataset.manifest import file_hash
from coder.dataset.tables import Column, columns, raw_schema

_TYPES: Mapping[str, str] = {
    "string": "sc:Text",
    "Int8": "sc:Integer",
    "Int64": "sc:Integer",
    "Float64": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def text(release: Release) -> str:
    """The metadata as JSON-LD; tables that are there as CSV alone are left out."""
    names = [name for name in release.folder.tables() if (release.folder.path / f"{name}.parquet").is_file()]
    content: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": NAME,
        "description": release.summary(),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": f"1.0.0+{release.version}",
        "citeAs": f"{TITLE}, version {release.version}, made with coder {release.software_version}",
        "keywords": ["conflict", "event data", "news"],
        "distribution": [_file(release, name) for name in names],
        "recordSet": [_records(name, names) for name in names],
    }
    if release.released:
        content["datePublished"] = release.released
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _file(release: Release, name: str) -> dict[str, Any]:
    file = release.folder.path / f"{name}.parquet"
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": raw_schema(name)["description"],
        "contentUrl": file.name,
        "contentSize": f"{file.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file_hash(file),
    }


def _records(name: str, names: list[str]) -> dict[str, Any]:
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": raw_schema(name)["description"],
        "field": [_field(name, column, names) for column in columns(name)],
    }
    if key := primary_key(name):
        records["key"] = [{"@id": f"{name}/{column}"} for column in key]
    return records


def _field(table: str, column: Column, names: list[str]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": f"{table}/{column.name}",
        "description": column.description,
        "dataType": _TYPES[column.dtype],
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }
    if column.refers_to and column.refers_to.partition(".")[0] in names:
        field["references"] = {"field": {"@id": column.refers_to.replace(".", "/")}}
    return field
