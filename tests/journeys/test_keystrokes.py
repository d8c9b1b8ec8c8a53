"""An official answers every real point of two cities by keyboard alone; every press of a key is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from civic.contributions.models import ClaimKind
from civic.decisions.models import Outcome, ReasonCode
from civic.decisions.queries import desk_of
from civic.decisions.rules import FAMILIES
from civic.decisions.words import SPOKEN
from civic.foundation import database as db
from tests import cast
from tests.journeys.browsers import Look, Window
from tests.journeys.people import cookie_of, errors_of
from tests.journeys.stories import days_ago
from tests.opendata.independent_counts import ABSENT, COLOGNE, MOERS, cimt_counts
from tests.opendata.test_real_points import as_a_remark, the_process_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.data,
    pytest.mark.skipif(not MOERS.exists(), reason=ABSENT),
    pytest.mark.asyncio(loop_scope="session"),
]

CITIES = {"moers": MOERS, "cologne": COLOGNE}
MOST_GROUPED, MOST_SINGLE = 3, 12
"""Keys a point may cost: in a group, and alone."""

PATIENT = 60_000
"""Milliseconds a page may take that shows two hundred points at once, on a busy machine."""
LISTENER = """
(() => {
  const add = (name) => sessionStorage.setItem(name, 1 + Number(sessionStorage.getItem(name) || 0));
  addEventListener("keydown", () => add("keys"), true);
  for (const kind of ["pointerdown", "touchstart", "wheel"]) addEventListener(kind, () => add("hand"), true);
})();
"""
"""Counts in the page, over every page of the window: each key that goes down, each touch of anything else."""

DIGITS = {code: str(at) for at, code in enumerate((one for all in FAMILIES.values() for one in all), 1)}
FEASIBLE = str(1 + list(SPOKEN["reasons"]).index(ReasonCode.FEASIBILITY))
YEAR = date.today().year  # noqa: DTZ011


@dataclass(frozen=True)
class Step:
    """A field the official goes to: by which keys, and what is written there."""

    keys: Sequence[str]
    name: str
    words: str = ""
    day: str = ""
    choice: str = ""


def needed(name: str, words: str = "", *, day: str = "", choice: str = "") -> Step:
    """Go to the next thing that is needed."""
    return Step(("F2",), name, words, day, choice)


def tabs(count: int, name: str, words: str = "", *, day: str = "") -> Step:
    """Go on with Tab."""
    return Step(("Tab",) * count, name, words, day)


WHY = needed("rationale_fr", "La rue est trop étroite à cet endroit, mesurée sur place.")
GROUND = tabs(2, "evidence", "Relevé du service des rues, octobre")
TRIGGER = needed("trigger_fr", "Quand la rue sera refaite.")
SENTENCE = needed("sentence_fr")
STEPS: dict[Outcome, list[Step]] = {
    Outcome.ADOPTED: [SENTENCE, needed("provisions", choice="1")],
    Outcome.ADAPTED: [
        SENTENCE,
        needed("differs_fr", "Une couleur au sol plutôt qu’un panneau."),
        needed("reason_codes", choice=FEASIBLE),
        WHY,
        GROUND,
        needed("provisions", choice="1"),
    ],
    Outcome.PARTLY: [
        SENTENCE,
        needed("part1_text_fr", "Le carrefour"),
        needed("part1_is", choice="1"),
        needed("part2_text_fr", "Le reste de la rue"),
        needed("part2_is", choice="2"),
        needed("part2_reasons", choice=FEASIBLE),
        needed("part2_rationale_fr", "Trop étroit pour deux bandes."),
        WHY,
        GROUND,
        TRIGGER,
        Step(("Escape", "r"), "provisions", choice="1"),
    ],
    Outcome.DECLINED: [SENTENCE, needed("reason_codes", choice=FEASIBLE), WHY, GROUND, TRIGGER],
    Outcome.DEFERRED: [
        SENTENCE,
        tabs(3, "reopens_on", day=f"0505{YEAR + 1}"),
        needed("owner", "Service des rues"),
        needed("reason_codes", choice=FEASIBLE),
        WHY,
        GROUND,
    ],
    Outcome.REFERRED: [
        SENTENCE,
        needed("body", "Le Land"),
        needed("sent_on", day=f"0101{YEAR}"),
        needed("follow_up_on", day=f"0505{YEAR + 1}"),
    ],
    Outcome.ALREADY: [
        SENTENCE,
        needed("quotation", "Les bandes cyclables sont rouges."),
        needed("in_force_on", day="03032015"),
    ],
    Outcome.OUT_OF_SCOPE: [
        SENTENCE,
        needed("scope_line", choice="3"),
        needed("where_fr", "Écrivez à la région, qui décide des trains."),
    ],
    Outcome.NOTED: [SENTENCE],
}
"""What each outcome asks for, in the order in which the official meets it."""
ROUND = [code for code in STEPS if code is not Outcome.NOTED]
GROUPS = {
    "Radweg": Outcome.ADOPTED,
    "Ampel": Outcome.DECLINED,
    "Kreuzung": Outcome.DEFERRED,
    "Schild": Outcome.ALREADY,
    "": Outcome.DECLINED,
}
"""The words by which points are found for one answer, and that answer; without a word: all that are left."""


@dataclass
class Keyboard:
    """The hands of the official: what they press is counted, the words of the answer are not."""

    window: Window
    pressed: int = 0
    dates: int = 0
    words: int = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.window.page.keyboard.press(key)
            self.pressed += 1 + key.count("+")

    async def letters(self, letters: str) -> None:
        """Type what is no word of an answer: the word of a search, the name of a group."""
        await self.window.page.keyboard.type(letters)
        self.pressed += len(letters)

    async def date(self, digits: str) -> None:
        """Type the date an answer gives; counted apart."""
        await self.window.page.keyboard.type(digits)
        self.dates += len(digits)

    async def say(self, words: str) -> None:
        """Write words of the answer."""
        await self.window.page.keyboard.insert_text(words)
        self.words += len(words.split())

    async def go(self, *keys: str) -> None:
        """Press what leads to another page."""
        async with self.window.page.expect_navigation(wait_until="load"):
            await self.press(*keys)

    async def tab_to(self, selector: str) -> None:
        here = "selector => document.activeElement.matches(selector)"
        for _ in range(90):
            if await self.window.page.evaluate(here, selector):
                return
            await self.press("Tab")
        raise AssertionError(f"{selector} cannot be reached on {self.window.page.url}")

    async def take(self, step: Step, words: str = "") -> None:
        """Go to a field and fill it in; the official lands where they expect to."""
        await self.press(*step.keys)
        landed = await self.window.page.evaluate("() => document.activeElement.name")
        assert landed == step.name, f"{step.keys} leads to {landed!r} instead of {step.name!r}"
        if step.choice:
            await self.press(step.choice)
        elif step.day:
            await self.date(step.day)
        else:
            await self.say(step.words or words)

    async def choose(self, outcome: Outcome) -> None:
        """Choose an outcome by its digit; its fields come."""
        await self.press(DIGITS[outcome])
        await self.window.page.wait_for_selector(
            f'#needs [name="{STEPS[outcome][-1].name}"]', state="attached"
        )
        await self.window.page.wait_for_function("() => !document.querySelector('.htmx-request')")


@dataclass
class Tally:
    """What the answers of one kind cost."""

    points: int = 0
    keys: int = 0
    dates: int = 0
    costs: dict[Outcome, list[int]] = field(default_factory=dict)


async def a_city(name: str):
    """Import the points of a city; some weeks later they wait for their answers."""
    with days_ago(40):
        done, process = await the_process_of(CITIES[name], name)
    here = process.public_id
    otto = await cast.a_person("Otto", "official", process=here, language="fr")
    decision = await cast.a_decision(otto, process)
    await cast.an_article(otto, decision)
    for claim in await _whole_texts(process.id, 2):
        await as_a_remark(otto, claim)
    return done, otto, decision


async def _whole_texts(process_id: int, count: int) -> list[str]:
    found = await db.rows(
        "SELECT k.public_id FROM claim k JOIN contribution c ON c.id = k.contribution_id "
        "WHERE c.process_id = ? AND k.origin = 'whole' AND k.retired_at IS NULL ORDER BY k.id LIMIT ?",
        process_id,
        count,
    )
    return [row["public_id"] for row in found]


async def _kind_of(claim: str) -> ClaimKind:
    (row,) = await db.rows("SELECT kind FROM claim WHERE public_id = ?", claim)
    return ClaimKind(row["kind"])


TO_ANSWER = 'a[href$="state=unanswered&who=nobody"]'


async def answer_alone(keys: Keyboard, count: int, tally: Tally) -> None:
    """Answer so many points one by one, each outcome in turn; a remark is noted."""
    start, dates = keys.pressed, keys.dates
    await keys.tab_to(TO_ANSWER)
    await keys.go("Enter")
    await keys.go("Enter")
    for number in range(count):
        before = keys.pressed
        claim = keys.window.path.rpartition("/")[2]
        is_remark = await _kind_of(claim) is ClaimKind.REMARK
        outcome = Outcome.NOTED if is_remark else ROUND[number % len(ROUND)]
        await keys.choose(outcome)
        for step in STEPS[outcome]:
            await keys.take(step, f"Réponse {number} : vos mots ont décidé de cette suite.")
        await keys.go("Control+Enter")
        assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))
        assert keys.window.path.rpartition("/")[2] != claim
        tally.costs.setdefault(outcome, []).append(keys.pressed - before)
    await keys.go("u")
    tally.points, tally.keys = tally.points + count, tally.keys + keys.pressed - start
    tally.dates += keys.dates - dates


async def answer_together(keys: Keyboard, word: str, outcome: Outcome, tally: Tally) -> None:
    """Find points by a word, give them one answer, look at it, keep it."""
    start, dates, page = keys.pressed, keys.dates, keys.window.page
    await keys.tab_to(TO_ANSWER)
    await keys.go("Enter")
    if word:
        await keys.tab_to('input[name="q"]')
        await keys.letters(word)
        await keys.go("Enter")
    await keys.go("g")
    await keys.choose(outcome)
    await keys.press("e")
    await keys.letters(f"Points {word or 'restants'}")
    steps = STEPS[outcome]
    anchor = [needed("anchor", "Vous parlez de la même rue.")] * (
        outcome in (Outcome.DECLINED, Outcome.DEFERRED)
    )
    for step in [steps[0], *anchor, *steps[1:]]:
        if anchor and step.name == "reopens_on":
            step = tabs(1, step.name, day=step.day)
        await keys.take(step, f"La même réponse pour ces points ({word or 'restants'}).")
    await keys.go("Control+Enter")
    assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))
    await page.wait_for_selector("article.sheet")
    await keys.go("Control+Enter")
    assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))
    tally.keys += keys.pressed - start
    tally.dates += keys.dates - dates


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_every_real_point_of_two_cities_is_answered_by_keyboard(acting, windows, look, record_property):
    expected = sum(cimt_counts(path).claims for path in CITIES.values())
    alone, together = Tally(), Tally()
    total = words = 0
    for name, path in CITIES.items():
        done, otto, decision = await a_city(name)
        assert done.held.claims == cimt_counts(path).claims
        desk = f"/desk/decisions/{decision.public_id}"
        async with windows(look, await cookie_of(otto)) as window:
            window.context.set_default_timeout(PATIENT)
            await window.context.add_init_script(LISTENER)
            await window.open(desk)
            keys = Keyboard(window)
            await answer_alone(keys, 10, alone)
            for word, outcome in GROUPS.items():
                await answer_together(keys, word, outcome, together)
            counted = await window.page.evaluate(
                "() => [Number(sessionStorage.getItem('keys')), Number(sessionStorage.getItem('hand') || 0)]"
            )
            assert counted == [keys.pressed + keys.dates, 0], (
                "the page counts what the hands did, and nothing but keys"
            )
            words += keys.words
        points = (await desk_of(decision)).points
        assert len(points) == cimt_counts(path).claims
        assert [one.public_id for one in points if not one.answer_version] == [], "every point has an answer"
        total += len(points)
    together.points = total - alone.points
    assert total == expected
    report(alone, together, record_property)
    assert together.keys + together.dates <= MOST_GROUPED * together.points
    each = [cost for costs in alone.costs.values() for cost in costs]
    assert len(each) == alone.points
    assert sum(each) <= MOST_SINGLE * len(each), "on the average; the way to the first point is counted apart"


def report(alone: Tally, together: Tally, record_property) -> None:
    """Say what was counted: keys with the way to the points, the digits of dates, and each point alone."""
    for name, tally in (("alone", alone), ("together", together)):
        said = f"{tally.points} points, {tally.keys} keys and {tally.dates} digits of dates"
        record_property(name, said)
        print(f"\n{name}: {said}")
    for outcome, costs in sorted(alone.costs.items()):
        print(f"  {outcome}: {costs}")
