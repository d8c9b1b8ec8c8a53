"""Static files under names that hold the hash of what they hold: kept for a year, never stale."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from civic import paths
from civic.foundation.web import open_to

FOREVER = "public, max-age=31536000, immutable"
_SMALL = 400
_LINK = re.compile(r"""url\((["']?)(?!data:|#|/)([^"')#?]+)(#[^"')]*)?\1\)""")
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_PACKED = frozenset({".woff2", ".png", ".jpg", ".jpeg", ".webp"})


@dataclass(frozen=True)
class Asset:
    """One file, ready to send."""

    body: bytes
    packed: bytes | None
    media_type: str


@dataclass(frozen=True)
class Assets:
    """Every static file: its hashed name by its plain one, and what to send by its hashed name."""

    names: Mapping[str, str]
    files: Mapping[str, Asset]


@lru_cache(maxsize=1)
def current() -> Assets:
    """Give the static files of this installation, read once."""
    return load(paths.STATIC)


def asset(name: str) -> str:
    """Give the address of a static file: `asset("civic.css")`."""
    return f"/static/{current().names[name]}"


def load(folder: Path) -> Assets:
    """Read and name every file of a folder; style sheets come last, as they point at the others."""
    names: dict[str, str] = {}
    files: dict[str, Asset] = {}
    for path in sorted(folder.rglob("*"), key=lambda one: (one.suffix == ".css", one.as_posix())):
        if not path.is_file() or path.name.startswith("."):
            continue
        name = path.relative_to(folder).as_posix()
        body = path.read_bytes()
        if path.suffix == ".css":
            body = _pointed(body.decode(), Path(name).parent, names).encode()
        digest = hashlib.sha256(body).hexdigest()[:16]
        names[name] = f"{name.removesuffix(path.suffix)}.{digest}{path.suffix}"
        files[names[name]] = Asset(body, _pack(path.suffix, body), _type_of(path))
    return Assets(names, files)


def _pointed(sheet: str, folder: Path, names: Mapping[str, str]) -> str:
    """Point the `url(…)` of a style sheet at hashed names."""

    def point(found: re.Match[str]) -> str:
        target = (folder / found[2]).as_posix()
        return f'url("/static/{names[target]}{found[3] or ""}")' if target in names else found[0]

    return _LINK.sub(point, sheet)


def _pack(suffix: str, body: bytes) -> bytes | None:
    if suffix in _PACKED or len(body) < _SMALL:
        return None
    return gzip.compress(body, 9, mtime=0)


def _type_of(path: Path) -> str:
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return (
        f"{guessed}; charset=utf-8" if guessed.startswith("text/") and "charset" not in guessed else guessed
    )


@open_to("everyone")
async def show(request: Request) -> Response:
    """Send a static file."""
    found = current().files.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": FOREVER, "vary": "Accept-Encoding"}
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)
