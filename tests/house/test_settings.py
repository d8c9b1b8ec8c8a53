"""The configuration: read once, refused in words, never served on secrets everybody knows."""

import pytest

from civic import settings
from civic.settings import ConfigurationError, Settings

LONG = "k" * 40


def test_nothing_needs_to_be_set_on_one_machine():
    found = settings.load({})
    assert found == Settings()
    assert found.is_local
    assert found.is_sqlite
    assert found.hold_seconds == 600
    settings.demand_safe_to_serve(found)


def test_every_setting_is_read():
    found = settings.load(
        {
            "CIVIC_DATABASE_URL": "postgres://civic@db/civic",
            "CIVIC_SECRET_KEY": "new, old",
            "CIVIC_PUBLIC_URL": "https://example.town/",
            "CIVIC_SMTP_URL": "smtps://mail.example",
            "CIVIC_MAIL_FROM": "Town <town@example.org>",
            "CIVIC_LANGUAGES": "en fr",
            "CIVIC_TIMEZONE": "Europe/Brussels",
            "CIVIC_FILES": "/srv/files",
            "CIVIC_DATA_KEYS": "a,b",
            "CIVIC_PROXIES": "127.0.0.1 10.0.0.0/8",
            "CIVIC_WORKERS": "4",
            "CIVIC_HOLD_SECONDS": "0",
        }
    )
    assert found.secret_keys == ("new", "old")
    assert found.public_url == "https://example.town"
    assert found.public_host == "example.town"
    assert found.languages == ("en", "fr")
    assert found.proxies == ("127.0.0.1", "10.0.0.0/8")
    assert (found.workers, found.hold_seconds) == (4, 0)
    assert found.cookie_prefix == "__Host-"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIVIC_DATABASE_URL", "mysql://db"),
        ("CIVIC_PUBLIC_URL", "example.town"),
        ("CIVIC_PUBLIC_URL", "https://example.town/civic"),
        ("CIVIC_PUBLIC_URL", "https://example.town?lang=fr"),
        ("CIVIC_PUBLIC_URL", "https://town@example.town"),
        ("CIVIC_PUBLIC_URL", "https://example.town:99999"),
        ("CIVIC_PUBLIC_URL", "https://[::1"),
        ("CIVIC_DATABASE_URL", "postgres://civic@db:five/civic"),
        ("CIVIC_DATABASE_URL", "postgres://civic@[db/civic"),
        ("CIVIC_DATABASE_URL", "postgres:///civic?host=/run/postgresql&port=x"),
        ("CIVIC_LANGUAGES", "fr,xx"),
        ("CIVIC_MAIL_FROM", "town"),
        ("CIVIC_TIMEZONE", "Europe/Nowhere"),
        ("CIVIC_TIMEZONE", "../etc/passwd"),
        ("CIVIC_WORKERS", "0"),
        ("CIVIC_WORKERS", "two"),
        ("CIVIC_HOLD_SECONDS", "-1"),
        ("CIVIC_PROXIES", "proxy.example"),
        ("CIVIC_CONFIG", "/nowhere/civic.conf"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name, value):
    with pytest.raises(ConfigurationError, match=name):
        settings.load({name: value})


def test_a_file_can_hold_the_settings_and_the_environment_wins(tmp_path):
    file = tmp_path / "civic.conf"
    file.write_text("# the town\n\nCIVIC_WORKERS=3\nCIVIC_MAIL_FROM = 'a@example.org'\n", encoding="utf-8")
    found = settings.load({"CIVIC_CONFIG": str(file), "CIVIC_WORKERS": "2"})
    assert (found.workers, found.mail_from) == (2, "a@example.org")


def test_a_line_that_says_nothing_is_pointed_at(tmp_path):
    file = tmp_path / "civic.conf"
    file.write_text("CIVIC_WORKERS=3\nPATH=/bin\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 2"):
        settings.load({"CIVIC_CONFIG": str(file)})


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"CIVIC_SECRET_KEY": LONG},
        {"CIVIC_DATA_KEYS": LONG},
        {"CIVIC_SECRET_KEY": "short", "CIVIC_DATA_KEYS": LONG},
        {"CIVIC_SECRET_KEY": f"{LONG},{settings.DEFAULT_SECRET}", "CIVIC_DATA_KEYS": LONG},
    ],
)
def test_the_public_is_not_served_on_secrets_everybody_knows(keys):
    with pytest.raises(ConfigurationError, match="secret of at least 32"):
        settings.demand_safe_to_serve(settings.load({"CIVIC_PUBLIC_URL": "https://example.town", **keys}))


def test_the_public_is_served_on_secrets_of_its_own():
    keys = {"CIVIC_SECRET_KEY": LONG, "CIVIC_DATA_KEYS": LONG}
    settings.demand_safe_to_serve(settings.load({"CIVIC_PUBLIC_URL": "https://example.town", **keys}))


def test_sqlite_takes_one_worker():
    with pytest.raises(ConfigurationError, match="one worker"):
        settings.demand_safe_to_serve(settings.load({"CIVIC_WORKERS": "2"}))


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("town.localhost", True), ("10.0.0.1", False),
     ("localhost.example", False)],
)  # fmt: skip
def test_loopback_is_told_from_the_rest(host, here):
    found = settings.load({"CIVIC_PUBLIC_URL": f"http://{host}:8000"})
    assert found.is_local is here
    assert found.cookie_prefix == ("" if here else "__Host-")
