"""What people type about themselves and about roles, read field by field."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from civic import settings
from civic.accounts import contrast, names, passwords
from civic.accounts.models import Role
from civic.foundation import clock, forms
from civic.foundation.errors import N_, Message, message
from civic.foundation.formdata import FormData
from civic.foundation.instance import COLOURS

SIGN_IN = ("address", "password", "next")
LINK = ("address", "next")
REGISTER = ("name", "address", "password", "next")
RESET = ("password",)
INVITED = ("name", "password")
NAME = ("name",)
LANGUAGE = ("language",)
ADDRESS = ("address",)
PASSWORD = ("current", "password")
ABSENCE = ("substitute", "from", "to")
GRANT = ("role", "scope", "title", "reason")
REVOKE = ("reason",)
INVITE = ("address", "role", "scope", "title", "reason")
SETTINGS = ("name", "body", "contact_*", "languages", "plain_colours", *COLOURS)

_REASON = 300
_LONGEST_ABSENCE = dt.timedelta(days=366)


@dataclass(frozen=True)
class Registration:
    """What a person gives to have an account; without a password they sign in by mailed links."""

    name: str
    address: str
    password: str | None


@dataclass(frozen=True)
class SignIn:
    """An address and the password that should go with it."""

    address: str
    password: str


@dataclass(frozen=True)
class GrantDraft:
    """A role to give: where, under which title, and why."""

    role: Role
    scope: str
    title: str
    reason: str


@dataclass(frozen=True)
class AbsenceDraft:
    """Days away and who stands in, by public id."""

    substitute: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class SettingsDraft:
    """The face of this installation as an administrator wants it."""

    name: str
    body: str
    contact: dict[str, str]
    colours: dict[str, str]
    languages: tuple[str, ...]


def parse_registration(form: FormData, context: Iterable[str]) -> Registration:
    """Read a request for an account."""
    name = read_name(form)
    address = forms.email(form, "address")
    password = read_password(form, (*context, name, address), required=False)
    form.demand()
    return Registration(name, address, password or None)


def parse_sign_in(form: FormData) -> SignIn:
    """Read an address and a password, the password exactly as typed."""
    address = forms.email(form, "address")
    password = form.value("password")
    if not password:
        form.errors.note("password", Message(N_("Please fill this in.")))
    elif len(password) > passwords.LONGEST * 4:
        form.errors.note(
            "password", message(N_("At most %(max)s characters, please."), max=passwords.LONGEST)
        )
    form.demand()
    return SignIn(address, password)


def parse_address(form: FormData) -> str:
    """Read an address."""
    address = forms.email(form, "address")
    form.demand()
    return address


def read_name(form: FormData, field: str = "name") -> str:
    """Read the name others will see; what cannot be seen in it is refused, not dropped."""
    sent = form.value(field)
    name = forms.text(form, field, max=names.LONGEST, min=2)
    wrong = names.what_is_wrong(sent) if name else None
    if wrong is not None:
        form.errors.note(field, wrong)
    return name


def read_password(form: FormData, context: Iterable[str], *, required: bool = True) -> str:
    """Read a new password, exactly as typed."""
    password = form.value("password")
    if not password:
        if required:
            form.errors.note("password", Message(N_("Please fill this in.")))
        return ""
    wrong = passwords.what_is_wrong(password, context)
    if wrong is not None:
        form.errors.note("password", wrong)
    return password


def parse_language(form: FormData, languages: Collection[str]) -> str:
    """Read the language of pages and messages."""
    language = forms.choice(form, "language", languages)
    form.demand()
    return language


def parse_grant(form: FormData, scopes: Collection[str]) -> GrantDraft:
    """Read a role to give; an empty scope is the whole site."""
    role = forms.option(form, "role", Role)
    scope = forms.choice(form, "scope", scopes, required=False)
    if role is Role.ADMINISTRATOR and scope:
        form.errors.note(
            "scope", Message(N_("An administrator is one for the whole site, not for one process."))
        )
    draft = GrantDraft(
        role=role,
        scope=scope,
        title=forms.text(form, "title", max=120, required=False),
        reason=forms.text(form, "reason", max=_REASON, min=3),
    )
    form.demand()
    return draft


def parse_reason(form: FormData) -> str:
    """Read why a role is taken back."""
    reason = forms.text(form, "reason", max=_REASON, min=3)
    form.demand()
    return reason


def parse_absence(form: FormData, substitutes: Collection[str]) -> AbsenceDraft:
    """Read the days of an absence, both of them included, and the substitute."""
    draft = AbsenceDraft(
        substitute=forms.choice(form, "substitute", substitutes),
        starts_on=forms.day(form, "from"),
        ends_on=forms.day(form, "to"),
    )
    if not form.errors:
        _note_days(form, draft)
    form.demand()
    return draft


def _note_days(form: FormData, draft: AbsenceDraft) -> None:
    if draft.ends_on < draft.starts_on:
        form.errors.note("to", Message(N_("The last day comes before the first.")))
    elif draft.ends_on < clock.local_day(clock.now()):
        form.errors.note("to", Message(N_("These days are over.")))
    elif draft.ends_on - draft.starts_on > _LONGEST_ABSENCE:
        form.errors.note("to", Message(N_("An absence lasts one year at most: change the roles instead.")))


def parse_settings(form: FormData) -> SettingsDraft:
    """Read the face of this installation; colours nobody could read are refused."""
    draft = SettingsDraft(
        name=forms.text(form, "name", max=60, min=2),
        body=forms.text(form, "body", max=120, required=False),
        contact=forms.localized(form, "contact", max=2_000, required=False, lines=True),
        colours={} if forms.ticked(form, "plain_colours") else _colours(form),
        languages=forms.choices(form, "languages", settings.current().languages, required=True),
    )
    form.demand()
    return draft


def _colours(form: FormData) -> dict[str, str]:
    given = {name: form.value(name).strip().lower() for name in COLOURS}
    for name, value in given.items():
        if not contrast.is_colour(value):
            form.errors.note(name, Message(N_("Please write a colour such as #0b5a55.")))
    if not form.errors:
        for name, wrong in contrast.what_is_wrong(given).items():
            form.errors.note(name, wrong)
    return given
