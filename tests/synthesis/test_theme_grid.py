"""Themes come in with a sheet and go out with it; what a person sorted since stays as they sorted it."""

from __future__ import annotations

from civic.contributions.models import Claim, Contribution
from civic.processes.queries import process_by_id
from civic.synthesis import actions, queries
from civic.synthesis.models import Theme, ThemeLink, ThemeVersion
from tests.cast import a_person
from tests.opendata.test_answers_back import taken_out
from tests.opendata.test_import import IDEAS, bring


async def test_a_sheet_begins_draft_themes_with_a_first_version(database):
    await bring(IDEAS)
    assert sorted(one.title["en"] if "en" in one.title else one.title["fr"] for one in await Theme.all()) == [
        "Light",
        "Safety",
    ]
    assert await ThemeVersion.filter(number=1).count() == 2
    points = await Claim.filter(retired_at=None).order_by("id")
    assert await queries.public_themes_of([one.id for one in points]) == {}


async def test_the_same_sheet_again_leaves_what_a_person_took_out(database):
    await bring(IDEAS)
    theme = next(one for one in await Theme.all() if "Light" in one.title.values())
    process = await process_by_id(theme.process_id)
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    card = await queries.theme_by_public_id(theme.public_id)
    (point, _) = await queries.points_in(card)
    await actions.take_out(otto, card, [point[0].claim.public_id])
    done = await bring(IDEAS)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 5)
    assert await ThemeLink.filter(theme_id=theme.id, unlinked_at=None).count() == 0


async def test_what_a_person_sorted_goes_out_with_the_sheet(database):
    await bring(IDEAS)
    eight = await Claim.get(contribution_id=(await Contribution.get(source_ref="8")).id)
    theme = next(one for one in await Theme.all() if "Safety" in one.title.values())
    process = await process_by_id(theme.process_id)
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    card = await queries.theme_by_public_id(theme.public_id)
    await actions.put_in(otto, card, [eight.public_id])
    sheet = await taken_out(process)
    by_ref = {row["ref"]: row["theme"] for row in sheet if row.get("theme")}
    assert by_ref["8"] == "Safety"
