"""The first wall: a route is open to those its mark names."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from civic.foundation.access import guarded
from civic.foundation.viewer import Held, Viewer
from civic.foundation.web import Mark, open_to, safe_next
from tests.foundation.house import post, sign_in


async def test_a_stranger_is_sent_to_sign_in_and_back(house):
    answer = await house.get("/mine?page=2&q=a b")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/mine%3Fpage%3D2%26q%3Da%2520b"


async def test_a_stranger_who_sends_a_form_is_refused_with_the_words_kept(house):
    answer = await post(house, "/mine", {"body": "My long and careful words."})
    assert answer.status_code == 403
    assert "My long and careful words." in answer.text
    assert "Please sign in first." in answer.text


async def test_htmx_is_told_to_go_to_the_sign_in_page(house):
    answer = await house.get("/mine", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/mine"


async def test_a_participant_enters(house):
    sign_in(house, "ada")
    assert (await house.get("/mine")).text == "of Ada"


async def test_a_participant_without_the_role_is_refused_with_the_reason(house):
    sign_in(house, "ada")
    answer = await house.get("/queue")
    assert answer.status_code == 403
    assert "a role that you do not have here" in answer.text


async def test_a_role_held_in_one_process_opens_the_route(house):
    sign_in(house, "mira")
    assert (await house.get("/queue")).text == "queue"


async def test_a_guest_with_a_secret_code_is_not_signed_in(house):
    sign_in(house, "a-guest")
    assert (await house.get("/mine")).status_code == 303
    assert (await house.get("/read")).status_code == 200


async def test_a_session_that_ended_loses_its_cookie(house):
    sign_in(house, "somebody-gone")
    answer = await house.get("/read")
    assert answer.status_code == 200
    assert "civic=" in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_head_answers_like_get(house):
    assert (await house.head("/read")).status_code == 200
    assert (await house.head("/mine")).status_code == 303


async def test_signing_in_sets_a_cookie_for_this_host_only(public_house):
    given = (await public_house.get("/enter")).headers["set-cookie"]
    assert given.startswith("__Host-civic=token-of-ada;")
    for mark in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=60"):
        assert mark in given
    assert "omain" not in given


async def test_on_this_machine_the_cookie_has_a_plain_name(house):
    given = (await house.get("/enter")).headers["set-cookie"]
    assert given.startswith("civic=token-of-ada;")
    assert "Secure" not in given


async def test_signing_out_clears_what_the_browser_kept(house):
    answer = await house.get("/leave")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_signing_out_takes_the_code_of_a_receipt_back(house):
    sign_in(house, "ada")
    house.cookies.set("civic-receipt", "P1-2026-000001-A.ABCD-EFGH-JKMNP")
    answer = await house.get("/leave")
    dropped = [one for one in answer.headers.get_list("set-cookie") if one.startswith("civic-receipt=")]
    assert dropped
    assert "Max-Age=0" in dropped[0]


async def test_an_address_with_a_nul_names_nothing(house):
    assert (await house.get("/fail/%00")).status_code == 404
    assert (await house.get("/api/fail/a%00b")).status_code == 404


def test_a_route_without_a_mark_keeps_the_house_shut():
    async def forgotten(request): ...

    with pytest.raises(RuntimeError, match="does not say whom"):
        guarded([Route("/forgotten", forgotten)])


def test_a_mark_must_name_a_known_audience():
    with pytest.raises(ValueError, match="no such audience"):
        open_to("admins")
    with pytest.raises(ValueError, match="no such audience"):
        open_to()


@pytest.mark.parametrize(
    ("audience", "role", "admitted"),
    [
        ("moderators", "moderator", True),
        ("moderators", "official", False),
        ("officials", "official", True),
        ("officials", "reviewer", True),
        ("officials", "decision_maker", True),
        ("administrators", "administrator", True),
        ("administrators", "official", False),
        ("appeal_readers", "appeal_reader", True),
        ("staff", "moderator", True),
        ("staff", "participant", False),
    ],
)
def test_each_audience_is_a_set_of_roles(audience, role, admitted):
    viewer = Viewer(participant=1, roles=frozenset({Held(role, "p")}))
    assert Mark(frozenset({audience})).admits(viewer) is admitted


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/mine", "/mine"),
        ("/mine?page=2&q=été", "/mine?page=2&q=%C3%A9t%C3%A9"),
        ("/c/abc#p2", "/c/abc#p2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/%0d%0aSet-Cookie:a=b", "/"),
        ("/a\r\nb", "/"),
        ("/a@evil.example", "/"),
        ("/\tevil", "/"),
        (" /mine", "/"),
        ("", "/"),
        (None, "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_a_redirect_stays_on_this_site(asked, kept):
    assert safe_next(asked) == kept
