"""Mail leaves once, whatever the server's mood, and under one Message-ID for ever."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from datetime import timedelta

import pytest

from civic import settings as configuration
from civic.foundation import clock
from civic.foundation import database as db
from civic.notices import actions as notices
from civic.notices.actions import Recipient, delivering
from civic.notices.content import packed
from civic.notices.models import Mail, Notice
from tests.notices.post_office import post_office

ADA = Recipient("participant/ada", "ada@town.example", "fr")
WHEN_TOLD = {"absent": "Otto", "path": "/account"}


async def tell(to=ADA, kind="substitute.ended", data=WHEN_TOLD, **options):
    async with db.transaction():
        await notices.notify(to, kind, about=options.pop("about", "absence/x"), data=data, **options)


async def deliver(office=None, **later):
    """Deliver what is due, maybe later, and tell how many left."""
    current = configuration.current()
    with clock.at(clock.now() + timedelta(**later)) if later else clock.at(clock.now()):
        return await notices.deliver_due(
            dataclasses.replace(current, smtp_url=office.url if office else None)
        )


async def states():
    return [(mail.state, mail.attempts) for mail in await Mail.all().order_by("id")]


async def test_a_notice_leaves_once_as_text_and_html_with_why_and_how_to_stop(database):
    await tell()
    async with post_office() as office:
        assert await deliver(office) == 1
        assert await deliver(office) == 0
    (letter,) = office.letters
    (mail,) = await Mail.all()
    assert letter["To"] == "ada@town.example"
    assert letter["Message-ID"] == mail.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "fr"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith(f"<{database.public_url}/notices/stop/")
    for part in ("plain", "html"):
        words = letter.get_body((part,)).get_content()
        assert "Vous ne remplacez plus Otto" in words
        assert "Vous recevez ce message parce qu’un collègue vous a choisi." in words
        assert f"{database.public_url}/account" in words
        assert f"{database.public_url}/notices/stop/" in words
    assert (mail.state, mail.attempts) == ("sent", 1)


async def test_without_a_mail_server_mail_waits(database):
    await tell()
    assert await deliver() == 0
    assert await states() == [("waiting", 0)]


async def test_a_server_that_says_later_is_asked_again_under_the_same_name(database):
    await tell()
    async with post_office(at_recipient=["451 not now"], at_data=["452 full"]) as office:
        assert await deliver(office) == 0
        assert await deliver(office) == 0, "it waits before it asks again"
        assert await deliver(office, minutes=5) == 0
        assert await deliver(office, minutes=15) == 1
    (mail,) = await Mail.all()
    assert [letter["Message-ID"] for letter in office.letters] == [mail.message_id]
    assert (mail.state, mail.attempts) == ("sent", 3)


@pytest.mark.parametrize("mood", [{"at_recipient": ["550 nobody here"]}, {"at_data": ["554 no"]}])
async def test_a_server_that_says_never_ends_it(database, mood):
    await tell()
    async with post_office(**mood) as office:
        assert await deliver(office) == 0
        assert await deliver(office, days=2) == 0
    (mail,) = await Mail.all()
    assert mail.state == "failed"
    assert mail.last_error.startswith("55")
    assert office.letters == []


async def test_one_refused_mail_does_not_keep_the_others(database):
    for number in range(3):
        await tell(Recipient(f"participant/{number}", f"p{number}@town.example", "en"))
    async with post_office(at_recipient=["550 nobody here"]) as office:
        assert await deliver(office) == 2
    assert [letter["To"] for letter in office.letters] == ["p1@town.example", "p2@town.example"]


async def test_a_hanging_server_is_left_and_tried_again(database, monkeypatch):
    monkeypatch.setattr(delivering, "SECONDS_PER_COMMAND", 0.3)
    await tell()
    async with post_office(hangs=True) as office:
        assert await deliver(office) == 0
    assert await states() == [("waiting", 1)]
    async with post_office() as office:
        assert await deliver(office, hours=1) == 1
    assert len(office.letters) == 1


async def test_a_server_that_is_not_there_is_tried_again(database):
    await tell()
    async with post_office() as gone:
        pass
    assert await deliver(gone) == 0
    async with post_office() as office:
        assert await deliver(office, hours=1) == 1


async def test_it_gives_up_in_the_end_and_says_why(database, monkeypatch):
    monkeypatch.setattr(delivering, "MOST_ATTEMPTS", 2)
    await tell()
    async with post_office(at_data=["451 not now"] * 5) as office:
        await deliver(office)
        await deliver(office, hours=3)
    (mail,) = await Mail.all()
    assert mail.state == "failed"
    assert "not now" in mail.last_error


KILLED = """
import asyncio, dataclasses, sys
from civic import settings
from civic.foundation import database
from civic.notices.actions import deliver_due
async def main():
    async with database.connect():
        print("ready", flush=True)
        await deliver_due(settings.current())
asyncio.run(main())
"""


async def test_a_worker_killed_before_the_server_accepted_loses_and_doubles_nothing(database):
    await tell()
    async with post_office(hangs=True) as office:
        named = {"CIVIC_DATABASE_URL": database.database_url, "CIVIC_SMTP_URL": office.url, "PYTHONPATH": "."}
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, env=named)
        async with asyncio.timeout(60):
            await office.waiting.wait()
        worker.kill()
        await worker.wait()
    assert await states() == [("waiting", 1)]
    async with post_office() as office:
        assert await deliver(office) == 0, "the dead worker's lease still runs"
        assert await deliver(office, minutes=4) == 1
        assert await deliver(office, minutes=9) == 0
    (mail,) = await Mail.all()
    assert [letter["Message-ID"] for letter in office.letters] == [mail.message_id]


PLANS = ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize")
"""Ways PostgreSQL may be kept from, so that it runs a subquery for each row."""


async def test_one_mail_is_taken_at_a_time_whatever_the_plan(database):
    for number in range(6):
        await tell(Recipient(f"participant/{number}", f"p{number}@town.example", "en"))
    now = clock.now() + timedelta(seconds=1)
    async with db.transaction():
        for plan in PLANS if db.dialect() == "postgres" else ():
            await db.execute(f"SET LOCAL enable_{plan} = off")
        assert len(await db.rows(delivering._CLAIM[db.dialect()], now, now, now)) == 1
    assert await Mail.filter(lease_until__isnull=False).count() == 1


def test_a_link_is_over_at_a_moment_and_not_on_a_day():
    now = clock.now()
    assert delivering._is_over(packed({"until": now - timedelta(seconds=1)}))
    assert not delivering._is_over(packed({"until": now + timedelta(hours=1)}))
    assert not delivering._is_over(packed({"until": now.date()}))


async def test_two_workers_send_each_mail_once(database):
    for number in range(12):
        await tell(Recipient(f"participant/{number}", f"p{number}@town.example", "en"))
    async with post_office() as office:
        sent = await asyncio.gather(deliver(office), deliver(office), deliver(office))
    assert sum(sent) == 12
    assert len({letter["Message-ID"] for letter in office.letters}) == len(office.letters) == 12


async def test_a_held_mail_does_not_leave_before_its_time(database):
    await tell(hold=timedelta(minutes=10))
    async with post_office() as office:
        assert await deliver(office) == 0
        assert await deliver(office, minutes=9) == 0
        assert await deliver(office, minutes=10) == 1


async def test_a_retracted_mail_never_leaves(database):
    await tell(kind="account.unknown", data={"path": "/register"}, about="contribution/c")
    await tell()
    async with db.transaction():
        await notices.retract("contribution/c")
    async with post_office() as office:
        assert await deliver(office) == 1
    assert [letter["Subject"].split(" (")[0] for letter in office.letters] == ["Vous ne remplacez plus Otto"]


async def test_what_opens_something_is_forgotten_once_sent(database):
    until = clock.now() + timedelta(minutes=15)
    secret = {"minutes": 15, "until": until, "path": "/links/top-secret"}
    await tell(kind="account.sign_in", data=secret)
    async with post_office() as office:
        assert await deliver(office) == 1
    assert "/links/top-secret" in office.letters[0].get_body(("plain",)).get_content()
    (notice,) = await Notice.all()
    assert notice.data == {}
    assert not notice.in_app


async def test_a_link_that_is_over_is_not_sent_any_more(database):
    secret = {"minutes": 15, "until": clock.now() + timedelta(minutes=15), "path": "/links/late"}
    await tell(kind="account.sign_in", data=secret)
    async with post_office() as office:
        assert await deliver(office, minutes=20) == 0
    assert office.letters == []
    assert (await Notice.first()).data == {}


@pytest.mark.parametrize(
    "address",
    [
        "ada@town.example\r\nBcc: all@town.example",
        "ada@town.example\nSubject: x",
        "ada@town.example, bo@town.example",
        "Ada <ada@town.example>",
        "ada",
        "",
        "ada@town.example ",
    ],
)
async def test_an_address_that_could_carry_a_header_is_refused(database, address):
    with pytest.raises(ValueError, match="one mail address"):
        await tell(Recipient("participant/ada", address, "fr"))
    assert await Notice.all().count() == 0


async def test_a_line_break_in_a_name_stays_out_of_the_headers(database):
    await tell(data={"absent": "Otto\r\nBcc: all@town.example", "path": "/account"})
    async with post_office() as office:
        assert await deliver(office) == 1
    (letter,) = office.letters
    assert letter["Bcc"] is None
    assert letter["Subject"].startswith("Vous ne remplacez plus Otto Bcc: all@town.example")


async def test_markup_in_a_name_is_inert_in_the_mail(database):
    await tell(data={"absent": "<svg onload=alert(1)>", "path": "/account"})
    async with post_office() as office:
        await deliver(office)
    words = office.letters[0].get_body(("html",)).get_content()
    assert "<svg" not in words
    assert "&lt;svg onload" in words


async def test_what_was_stopped_or_retracted_at_the_last_moment_does_not_leave(database):
    from civic.notices.models import MailStop

    await tell()
    await tell(Recipient("participant/bo", "bo@town.example", "fr"))
    await MailStop.create(address=ADA.address, group="work", stopped_at=clock.now())
    await Notice.filter(address="bo@town.example").update(retracted_at=clock.now())
    async with post_office() as office:
        assert await deliver(office) == 0
    assert office.letters == []
    assert await Mail.all().order_by("id").values_list("state", "last_error") == [
        ("retracted", "stopped by its reader"),
        ("retracted", "retracted"),
    ]


async def test_a_mail_that_cannot_be_written_ends_alone(database, monkeypatch):
    await tell()
    await tell(Recipient("participant/bo", "bo@town.example", "fr"))

    async def never(**said):
        if said["to"] == ADA.address:
            raise ValueError("a line break in a header")
        return await compose(**said)

    compose = delivering.compose
    monkeypatch.setattr(delivering, "compose", never)
    async with post_office() as office:
        assert await deliver(office) == 1
    assert [state for state, _ in await states()] == ["failed", "sent"]


async def test_a_long_queue_leaves_the_worker_free_for_other_things(database, monkeypatch):
    monkeypatch.setattr(delivering, "SECONDS_PER_ROUND", 0)
    for number in range(3):
        await tell(Recipient(f"participant/{number}", f"p{number}@town.example", "en"))
    async with post_office() as office:
        assert [await deliver(office) for _ in range(4)] == [1, 1, 1, 0]


async def test_the_worker_carries_mail_out_by_itself(database):
    from civic.foundation import queue
    from civic.notices import jobs

    await tell()
    async with post_office() as office:
        configuration.use(dataclasses.replace(database, smtp_url=office.url))
        await queue.work_off({}, jobs.REGULAR)
    assert len(office.letters) == 1


async def test_names_in_any_script_arrive_whole(database):
    await tell(data={"absent": "Žofie 王芳 ☂", "path": "/account"})
    async with post_office() as office:
        assert await deliver(office) == 1
    assert "Žofie 王芳 ☂" in office.letters[0]["Subject"]
    assert "Žofie 王芳 ☂" in office.letters[0].get_body(("plain",)).get_content()


async def test_secrets_never_reach_the_log(database, caplog):
    until = clock.now() + timedelta(minutes=15)
    await tell(kind="account.sign_in", data={"minutes": 15, "until": until, "path": "/links/canary-token"})
    async with post_office(at_data=["451 not now"]) as office:
        await deliver(office)
    assert caplog.records
    assert "canary" not in caplog.text
    assert "ada@town.example" not in caplog.text
