"""Tables of accounts. A role's scope is a process's public id, or empty for the whole instance."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import json_dict, link, one_link, public_key


class Role(StrEnum):
    """What a person may be trusted with, per process or everywhere."""

    MODERATOR = "moderator"
    OFFICIAL = "official"
    REVIEWER = "reviewer"
    DECISION_MAKER = "decision_maker"
    APPEAL_READER = "appeal_reader"
    ADMINISTRATOR = "administrator"


class LinkPurpose(StrEnum):
    """The one thing a mailed link is good for."""

    SIGN_IN = "sign_in"
    REGISTER = "register"
    RESET = "reset"
    INVITE = "invite"
    CONFIRM_CONTRIBUTION = "confirm_contribution"
    CHANGE_ADDRESS = "change_address"
    FOLLOW = "follow"


class Participant(Model):
    """A person with an account; ``name`` is what others see and may be a pseudonym."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    name = fields.CharField(max_length=80)
    name_skeleton = fields.CharField(max_length=160, db_index=True)
    title = fields.CharField(max_length=120, default="")
    address = fields.CharField(max_length=254, unique=True, null=True)
    password_hash = fields.CharField(max_length=200, null=True)
    language = fields.CharField(max_length=8)
    confirmed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    disabled_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "participant"


class Session(Model):
    """One signed-in or guest browser; the cookie's token is kept only as its hash."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    participant = link("civic.Participant", "sessions", null=True)
    participant_id: int | None
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    label = fields.CharField(max_length=120, default="")

    class Meta:
        table = "session"


class SessionPass(Model):
    """A contribution opened in this session by its secret code."""

    id = fields.BigIntField(primary_key=True)
    session = link("civic.Session", "passes")
    session_id: int
    contribution = fields.CharField(max_length=26)
    opened_at = fields.DatetimeField()

    class Meta:
        table = "session_pass"
        unique_together = (("session", "contribution"),)


class MailLink(Model):
    """A one-use link sent by mail, bound to a purpose, an address and a subject."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharField(max_length=24)
    participant = link("civic.Participant", "mail_links", null=True)
    participant_id: int | None
    address = fields.CharField(max_length=254, db_index=True)
    subject = fields.CharField(max_length=80, default="")
    data = json_dict()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mail_link"


class RoleGrant(Model):
    """A right given to a person, for one process or (empty scope) for the whole instance."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    participant = link("civic.Participant", "role_grants")
    participant_id: int
    role = fields.CharField(max_length=20)
    scope = fields.CharField(max_length=26, default="")
    granted_by = link("civic.Participant", "roles_given", null=True)
    granted_by_id: int | None
    granted_at = fields.DatetimeField()
    reason = fields.CharField(max_length=300, default="")

    class Meta:
        table = "role_grant"
        indexes = [Index(fields=["role", "scope"], name="ix_role_grant_scope")]


class RoleRevocation(Model):
    """The end of a grant: who ended it, when and why."""

    id = fields.BigIntField(primary_key=True)
    grant = one_link("civic.RoleGrant", "revocation")
    grant_id: int
    revoked_by = link("civic.Participant", "roles_ended", null=True)
    revoked_by_id: int | None
    revoked_at = fields.DatetimeField()
    reason = fields.CharField(max_length=300)

    class Meta:
        table = "role_revocation"


class Absence(Model):
    """Days on which a substitute acts in somebody's place; promised dates do not move."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    participant = link("civic.Participant", "absences")
    participant_id: int
    substitute = link("civic.Participant", "standing_in")
    substitute_id: int
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    named_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "absence"


class Organisation(Model):
    """A body that takes a position; one organisation is one voice in counts.

    Everybody sees it once it is verified. ``mandate`` says whom it speaks for.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    name = fields.CharField(max_length=160, unique=True)
    category = fields.CharField(max_length=16)
    mandate = fields.TextField(default="")
    register_number = fields.CharField(max_length=60, default="")
    website = fields.CharField(max_length=300, default="")
    verified_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "organisation"


class Delegate(Model):
    """A participant who may speak for an organisation, from one day to another."""

    id = fields.BigIntField(primary_key=True)
    organisation = link("civic.Organisation", "delegates")
    organisation_id: int
    participant = link("civic.Participant", "mandates")
    participant_id: int
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "delegate"


class PasswordChange(Model):
    """A password was set or reset; older mailed links and sessions die with it."""

    id = fields.BigIntField(primary_key=True)
    participant = link("civic.Participant", "password_changes")
    participant_id: int
    changed_at = fields.DatetimeField()

    class Meta:
        table = "password_change"
