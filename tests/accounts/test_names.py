"""Names that look alike have one skeleton; what cannot be seen has no place in a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts import names

ALIKE = (
    ("Otto Lambert", "Оttо Lаmbеrt"),
    ("Otto Lambert", "OTTO-LAMBERT"),
    ("Otto Lambert", "0tt0 Lambert"),
    ("Paul", "PauI"),
    ("Paul", "Pau1"),
    ("Élodie", "Elodie"),
    ("Marie", "Мarіe"),
    ("Karin", "Κarin"),
    ("Simon", "𝐒𝐢𝐦𝐨𝐧"),
    ("Simon", "ｓｉｍｏｎ"),
    ("Arne", "Ame"),
    ("Walter", "VValter"),
    ("Nina", "N\u200bina"),
)
APART = (("Otto", "Olga"), ("Ada", "Bo"), ("Nina", "Nino"), ("Иван", "Петр"), ("王芳", "李娜"))


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_share_a_skeleton(one, other):
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_differ_do_not(one, other):
    assert names.skeleton(one) != names.skeleton(other)


@given(st.text(max_size=80))
def test_a_skeleton_has_a_skeleton_of_its_own_and_fits_its_column(name):
    found = names.skeleton(name)
    assert len(found) <= 160
    assert names.skeleton(found) == found


@pytest.mark.parametrize(
    "name", ["Ada\u202eBelin", "Ada\u2066Belin", "A\u200dda", "Ada\ufeff", "\u200bAda", "Ada\u00ad"]
)
def test_what_cannot_be_seen_is_refused(name):
    assert names.what_is_wrong(name) is not None


@pytest.mark.parametrize(
    "name", ["Mairie", "la mairie", "Моdеrator", "ADMIN", "Équipe de modération", "a@b.example", "42"]
)
def test_names_that_pass_for_the_public_body_are_refused(name):
    assert names.what_is_wrong(name) is not None


@pytest.mark.parametrize(
    "name", ["Ada Belin", "Ngũgĩ", "Zoë", "王芳", "علي", "O’Neill", "Jean-Noël D.", "Мария"]
)
def test_names_of_people_are_accepted(name):
    assert names.what_is_wrong(name) is None
