"""SPEC 4.4 and 4.5 as a table: what each outcome requires, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from civic.contributions.models import ClaimKind
from civic.decisions.deadlines import appeal_until, new_answer_due, reply_until, ruling_due
from civic.decisions.models import Outcome, ReasonCode
from civic.decisions.rules import (
    FIELDS,
    Answer,
    Article,
    Details,
    Part,
    Point,
    kept,
    needs_second_reader,
    packed,
    unpacked,
    wrong_with,
)
from civic.foundation import clock

POINT = Point(ClaimKind.REQUEST, received_on=date(2026, 11, 4), today=date(2026, 12, 20))
CHANGES = Article("changes", changes=True)
SAME = Article("same", changes=False)
ARTICLES = {one.public_id: one for one in (CHANGES, SAME)}

ADOPTED = Answer(Outcome.ADOPTED, {"fr": "Oui."}, provisions=("changes",))
ADAPTED = replace(
    ADOPTED,
    outcome=Outcome.ADAPTED,
    rationale={"fr": "Une autorisation suffit."},
    reason_codes=(ReasonCode.COST,),
    evidence="Comptage du 8 octobre",
    details=Details(anchor="Livrer l’après-midi", differs={"fr": "Une heure."}, cost="12 000 euros"),
)
PARTLY = Answer(
    Outcome.PARTLY,
    {"fr": "En partie."},
    {"fr": "Le créneau finit à 15 h."},
    evidence="Horaires du collège",
    parts=(
        Part({"fr": "Finir plus tôt"}, True),
        Part({"fr": "Supprimer"}, False, (ReasonCode.LAW,), {"fr": "Le bail l’impose."}),
    ),
    details=Details(anchor="Aucun camion", trigger={"fr": "Fin du bail."}, remedies={"fr": "Répondre."}),
)
ALREADY = Answer(
    Outcome.ALREADY,
    {"fr": "Déjà prévu."},
    details=Details(quotation="Les chiens guides sont admis.", in_force_on=date(2024, 1, 1)),
)
DECLINED = Answer(
    Outcome.DECLINED,
    {"fr": "Non."},
    {"fr": "Le bus passe ici."},
    reason_codes=(ReasonCode.FEASIBILITY,),
    evidence="Étude de 2025",
    details=Details(anchor="Fermer la rue", trigger={"fr": "Nouveau trajet."}, remedies={"fr": "Contester."}),
)
DEFERRED = Answer(
    Outcome.DEFERRED,
    {"fr": "Plus tard."},
    {"fr": "Le budget n’est pas voté."},
    reason_codes=(ReasonCode.TIMING,),
    evidence="Calendrier du budget",
    reopens_on=date(2027, 3, 1),
    details=Details(anchor="Des arbres", owner="Espaces verts"),
)
REFERRED = Answer(
    Outcome.REFERRED,
    {"fr": "Ailleurs."},
    details=Details(body="La région", sent_on=date(2026, 12, 1), follow_up_on=date(2027, 2, 1)),
)
NOTED = Answer(Outcome.NOTED, {"fr": "Votre récit est cité à l’article 1."})
OUT_OF_SCOPE = Answer(
    Outcome.OUT_OF_SCOPE,
    {"fr": "Hors périmètre."},
    details=Details(scope_line=2, where={"fr": "À la région."}),
)
COMPLETE = (ADOPTED, ADAPTED, PARTLY, ALREADY, DECLINED, DEFERRED, REFERRED, OUT_OF_SCOPE)


def wrong(answer: Answer, point: Point = POINT) -> set[str]:
    return set(wrong_with(kept(answer), point, ARTICLES, language="fr"))


@pytest.mark.parametrize("answer", COMPLETE, ids=lambda one: one.outcome)
def test_a_complete_answer_is_accepted(answer):
    assert wrong(answer) == set()


def test_every_outcome_but_withdrawn_can_be_written():
    assert set(FIELDS) == set(Outcome) - {Outcome.WITHDRAWN}
    assert wrong_with(Answer(Outcome.WITHDRAWN, {"fr": "x"}), POINT, {}, language="fr").keys() == {"outcome"}


@pytest.mark.parametrize(
    ("answer", "lacking"),
    [
        (ADOPTED, {"sentence": {}}),
        (ADOPTED, {"provisions": ()}),
        (ADOPTED, {"provisions": ("same",)}),
        (ADAPTED, {"provisions": ("same",)}),
        (ADAPTED, {"rationale": {}}),
        (ADAPTED, {"reason_codes": ()}),
        (ADAPTED, {"evidence": ""}),
        (ADAPTED, {"details": replace(ADAPTED.details, differs={})}),
        (ADAPTED, {"details": replace(ADAPTED.details, anchor="")}),
        (ADAPTED, {"details": replace(ADAPTED.details, cost="beaucoup")}),
        (PARTLY, {"parts": PARTLY.parts[:1]}),
        (PARTLY, {"parts": PARTLY.parts[1:]}),
        (PARTLY, {"parts": (PARTLY.parts[0], replace(PARTLY.parts[1], reason_codes=()))}),
        (PARTLY, {"parts": (PARTLY.parts[0], replace(PARTLY.parts[1], rationale={}))}),
        (PARTLY, {"parts": (replace(PARTLY.parts[0], text={}), PARTLY.parts[1])}),
        (PARTLY, {"evidence": ""}),
        (PARTLY, {"details": replace(PARTLY.details, trigger={})}),
        (PARTLY, {"details": replace(PARTLY.details, remedies={})}),
        (ALREADY, {"details": replace(ALREADY.details, quotation="")}),
        (ALREADY, {"details": replace(ALREADY.details, in_force_on=None)}),
        (ALREADY, {"details": replace(ALREADY.details, in_force_on=date(2026, 11, 5))}),
        (DECLINED, {"reason_codes": ()}),
        (DECLINED, {"rationale": {}}),
        (DECLINED, {"evidence": ""}),
        (DECLINED, {"reason_codes": (ReasonCode.RIGHTS,)}),
        (DECLINED, {"reason_codes": (ReasonCode.EVIDENCE,), "evidence": "", "is_value_choice": True}),
        (DECLINED, {"details": replace(DECLINED.details, anchor="")}),
        (DECLINED, {"details": replace(DECLINED.details, trigger={})}),
        (DECLINED, {"details": replace(DECLINED.details, remedies={})}),
        (DEFERRED, {"reopens_on": None}),
        (DEFERRED, {"reopens_on": date(2026, 12, 20)}),
        (DEFERRED, {"details": replace(DEFERRED.details, owner="")}),
        (REFERRED, {"details": replace(REFERRED.details, body="")}),
        (REFERRED, {"details": replace(REFERRED.details, sent_on=None)}),
        (REFERRED, {"details": replace(REFERRED.details, sent_on=date(2026, 12, 21))}),
        (REFERRED, {"details": replace(REFERRED.details, follow_up_on=date(2026, 12, 1))}),
        (OUT_OF_SCOPE, {"details": replace(OUT_OF_SCOPE.details, scope_line=None)}),
        (OUT_OF_SCOPE, {"details": replace(OUT_OF_SCOPE.details, where={})}),
    ],
)
def test_an_answer_lacking_what_its_outcome_requires_is_refused(answer, lacking):
    assert len(wrong(replace(answer, **lacking))) == 1


def test_a_deferral_may_wait_for_an_event_instead_of_a_day():
    waiting = replace(DEFERRED, reopens_on=None, details=replace(DEFERRED.details, event={"fr": "Le vote."}))
    assert wrong(waiting) == set()


@pytest.mark.parametrize("kind", ClaimKind)
def test_noted_is_banned_for_requests_and_objections(kind):
    asks = kind in (ClaimKind.REQUEST, ClaimKind.OBJECTION)
    assert (wrong(NOTED, replace(POINT, kind=kind)) == {"outcome"}) is asks


@pytest.mark.parametrize("outcome", [ADAPTED, DECLINED, DEFERRED, PARTLY], ids=lambda one: one.outcome)
def test_r2_a_value_choice_may_stand_in_for_evidence(outcome):
    assert wrong(replace(outcome, evidence="", is_value_choice=True)) == set()


def test_r6_no_refusal_for_vagueness_without_a_question():
    vague = replace(DECLINED, reason_codes=(ReasonCode.VAGUENESS,))
    assert wrong(vague) == {"reason_codes"}
    assert wrong(vague, replace(POINT, was_asked=True)) == set()
    part = replace(PARTLY.parts[1], reason_codes=(ReasonCode.VAGUENESS,))
    assert wrong(replace(PARTLY, parts=(PARTLY.parts[0], part))) == {"part2_reasons"}


def test_a_political_choice_can_be_said_plainly():
    said = replace(DECLINED, reason_codes=(ReasonCode.POLITICAL,), evidence="", is_value_choice=True)
    assert wrong(said) == set()


def test_errors_of_a_text_in_several_languages_name_its_first_field():
    assert wrong(replace(DECLINED, rationale={})) == {"rationale_fr"}
    part = replace(PARTLY.parts[0], text={})
    assert wrong(replace(PARTLY, parts=(part, PARTLY.parts[1]))) == {"part1_text_fr"}


def test_words_left_from_another_choice_are_not_kept():
    changed = kept(replace(DECLINED, outcome=Outcome.ADOPTED, provisions=("changes",)))
    assert changed.reason_codes == ()
    assert changed.evidence == ""
    assert changed.details == Details()
    assert kept(replace(DECLINED, details=replace(DECLINED.details, cost="3 euros"))).details.cost == ""


@pytest.mark.parametrize("answer", COMPLETE, ids=lambda one: one.outcome)
def test_what_is_stored_of_an_answer_comes_back_the_same(answer):
    assert unpacked(packed(answer.details)) == answer.details


def test_r3_light_asks_a_second_reader_for_refusals_only():
    light = {code for code in FIELDS if needs_second_reader(code, full=False)}
    assert light == {Outcome.DECLINED, Outcome.OUT_OF_SCOPE, Outcome.PARTLY}


def test_r3_full_asks_a_second_reader_for_every_answer():
    assert all(needs_second_reader(code, full=True) for code in FIELDS)


def test_delays_end_with_the_local_day():
    with clock.at(datetime(2026, 12, 31, 12, tzinfo=UTC)):
        moment = clock.now()
        assert clock.local_day(reply_until(moment)) == date(2027, 1, 22)
        assert clock.local_day(appeal_until(moment)) == date(2027, 3, 1)
        assert clock.local_day(ruling_due(moment)) == date(2027, 1, 31)
        assert clock.local_day(new_answer_due(moment)) == date(2027, 1, 21)
