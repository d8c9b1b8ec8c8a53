"""Make pages: Jinja in the reader's language, and one block instead of the whole page when htmx asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.environment import TemplateModule
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from civic import paths, settings
from civic.foundation import assets, clock, csrf, filters, ids, instance, languages, text
from civic.foundation.formdata import CSRF, FORM_KEY, FormData
from civic.foundation.web import address, is_htmx, safe_next, viewer_of

Provider = Callable[[Request, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

_SHARED = ("base.html", "parts/", "foundation/")
_request: ContextVar[Request] = ContextVar("civic_request")
_modules: ContextVar[dict[str | None, TemplateModule]] = ContextVar("civic_modules")


class _Part(Template):
    """A template whose macros are made once a page, although every block imports them again.

    The parts read nothing but the context of the page, so the first import serves the others.
    """

    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        """Make the macros of this template, or give those this page made before."""
        made = _modules.get(None) if shared else None
        if made is None:
            return super().make_module(vars, shared, locals)
        if self.name not in made:
            made[self.name] = super().make_module(vars, shared, locals)
        return made[self.name]


async def page(
    request: Request,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> Response:
    """Show a template, or only its block when htmx asked for a part.

    What the blocks of many pages need (role bar, navigation of a process) comes from the providers
    that the front door registers in `app.state.providers`.
    """
    values = await _values(request, context or {})
    template = environment().get_template(name)
    with _rendering_for(request, values["lang"]):
        if block is not None and is_htmx(request):
            html = "".join(template.blocks[block](template.new_context(values)))
        else:
            html = template.render(values)
    return HTMLResponse(html, status_code=status, headers={"Content-Language": values["lang"]})


async def pieces(
    request: Request,
    name: str,
    contexts: Iterable[Mapping[str, Any]],
    *,
    block: str | None = None,
    language: str = "",
) -> list[str]:
    """Fill a template, or one of its blocks, once for each context: for long documents and for paper.

    Others are served between two pieces. All folds are open; the language may be another than the reader's.
    """
    values = {**await _values(request, {}), "printing": True}
    if language:
        values["lang"] = language
    template = environment().get_template(name)
    made = []
    for context in contexts:
        with _rendering_for(request, values["lang"]):
            given = {**values, **context}
            if block is None:
                made.append(template.render(given))
            else:
                made.append("".join(template.blocks[block](template.new_context(given))))
        await asyncio.sleep(0)
    return made


def render_text(name: str, language: str, context: Mapping[str, Any]) -> str:
    """Fill a template without a request (mail, letters); links are made with `absolute(path)`."""
    with languages.speaking(language):
        return environment().get_template(name).render({**context, "lang": language})


async def _values(request: Request, context: Mapping[str, Any]) -> dict[str, Any]:
    state = request.scope.setdefault("state", {})
    here, ours = _where(request), await instance.current()
    if state.get("language") not in ours.offered:
        state["language"] = ours.offered[0]
    values: dict[str, Any] = {
        "viewer": viewer_of(request),
        "lang": state["language"],
        "languages": {code: languages.NAMES[code] for code in settings.current().languages},
        "theme": state.get("theme"),
        "instance": ours,
        "path": here[0],
        "query": here[1],
        "printing": request.query_params.get("print") == "1",
        "request_id": state.get("request_id", ""),
        "role_links": [],
        "subnav": None,
    }
    for provider in getattr(request.app.state, "providers", ()):
        values.update(await provider(request, context))
    return {**values, **context}


def _where(request: Request) -> tuple[str, str]:
    """Give the address to come back to, its questions without the language: a form's page, not its action."""
    path, query = str(request.scope["path"]), bytes(request.scope.get("query_string", b"")).decode("latin-1")
    if request.method not in csrf.SAFE_METHODS:
        before = urlsplit(request.headers.get("referer", ""))
        path, query = safe_next(before.path), before.query
    return path, urlencode([pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "lang"])


@contextmanager
def _rendering_for(request: Request, language: str) -> Iterator[None]:
    looking, making = _request.set(request), _modules.set({})
    try:
        with languages.speaking(language):
            yield
    finally:
        _modules.reset(making)
        _request.reset(looking)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Give the templates of this installation."""
    made = Environment(
        loader=FileSystemLoader(paths.TEMPLATES),
        autoescape=select_autoescape(("html", "xml", "svg")),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        auto_reload=settings.current().is_local,
    )
    made.template_class = _Part
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext
    )
    made.globals.update(_GLOBALS)
    made.filters.update(filters.FILTERS)
    return made


def warm() -> None:
    """Load what every page needs, before the first person waits for it."""
    assets.current()
    for language in settings.current().languages:
        languages.catalogue(language)
    for name in environment().list_templates(filter_func=lambda one: one.startswith(_SHARED)):
        environment().get_template(name)


def _gettext(msgid: str) -> str:
    return languages.gettext(languages.spoken(), msgid)


def _ngettext(singular: str, plural: str, count: int) -> str:
    return languages.ngettext(languages.spoken(), singular, plural, count)


def _pgettext(context: str, msgid: str) -> str:
    return languages.pgettext(languages.spoken(), context, msgid)


def _npgettext(context: str, singular: str, plural: str, count: int) -> str:
    return languages.ngettext(languages.spoken(), singular, plural, count, context=context)


def url(name: str, **params: object) -> str:
    """Give the path of a route by its name."""
    return address(_request.get().app, name, **params)


def url_or_none(name: str, **params: object) -> str | None:
    """Give the path of a route, or None while no room offers it: a link shows only where its page exists."""
    return url(name, **params) if name in _request.get().app.state.routes else None


def absolute(path: str) -> str:
    """Give the whole address of a path, from the configuration and never from the request."""
    return settings.current().public_url + path


def with_query(**changes: object) -> str:
    """Give this page's address with some questions changed; None leaves one out."""
    request = _request.get()
    asked = {**dict(request.query_params), **changes}
    query = urlencode({name: str(value) for name, value in asked.items() if value is not None})
    path = str(request.scope["path"])
    return f"{path}?{query}" if query else path


def csrf_field() -> str:
    """Give the hidden field every form that changes something needs."""
    return _hidden(CSRF, csrf.issue(_request.get()))


def csrf_token() -> str:
    """Give the token alone, for the header htmx sends."""
    return csrf.issue(_request.get())


def form_key(form: FormData | None = None) -> str:
    """Give the hidden key that makes a form act once, however often it is sent."""
    return _hidden(FORM_KEY, (form.value(FORM_KEY) if form else "") or ids.public_id())


def _hidden(name: str, value: str) -> str:
    return text.safe('<input type="hidden" name="{}" value="{}">').format(name, value)


_GLOBALS: dict[str, Any] = {
    "url": url,
    "url_or_none": url_or_none,
    "absolute": absolute,
    "with_query": with_query,
    "asset": assets.asset,
    "csrf_field": csrf_field,
    "csrf_token": csrf_token,
    "form_key": form_key,
    "now": clock.now,
    "NBSP": languages.NBSP,
}
