"""What visitors read of processes, through the door, in both languages, at a constant cost."""

from __future__ import annotations

import httpx
import pytest

from tests.cast import a_draft_process, a_person, a_process, sign_in


async def read(browser: httpx.AsyncClient, path: str, language: str = "en") -> str:
    """Open a page that must be there and give its HTML."""
    answer = await browser.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_public_page_opens_in_both_languages(client, language):
    process = await a_process()
    issue = process.issues[0]
    for path in (
        "/",
        "/processes",
        "/processes?show=open",
        "/processes?show=coming",
        "/processes?show=closed",
        f"/processes/{process.slug}",
        f"/processes/{process.slug}/issues/{issue.public_id}",
        f"/processes/{process.slug}/scope",
        "/rights",
        "/rights/versions/1",
        "/respect",
        "/respect/versions/1",
        "/about",
        "/accessibility",
        "/privacy",
        "/contact",
    ):
        assert f'<html lang="{language}"' in await read(client, path, language)


async def test_the_desk_opens_page_by_page(client):
    otto = await a_person("Otto", "official")
    await sign_in(client, otto)
    await read(client, "/desk/processes")
    await read(client, "/desk/processes/new")
    draft = await a_draft_process(by=otto)
    for language in ("en", "fr"):
        for part in (
            "",
            "/texts",
            "/questions",
            f"/questions/{draft.issues[0].public_id}",
            "/steps",
            "/scope",
            "/stakeholders",
            "/dates",
        ):
            await read(client, f"/desk/processes/{draft.slug}{part}", language)
    opened = await a_process(by=otto)
    for part in (
        "",
        "/questions",
        "/dates",
        "/scope",
        "/steps/new",
        "/steps/deliberation/extension",
        "/steps/deliberation/closing",
        "/steps/decision/opening",
    ):
        await read(client, f"/desk/processes/{opened.slug}{part}", language)


async def test_administrators_open_the_charter_desk(client):
    nina = await a_person("Nina", "administrator")
    await sign_in(client, nina)
    await read(client, "/administration/charters")
    await read(client, "/administration/charters/rights")
    await read(client, "/administration/charters/respect", "fr")
