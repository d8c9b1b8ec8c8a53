"""An official answers every real point of two cities by keyboard alone; each key is counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from civic.decisions.models import Outcome, ReasonCode
from civic.decisions.queries import PointFilter, desk_of, matching
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
"""Keys a point may cost besides the words: in a group, and alone."""
ALONE = 12
"""How many points of each city are answered one by one: a remark, and the eight other outcomes in turn."""
REMARKS = {"moers": "pech", "cologne": "gosse"}
"""A word that only one text of the city has; that text is read as a remark, which asks for nothing."""
PATIENT = 60_000
"""Milliseconds a page may take that shows a hundred points at once, on a busy machine."""
LISTENER = """
(() => {
  const add = (name) => sessionStorage.setItem(name, 1 + Number(sessionStorage.getItem(name) || 0));
  addEventListener("keydown", () => add("keys"), true);
  const hand = ["pointerdown", "pointermove", "mousedown", "mousemove", "touchstart", "wheel"];
  for (const kind of hand) addEventListener(kind, () => add("hand"), true);
})();
"""
"""Counts in the page, over every page of the window: each key, each event of mouse or finger."""

DIGITS = {code: str(at) for at, code in enumerate((one for all in FAMILIES.values() for one in all), 1)}
FEASIBLE = str(1 + list(SPOKEN["reasons"]).index(ReasonCode.FEASIBILITY))
SENTENCE = "sentence_fr"


@dataclass(frozen=True)
class Field:
    """A field for words or for a date, or a list in which a digit ticks a line."""

    name: str
    words: str = ""
    day: str = ""
    line: str = ""


WHY = Field("rationale_fr", "La rue est trop étroite à cet endroit, mesurée sur place.")
GROUND = Field("evidence", "Relevé du service des rues, octobre")
TRIGGER = Field("trigger_fr", "Quand la rue sera refaite.")
REASON = Field("reason_codes", line=FEASIBLE)
ARTICLE = Field("provisions", line="2")
FIELDS: dict[Outcome, list[Field]] = {
    Outcome.ADOPTED: [ARTICLE],
    Outcome.ADAPTED: [
        Field("differs_fr", "Une couleur au sol plutôt qu’un panneau."),
        REASON,
        WHY,
        GROUND,
        ARTICLE,
    ],
    Outcome.PARTLY: [
        Field("part1_text_fr", "Le carrefour"),
        Field("part2_text_fr", "Le reste de la rue"),
        Field("part2_reasons", line=FEASIBLE),
        Field("part2_rationale_fr", "Trop étroit pour deux bandes."),
        WHY,
        GROUND,
        TRIGGER,
        ARTICLE,
    ],
    Outcome.DECLINED: [REASON, WHY, GROUND, TRIGGER],
    Outcome.DEFERRED: [Field("owner", "Service des rues"), REASON, WHY, GROUND],
    Outcome.REFERRED: [Field("body", "Le Land")],
    Outcome.ALREADY: [
        Field("quotation", "Les bandes cyclables sont rouges."),
        Field("in_force_on", day="03032015"),
    ],
    Outcome.OUT_OF_SCOPE: [
        Field("scope_line", line="3"),
        Field("where_fr", "Écrivez à la région, qui décide des trains."),
    ],
    Outcome.NOTED: [],
}
"""What each outcome needs after its sentence, in the order in which F2 leads there."""
ROUND = [code for code in FIELDS if code is not Outcome.NOTED]
ANCHORED = (Outcome.ADAPTED, Outcome.PARTLY, Outcome.DECLINED, Outcome.DEFERRED)
ANCHOR = Field("anchor", "Vous parlez de la même rue.")
"""What is quoted by itself for one point, and restated for several."""

GROUPS: dict[str, dict[str, Outcome]] = {
    "moers": {
        "kreisverkehr": Outcome.ADAPTED,
        "krefelder": Outcome.REFERRED,
        "bahnhof": Outcome.ALREADY,
        "kreuzung": Outcome.DEFERRED,
        "ampel": Outcome.DECLINED,
        "radweg": Outcome.ADOPTED,
        "": Outcome.DECLINED,
    },
    "cologne": {
        "venloer": Outcome.PARTLY,
        "kreuzung": Outcome.OUT_OF_SCOPE,
        "subbelrather": Outcome.DEFERRED,
        "vogelsanger": Outcome.REFERRED,
        "ampel": Outcome.ADAPTED,
        "radweg": Outcome.ADOPTED,
        "": Outcome.DECLINED,
    },
}
"""The words by which points are found for one answer, and that answer; without a word: all that are left."""
OWN = (Outcome.ADAPTED, Outcome.ADOPTED)
"""Where a group has this outcome, its first point has that one."""


@dataclass
class Keyboard:
    """The hands of the official: keys are counted, words of the answer apart, dates apart."""

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

    async def go(self, *keys: str) -> None:
        """Press what leads to another page."""
        async with self.window.page.expect_navigation(wait_until="load"):
            await self.press(*keys)

    async def is_at(self, name: str) -> None:
        landed = await self.window.page.evaluate("() => document.activeElement.name")
        assert landed == name, f"the keys lead to {landed!r} instead of {name!r}"

    async def say(self, words: str) -> None:
        """Write words of the answer in the field."""
        await self.window.page.keyboard.insert_text(words)
        self.words += len(words.split())

    async def fill(self, field: Field) -> None:
        """Go to the next thing that is needed, which is this field, and fill it in."""
        await self.press("F2")
        await self.is_at(field.name)
        if field.line:
            await self.press(field.line)
        elif field.day:
            await self.window.page.keyboard.type(field.day)
            self.dates += len(field.day)
        else:
            await self.say(field.words)

    async def choose(self, outcome: Outcome, first: str) -> None:
        """Choose an outcome by its digit; its fields come, and the first thing they need has the focus."""
        await self.press(DIGITS[outcome])
        await self.window.page.wait_for_selector(f'[name="{first}"]:focus')
        last = [Field(SENTENCE), *FIELDS[outcome]][-1].name
        assert await self.window.page.locator(f'#needs [name="{last}"]').count()


@dataclass
class Tally:
    """What answers cost: for each, how many points it serves, the keys, and the digits of its date."""

    costs: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)

    def add(self, name: str, points: int, keys: int, dates: int) -> None:
        self.costs.setdefault(name, []).append((points, keys, dates))

    @property
    def points(self) -> int:
        return sum(points for costs in self.costs.values() for points, _, _ in costs)

    @property
    def keys(self) -> int:
        return sum(keys for costs in self.costs.values() for _, keys, _ in costs)


async def a_city(name: str):
    """Import the points of a city; some weeks later they wait for their answers."""
    with days_ago(40):
        done, process = await the_process_of(CITIES[name], name)
    otto = await cast.a_person("Otto", "official", process=process.public_id, language="fr")
    decision = await cast.a_decision(otto, process)
    for _ in range(3):
        await cast.an_article(otto, decision)
    desk = await desk_of(decision)
    (found,) = await matching(decision, desk, PointFilter(query=REMARKS[name]))
    await as_a_remark(otto, found.public_id)
    return done, otto, decision, process


async def _answered(process_id: int) -> int:
    """Count in the database the points that have an answer."""
    (row,) = await db.rows(
        "SELECT count(DISTINCT k.id) AS n FROM claim k JOIN contribution c ON c.id = k.contribution_id "
        "JOIN disposition d ON d.claim_id = k.id JOIN disposition_version v ON v.disposition_id = d.id "
        "WHERE c.process_id = ? AND k.retired_at IS NULL",
        process_id,
    )
    return int(row["n"])


async def answer_alone(keys: Keyboard, word: str, count: int, tally: Tally) -> None:
    """Note the remark found by a word; answer so many points more one by one, each outcome in turn."""
    before, dates = keys.pressed, keys.dates
    for number in range(count + 1):
        outcome = ROUND[(number - 1) % len(ROUND)] if number else Outcome.NOTED
        if number < 2:
            await _walk_to_the_first(keys, "" if number else word)
        claim = keys.window.path
        await keys.choose(outcome, SENTENCE)
        await keys.say(f"Réponse {number} : vos mots ont décidé de cette suite.")
        for one in FIELDS[outcome]:
            await keys.fill(one)
        ends_in_a_list = bool(FIELDS[outcome]) and bool(FIELDS[outcome][-1].line)
        await keys.go("s" if ends_in_a_list else "Control+Enter")
        assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))
        assert (keys.window.path == claim) == (number == 0), "it leads to the next point; the remark has none"
        tally.add(outcome, 1, keys.pressed - before, keys.dates - dates)
        before, dates = keys.pressed, keys.dates
        if number == 0:
            await keys.go("u")


async def _walk_to_the_first(keys: Keyboard, word: str) -> None:
    """Open the first point to answer, or the first that has a word."""
    await keys.go("t")
    if word:
        await keys.press("f")
        await keys.letters(word)
        await keys.go("Enter")
    await keys.go("Enter")


async def answer_together(keys: Keyboard, word: str, outcome: Outcome) -> None:
    """Find points by a word, give them one answer, look at it, keep it."""
    page, name = keys.window.page, word or "restants"
    await keys.go("t")
    if word:
        await keys.press("f")
        await keys.letters(word)
        await keys.go("Enter")
    await keys.go("g")
    if outcome is OWN[0]:
        await keys.press("d", "ArrowDown", "Tab")
        assert await page.locator(".at select").input_value() == OWN[1]
        await keys.say("Ce point-ci est retenu tel quel.")
        await keys.press("Escape")
    await keys.choose(outcome, "label_fr")
    await keys.letters(f"points {name}")
    await keys.fill(Field(SENTENCE, f"La même réponse pour ces points ({name})."))
    for one in [*([ANCHOR] if outcome in ANCHORED else []), *FIELDS[outcome]]:
        await keys.fill(one)
    await keys.go("Control+Enter")
    assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))
    assert await page.locator("article.sheet").count() == (2 if outcome is OWN[0] else 1)
    await keys.go("Control+Enter")
    assert not await errors_of(keys.window), (outcome, await errors_of(keys.window))


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_every_real_point_of_two_cities_is_answered_by_keyboard(acting, windows, look, record_property):
    expected = {name: cimt_counts(path).claims for name, path in CITIES.items()}
    alone, together = Tally(), Tally()
    for name in CITIES:
        done, otto, decision, process = await a_city(name)
        assert done.held.claims == expected[name]
        async with windows(look, await cookie_of(otto)) as window:
            window.context.set_default_timeout(PATIENT)
            await window.context.add_init_script(LISTENER)
            await window.open(f"/desk/decisions/{decision.public_id}")
            keys = Keyboard(window)
            await answer_alone(keys, REMARKS[name], ALONE - 1, alone)
            assert await _answered(process.id) == ALONE
            before = keys.pressed
            await keys.go("u")
            for word, outcome in GROUPS[name].items():
                has, dates = await _answered(process.id), keys.dates
                await answer_together(keys, word, outcome)
                served = await _answered(process.id) - has
                together.add(
                    f"{name}: {word or 'all left'}", served, keys.pressed - before, keys.dates - dates
                )
                before = keys.pressed
            counted = await window.page.evaluate(
                "() => ['keys', 'hand'].map((name) => Number(sessionStorage.getItem(name) || 0))"
            )
            assert counted == [keys.pressed + keys.dates, 0], (
                "the page saw these keys, and no mouse or finger"
            )
        assert await _answered(process.id) == expected[name], "every point has an answer"
    report(alone, together, record_property)
    assert alone.points + together.points == sum(expected.values())
    assert {*alone.costs} == {*FIELDS}, "each outcome was given alone"
    for outcome, costs in alone.costs.items():
        for _, pressed, dates in costs:
            assert pressed <= MOST_SINGLE, outcome
            assert not dates or outcome == Outcome.ALREADY, "no other answer has a date that must be typed"
    for group, costs in together.costs.items():
        for points, pressed, dates in costs:
            assert pressed + dates <= MOST_GROUPED * points, group


def report(alone: Tally, together: Tally, record_property) -> None:
    """Say what was counted, for each point alone and for each group."""
    for name, tally in (("alone", alone), ("together", together)):
        dates = sum(one for costs in tally.costs.values() for *_, one in costs)
        said = f"{tally.points} points, {tally.keys} keys and {dates} digits of dates"
        record_property(name, said)
        print(f"\n{name}: {said}")
        for group, costs in tally.costs.items():
            print(f"  {group}: " + ", ".join(f"{p} points {k} keys {d} digits" for p, k, d in costs))
