"""The configuration: one frozen value, read once from the environment or from the file CIVIC_CONFIG names.

The file holds lines `CIVIC_NAME=value`; a variable of the environment wins over the same line of the file.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_SECRET = "only-for-this-machine-never-on-a-network"  # noqa: S105
DEFAULT_DATA_KEY = "only-for-this-machine-never-on-a-network-either"
LANGUAGES = ("fr", "en")
"""Languages the interface is written in."""


class ConfigurationError(Exception):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose. The defaults serve one machine and nobody else."""

    database_url: str = "sqlite:///civic.db"
    secret_keys: tuple[str, ...] = (DEFAULT_SECRET,)
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = None
    mail_from: str = "civic@localhost"
    languages: tuple[str, ...] = LANGUAGES
    timezone: str = "Europe/Paris"
    files: Path = Path("civic-files")
    data_keys: tuple[str, ...] = (DEFAULT_DATA_KEY,)
    proxies: tuple[str, ...] = ()
    workers: int = 1
    hold_seconds: int = 600
    database_pool: int = 10
    """Connections each process may open to PostgreSQL."""

    @property
    def secret_key(self) -> str:
        """The key that signs. The others only check what they signed before a change of key."""
        return self.secret_keys[0]

    @property
    def public_host(self) -> str:
        """Host (and port, when written) of the public address, as browsers send it."""
        return urlsplit(self.public_url).netloc.lower()

    @property
    def is_local(self) -> bool:
        """Whether the public address is this machine's own."""
        return is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def is_secure(self) -> bool:
        """Whether people reach this instance over TLS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def cookie_prefix(self) -> str:
        """`__Host-` wherever a browser accepts it: everywhere but on loopback over plain HTTP."""
        return "" if self.is_local and not self.is_secure else "__Host-"


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_current: Settings | None = None


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the configuration. Raises ConfigurationError with the setting's name."""
    given = dict(os.environ if environment is None else environment)
    named = given.get("CIVIC_CONFIG", "").strip()
    values = {**_read_file(Path(named)), **given} if named else given
    settings = _parse({name: value.strip() for name, value in values.items() if name.startswith("CIVIC_")})
    _check(settings)
    return settings


def use(settings: Settings) -> Settings:
    """Make these the settings of this process."""
    global _current
    _current = settings
    return settings


def current() -> Settings:
    """Give the settings of this process, read on first use."""
    return _current or use(load())


def demand_safe_to_serve(settings: Settings) -> None:
    """Refuse to serve people on secrets everybody knows, or with more processes than the database bears."""
    if settings.workers > 1 and settings.is_sqlite:
        raise ConfigurationError("CIVIC_WORKERS: SQLite takes one worker; use PostgreSQL for more.")
    if settings.is_local:
        return
    for name, keys, default in (
        ("CIVIC_SECRET_KEY", settings.secret_keys, DEFAULT_SECRET),
        ("CIVIC_DATA_KEYS", settings.data_keys, DEFAULT_DATA_KEY),
    ):
        if default in keys or min(len(key) for key in keys) < 32:
            raise ConfigurationError(
                f"{name}: set a secret of at least 32 characters before serving {settings.public_url}, "
                'for example the output of `python -c "import secrets; print(secrets.token_urlsafe(48))"`.'
            )


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(f"CIVIC_CONFIG: {path} cannot be read ({error.strerror}).") from error
    values = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith("CIVIC_"):
            raise ConfigurationError(f"CIVIC_CONFIG: line {number} of {path} is not CIVIC_NAME=value.")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _parse(values: Mapping[str, str]) -> Settings:
    blank = Settings()
    return Settings(
        database_url=values.get("CIVIC_DATABASE_URL") or blank.database_url,
        secret_keys=_words(values.get("CIVIC_SECRET_KEY", "")) or blank.secret_keys,
        public_url=(values.get("CIVIC_PUBLIC_URL") or blank.public_url).rstrip("/"),
        smtp_url=values.get("CIVIC_SMTP_URL") or None,
        mail_from=values.get("CIVIC_MAIL_FROM") or blank.mail_from,
        languages=_words(values.get("CIVIC_LANGUAGES", "")) or blank.languages,
        timezone=values.get("CIVIC_TIMEZONE") or blank.timezone,
        files=Path(values.get("CIVIC_FILES") or blank.files),
        data_keys=_words(values.get("CIVIC_DATA_KEYS", "")) or blank.data_keys,
        proxies=_words(values.get("CIVIC_PROXIES", "")),
        workers=_whole_number(values, "CIVIC_WORKERS", blank.workers, least=1),
        hold_seconds=_whole_number(values, "CIVIC_HOLD_SECONDS", blank.hold_seconds, least=0),
        database_pool=_whole_number(values, "CIVIC_DATABASE_POOL", blank.database_pool, least=2),
    )


def _is_public_address(url: str) -> bool:
    """Whether browsers can be sent there: a host, perhaps a port, and nothing more."""
    if not _is_address(url):
        return False
    public = urlsplit(url)
    extra = public.path or public.query or public.fragment or public.username is not None
    return public.scheme in {"http", "https"} and bool(public.hostname) and not extra


def _is_address(url: str) -> bool:
    """Whether a URL can be taken apart: brackets closed, ports numbers that exist."""
    try:
        parts = urlsplit(url)
        return parts.port != 0 and int(dict(parse_qsl(parts.query)).get("port", 1)) in range(1, 65536)
    except ValueError:
        return False


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def _whole_number(values: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    written = values.get(name) or str(default)
    if not written.isdecimal() or int(written) < least:
        raise ConfigurationError(f"{name}: {written!r} is not a whole number of at least {least}.")
    return int(written)


def _check(settings: Settings) -> None:
    scheme = settings.database_url.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ConfigurationError("CIVIC_DATABASE_URL: start it with sqlite:/// or postgres://.")
    if not settings.is_sqlite and not _is_address(settings.database_url):
        raise ConfigurationError(
            "CIVIC_DATABASE_URL: write it as postgres://name:password@host:port/database."
        )
    if not _is_public_address(settings.public_url):
        raise ConfigurationError("CIVIC_PUBLIC_URL: write it as https://host, without a path.")
    unknown = [language for language in settings.languages if language not in LANGUAGES]
    if unknown:
        raise ConfigurationError(f"CIVIC_LANGUAGES: {unknown[0]!r} is not one of {', '.join(LANGUAGES)}.")
    if "@" not in settings.mail_from:
        raise ConfigurationError(f"CIVIC_MAIL_FROM: {settings.mail_from!r} is not an address.")
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"CIVIC_TIMEZONE: {settings.timezone!r} is not a time zone.") from error
    for proxy in settings.proxies:
        try:
            ip_network(proxy)
        except ValueError as error:
            raise ConfigurationError(f"CIVIC_PROXIES: {proxy!r} is not an address or network.") from error
