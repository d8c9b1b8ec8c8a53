"""Follow by mail only: the address is confirmed by a link for this alone, and one press stops it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts.models import LinkPurpose, MailLink
from civic.app import handlers, subscribe
from civic.foundation import clock, database, queue
from civic.notices import actions as notices
from civic.notices.models import Follow, Follower, Mail, MailStop, Notice
from civic.processes import actions as processes
from tests import cast

pytestmark = pytest.mark.usefixtures("database")
ADDRESS = "gus@town.example"


@pytest.fixture(autouse=True)
def _house():
    subscribe()


def place(process):
    return f"/following/process/{process.public_id}"


async def ask(client, process, address=ADDRESS, pace="once"):
    return await cast.fill(client, place(process), place(process), address=address, pace=pace)


async def confirmed(client, process, **given):
    await ask(client, process, **given)
    link = await cast.mailed_path("follow.confirm")
    return await cast.fill(client, link, link)


async def happen(process):
    await processes.mark_closed(cast.SYSTEM, process, {"en": "Done.", "fr": "Fini."})
    await queue.work_off(handlers())
    await notices.write_due()


async def stop_link(kind="follow.news"):
    newest = await Notice.filter(kind=kind).order_by("-id").first()
    return f"/notices/stop/{notices.stop_token(newest.public_id)}"


async def test_nothing_is_followed_before_the_link_is_used_by_a_press(client):
    process = await cast.a_process()
    assert (await ask(client, process)).headers["location"] == "/following/sent"
    link = await cast.mailed_path("follow.confirm")
    assert (await client.get(link)).status_code == 200
    assert not await Follow.all().exists(), "looking follows nothing"
    assert (await cast.fill(client, link, link)).status_code == 200
    assert await Follow.all().count() == 1
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link)).status_code in (403, 404)


async def test_the_token_is_kept_as_a_digest_and_opens_nothing_else(client):
    process = await cast.a_process()
    await ask(client, process)
    token = (await cast.mailed_path("follow.confirm")).rpartition("/")[2]
    kept = await MailLink.get(purpose="follow")
    assert token not in str([getattr(kept, name) for name in kept._meta.fields_map if name != "participant"])
    for other in ("/links/", "/confirmations/"):
        assert (await client.get(other + token)).status_code == 404
    strange = await accounts.make_link(LinkPurpose.SIGN_IN, ADDRESS, subject=f"process/{process.public_id}")
    assert (await client.get(f"/following/links/{strange}")).status_code == 404
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert (await client.get(f"/following/links/{token}")).status_code == 404


async def test_nothing_tells_whether_an_address_is_known(client):
    process, ada = await cast.a_process(), await cast.a_person("Ada")
    known = (await database.rows("SELECT address FROM participant WHERE id = ?", ada.participant))[0][
        "address"
    ]
    await confirmed(client, process)
    mails = []
    for address in (known, ADDRESS, "new@town.example"):
        answer = await ask(client, process, address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/following/sent")
        sent = await Notice.filter(kind="follow.confirm").order_by("-id").first()
        assert sent.address == address
        mails.append({name: value for name, value in sent.data.items() if name not in ("path", "until")})
    assert mails[0] == mails[1] == mails[2]


async def test_a_wrong_address_is_said_in_the_form(client):
    process = await cast.a_process()
    answer = await ask(client, process, "not an address")
    assert answer.status_code == 422
    assert "Error: " in answer.text


async def test_requests_are_counted_per_address(client):
    process = await cast.a_process()
    answers = [(await ask(client, process)).status_code for _ in range(12)]
    assert answers.count(303) == 10
    assert answers[-1] == 429


async def test_one_press_of_a_mail_program_stops_and_forgets_the_address(client):
    process = await cast.a_process()
    await confirmed(client, process)
    await happen(process)
    link = await stop_link()
    shown = (await client.get(link)).text
    assert process.title["en"] in shown
    assert await Follow.all().count() == 1, "looking stops nothing"
    answer = await client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not await Follow.all().exists()
    assert not await Follower.all().exists()
    assert not await MailStop.all().exists(), "another follow, asked for later, is not stopped by it"
    assert (await client.post(link)).status_code == 200, "twice is once"


async def test_a_stop_link_ends_what_its_message_is_about_and_nothing_else(client):
    first, second = await cast.a_process(), await cast.a_process()
    await confirmed(client, first)
    await confirmed(client, second)
    await happen(first)
    await client.post(await stop_link())
    assert [one.subject for one in await Follow.all()] == [f"process/{second.public_id}"]


async def test_the_stop_link_of_a_digest_ends_every_digest(client):
    first, second, third = [await cast.a_process() for _ in range(3)]
    await confirmed(client, first, pace="daily")
    await confirmed(client, second, pace="weekly")
    await confirmed(client, third, pace="once")
    await happen(first)
    with clock.at(clock.now() + timedelta(days=2)):
        await notices.write_due()
    link = await stop_link("follow.digest")
    assert "by the day" in (await client.get(link)).text
    await client.post(link)
    assert [one.subject for one in await Follow.all()] == [f"process/{third.public_id}"]


async def test_a_stop_holds_for_a_message_that_waits_to_be_sent(client):
    process = await cast.a_process()
    await confirmed(client, process)
    await happen(process)
    await client.post(await stop_link())
    notice = await Notice.get(kind="follow.news")
    assert (await Mail.get(notice_id=notice.id)).state == "retracted"


async def test_an_account_made_later_takes_over_what_its_address_followed(client):
    process, other = await cast.a_process(), await cast.a_process()
    await confirmed(client, process)
    await confirmed(client, other)
    async with database.transaction():
        person = await accounts.make_account("Gus", ADDRESS, "en")
    gus = await cast.as_viewer(person.id)
    assert not await Follower.filter(address=ADDRESS).exists()
    await cast.sign_in(client, gus)
    shown = (await client.get("/following")).text
    assert process.title["en"] in shown
    assert other.title["en"] in shown
    await happen(process)
    assert (await Notice.get(kind="follow.news")).recipient == f"participant/{gus.public_id}"


async def test_following_by_mail_with_the_address_of_an_account_follows_with_it(client):
    process, ada = await cast.a_process(), await cast.a_person("Ada")
    address = (await database.rows("SELECT address FROM participant WHERE id = ?", ada.participant))[0][
        "address"
    ]
    await confirmed(client, process, address=address)
    assert (await Follower.get()).key == f"participant/{ada.public_id}"


async def test_the_mail_says_why_links_each_line_and_can_be_stopped(client, monkeypatch):
    from civic import settings
    from tests.notices.post_office import post_office

    process = await cast.a_process()
    await confirmed(client, process)
    await happen(process)
    async with post_office() as office:
        from dataclasses import replace

        await notices.deliver_due(replace(settings.current(), smtp_url=office.url))
        (letter,) = [one for one in office.letters if "News" in one["Subject"]]
    plain = letter.get_body(("plain",)).get_content()
    assert f"because you follow: {process.title['en']}" in plain
    assert f"/processes/{process.slug}" in plain
    assert "Stop following this" in plain
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (stop,) = re.findall(r"<(.*)>", letter["List-Unsubscribe"])
    assert (await client.post(stop)).status_code == 200
    assert not await Follow.all().exists()
