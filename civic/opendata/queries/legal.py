"""One published version of a decision as a legal text: its words, its versions, what each changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from civic import settings
from civic.decisions import queries as decisions
from civic.decisions.queries import ArticleCard, DecisionCard, VersionCard
from civic.foundation import clock, instance, languages
from civic.foundation.errors import N_, Message, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import STRANGER
from civic.opendata import addresses
from civic.opendata.akoma import Act, Article, Edition, Words


async def legal_text(public_id: str, number: int, language: str) -> Act:
    """Give a version of a decision in one language; a text that is missing in it stands in the one there is.

    Raises NotFound for a version that was never published.
    """
    decision = await decisions.visible_decision(STRANGER, public_id)
    known = [one for one in reversed(decision.released) if one.number <= number]
    if not known or known[-1].number != number:
        raise NotFound
    articles = await _articles(known)
    shown, ours = known[-1], await instance.current()
    return Act(
        work=addresses.decision(public_id),
        expression=addresses.decision(public_id, number) + f"?lang={language}",
        manifestation=addresses.legal_text(public_id, number, language),
        language=language,
        body=ours.body or ours.name,
        signer=shown.signed_by,
        role=shown.signed_role,
        title=_in(shown.title, language),
        summary=_in(shown.summary, language),
        articles=tuple(_article(one, language) for one in articles[shown.id]),
        editions=tuple(_editions(decision, known, articles, language)),
    )


async def _articles(versions: Sequence[VersionCard]) -> dict[int, list[ArticleCard]]:
    found: dict[int, list[ArticleCard]] = {one.id: [] for one in versions}
    for (version, _), article in (await decisions.articles_stated([one.id for one in versions])).items():
        found[version].append(article)
    return {
        version: sorted(some, key=lambda one: (one.position, one.provision_id))
        for version, some in found.items()
    }


def _editions(
    decision: DecisionCard,
    versions: Sequence[VersionCard],
    articles: Mapping[int, list[ArticleCard]],
    language: str,
) -> Iterable[Edition]:
    before: list[ArticleCard] | None = None
    for one in versions:
        label = languages.translate(language, Message(N_("Version %(number)s"), {"number": one.number}))
        changes = _changes(before, articles[one.id]) if before is not None else {}
        address = addresses.decision(decision.public_id, one.number)
        yield Edition(one.number, address, _day(one), Words(label, language), changes)
        before = articles[one.id]


def _day(version: VersionCard) -> date:
    return clock.local_day(version.released_at or version.signed_at)


def _changes(before: Iterable[ArticleCard], after: Iterable[ArticleCard]) -> dict[str, str]:
    """Tell what a version changed, by article: words added, put in place of others, or repealed."""
    old, new = {_eid(one): one for one in before}, {_eid(one): one for one in after}
    found = {eid: "repeal" for eid in old if eid not in new}
    for eid, one in new.items():
        if eid not in old:
            found[eid] = "insertion"
        elif one.is_repealed and not old[eid].is_repealed:
            found[eid] = "repeal"
        elif _said(one) != _said(old[eid]):
            found[eid] = "substitution"
    return found


def _said(one: ArticleCard) -> tuple[Localized, Localized, bool]:
    return one.heading, one.text, one.is_repealed


def _eid(one: ArticleCard) -> str:
    return f"art_{one.number}"


def _article(one: ArticleCard, language: str) -> Article:
    number = languages.translate(language, Message(N_("Article %(number)s"), {"number": one.number}))
    return Article(
        eid=_eid(one),
        number=Words(number, language),
        heading=_in(one.heading, language),
        text=_in(one.text, language),
        is_repealed=one.is_repealed,
    )


def _in(texts: Localized, language: str) -> Words:
    for spoken in (language, *settings.current().languages, *texts):
        if texts.get(spoken):
            return Words(texts[spoken], spoken)
    return Words("", language)
