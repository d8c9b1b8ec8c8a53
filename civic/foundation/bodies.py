"""Take a form in from the wire, never holding more of it than its route allows."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from civic.foundation.errors import TooLarge
from civic.foundation.formdata import MAX_FIELDS, FormData, keep, parse

WORDS_LIMIT = 4_000_000
"""Bytes of a form without files: 100,000 characters of any script fit, percent-encoded, with room left."""
FILES_LIMIT = 56_000_000
MAX_FILES = 5
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


async def receive(request: Request, *, files: bool = False) -> FormData:
    """Read the body of this request as a form. Raises TooLarge as soon as it is, without reading on."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    stream = _limited(request, FILES_LIMIT if files and kind == _MULTIPART else WORDS_LIMIT)
    if kind == _MULTIPART:
        return await _multipart(request, stream, files=files)
    body = b"".join([chunk async for chunk in stream])
    if body and kind != _URLENCODED:
        raise HTTPException(415)
    return parse(body)


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:18]) > limit:
        raise TooLarge
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > limit:
            raise TooLarge
        yield chunk


async def _multipart(request: Request, stream: AsyncGenerator[bytes, None], *, files: bool) -> FormData:
    # Read as Latin-1, which loses no byte, so that bad UTF-8 is noticed by `keep` instead of being guessed.
    headers = Headers({"content-type": request.headers["content-type"] + "; charset=latin-1"})
    parser = MultiPartParser(
        headers,
        stream,
        max_files=MAX_FILES if files else 0,
        max_fields=MAX_FIELDS,
        max_part_size=WORDS_LIMIT,
    )
    try:
        sent = await parser.parse()
    except MultiPartException as error:
        raise (
            TooLarge() if error.message.startswith(("Part", "Too many")) else HTTPException(400)
        ) from error
    form = FormData()
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            key = name.encode("latin-1").decode("utf-8", "replace")
            value.filename = (value.filename or "").encode("latin-1").decode("utf-8", "replace")
            form.files[key] = (*form.files.get(key, ()), value)
        else:
            keep(form, name.encode("latin-1"), value.encode("latin-1"))
    return form
