"""Every answer, a failure's too, tells the browser what it may load, frame and keep."""

from __future__ import annotations

import pytest

from tests.foundation.house import browser, post, sign_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PLACES = ["/read", "/token", "/nowhere", "/fail/refused", "/fail/fault", "/healthz", "/static/nothing.css"]


@pytest.mark.parametrize("path", PLACES)
async def test_every_answer_carries_the_policies(house, path):
    headers = (await house.get(path)).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


async def test_over_tls_browsers_are_told_to_stay_there(public_house):
    given = (await public_house.get("/read")).headers["strict-transport-security"]
    assert given == "max-age=31536000; includeSubDomains"


async def test_over_plain_http_they_are_not(house):
    assert "strict-transport-security" not in (await house.get("/read")).headers


async def test_a_page_for_somebody_signed_in_is_never_stored(house):
    assert (await house.get("/read")).headers["cache-control"] == "private, no-cache"
    sign_in(house, "ada")
    assert (await house.get("/read")).headers["cache-control"] == "no-store"


async def test_a_page_with_a_form_or_a_cookie_is_never_stored(house):
    assert (await house.get("/token")).headers["cache-control"] == "no-store"
    assert (await house.get("/read?lang=fr")).headers["cache-control"] == "no-store"


async def test_pages_vary_with_the_reader_the_language_and_htmx(house):
    vary = (await house.get("/nowhere")).headers["vary"]
    assert {"Cookie", "Accept-Language", "HX-Request"} <= {one.strip() for one in vary.split(",")}


async def test_every_answer_has_an_id_of_our_own(house):
    first = await house.get("/read", headers={"X-Request-ID": "forged"})
    second = await house.get("/read")
    assert len({first.headers["x-request-id"], second.headers["x-request-id"], "forged"}) == 3


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "town.example"])
async def test_another_host_is_not_served(house, host):
    answer = await house.get("/read", headers={"Host": host})
    assert answer.status_code == 421
    assert host not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("host", ["", "a b", "a/b", "127.0.0.1:80:80", "<script>", "127.0.0.1:x"])
async def test_a_broken_host_is_a_bad_request(house, host):
    assert (await house.get("/read", headers={"Host": host})).status_code == 400


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "LOCALHOST:1", "town.localhost"]
)
async def test_this_machine_answers_to_its_names(house, host):
    assert (await house.get("/read", headers={"Host": host})).status_code == 200


async def test_the_public_house_answers_to_its_name_only(public_house):
    for host, status in (("town.example", 200), ("TOWN.example:443", 200), ("localhost", 421)):
        assert (await public_house.get("/read", headers={"Host": host})).status_code == status


async def test_probes_need_no_host(public_house):
    answer = await public_house.get("/healthz", headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.text) == (200, "ok\n")
    answer = await public_house.get("/readyz", headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.text) == (200, "ready\n")


async def test_forwarded_headers_of_strangers_are_dropped(house):
    given = (await house.get("/token")).text
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"}
    answer = await house.post(
        "/write", data={"csrf": given}, headers={**forged, "Origin": "http://127.0.0.1:8000"}
    )
    assert answer.status_code == 200


async def test_forwarded_headers_of_our_proxy_are_believed(public_house):
    transport = public_house._transport
    transport.client = ("10.0.0.9", 1234)
    answer = await public_house.get(
        "/read",
        headers={"Host": "inside:8000", "X-Forwarded-Host": "town.example", "X-Forwarded-For": "9.9.9.9"},
    )
    assert answer.status_code == 200
    transport.client = ("192.0.2.1", 1234)
    answer = await public_house.get("/read", headers={"Host": "inside", "X-Forwarded-Host": "town.example"})
    assert answer.status_code == 421


async def test_the_address_of_a_visitor_is_the_last_that_is_no_proxy_of_ours():
    from civic.foundation.proxies import behind_proxies

    seen = []

    async def app(scope, receive, send):
        seen.append(scope["client"][0])

    door = behind_proxies(app, ("10.0.0.0/8",))
    for client, chain in (
        ("10.0.0.1", "6.6.6.6, 9.9.9.9, 10.0.0.2"),
        ("10.0.0.1", "9.9.9.9"),
        ("10.0.0.1", "nonsense"),
        ("8.8.8.8", "9.9.9.9"),
    ):
        headers = [(b"x-forwarded-for", chain.encode())]
        await door({"type": "http", "client": (client, 1), "headers": headers, "scheme": "http"}, None, None)
    assert seen == ["9.9.9.9", "9.9.9.9", "10.0.0.1", "8.8.8.8"]


async def test_long_pages_are_compressed_short_ones_are_not(house):
    assert (await house.get("/nowhere")).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in (await house.get("/read")).headers


async def test_two_browsers_never_share_a_page(house):
    sign_in(house, "ada")
    stranger = browser(house._transport.app, _settings(house))
    async with stranger:
        assert (await house.get("/mine")).text == "of Ada"
        assert (await stranger.get("/mine")).status_code == 303


async def test_a_refused_form_says_nothing_of_how_we_are_made(house):
    answer = await post(house, "/nowhere")
    assert answer.status_code == 404
    for word in ("Starlette", "Traceback", "tortoise", "uvicorn"):
        assert word not in answer.text


def _settings(house):
    from civic import settings

    return settings.current()
