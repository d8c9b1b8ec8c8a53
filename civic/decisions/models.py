"""Tables of decisions. Rows that carry what was officially said are never changed once written."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from civic.foundation.tables import json_dict, json_list, link, localized, one_link, public_key


class Outcome(StrEnum):
    """What became of a point (4.4); ``withdrawn`` is read from visibility, nobody writes it."""

    ADOPTED = "adopted"
    ADAPTED = "adapted"
    PARTLY = "partly"
    ALREADY = "already"
    DECLINED = "declined"
    DEFERRED = "deferred"
    REFERRED = "referred"
    NOTED = "noted"
    OUT_OF_SCOPE = "out_of_scope"
    WITHDRAWN = "withdrawn"


class ReasonCode(StrEnum):
    """Why something was refused; a political choice is said plainly."""

    LAW = "law"
    COMPETENCE = "competence"
    COST = "cost"
    FEASIBILITY = "feasibility"
    EVIDENCE = "evidence"
    RIGHTS = "rights"
    EQUALITY = "equality"
    ENVIRONMENT = "environment"
    TIMING = "timing"
    VAGUENESS = "vagueness"
    POLITICAL = "political"


class Effect(StrEnum):
    """What a point changed, whatever its outcome."""

    TEXT = "text"
    OPTION = "option"
    ANALYSIS = "analysis"
    FACT = "fact"
    IMPLEMENTATION = "implementation"
    SITUATION = "situation"
    NONE = "none"


class Accommodation(StrEnum):
    """What an answer does for a particular situation (B4)."""

    ACCOMMODATED = "accommodated"
    EXCEPTION = "exception"
    RULE = "rule"
    NOT_POSSIBLE = "not_possible"


class AppealGround(StrEnum):
    """How a point was treated wrongly (R10); the merits are not a ground."""

    MISREAD = "misread"
    UNANSWERED = "unanswered"
    GENERIC = "generic"
    SCOPE = "scope"
    ALREADY = "already"
    RIGHTS = "rights"
    DISRESPECT = "disrespect"


class Finding(StrEnum):
    """What the reader of a procedural appeal found."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Progress(StrEnum):
    """How far a promise has come; that it is late is read from its dates."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    ABANDONED = "abandoned"


class UserCheck(StrEnum):
    """What a person whose point led to a promise says once it is announced as done."""

    WORKS = "works"
    DOES_NOT = "does_not"
    CANNOT_TELL = "cannot_tell"


class Stance(StrEnum):
    """What the author of a point says of the outcome that a draft proposes for it."""

    AGREE = "agree"
    MISREAD = "misread"
    REASON = "reason"
    MISSING = "missing"


class Comeback(StrEnum):
    """Why a point that was put off or passed on came back."""

    DAY = "day"
    EVENT = "event"
    FOLLOW_UP = "follow_up"


class Decision(Model):
    """What a public body settles on one or more issues of a process; its texts are versions."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "decisions")
    process_id: int
    title = localized()
    summary = localized()
    decision_maker = link("civic.Participant", "decisions", null=True)
    decision_maker_id: int | None
    version = fields.IntField(default=1)
    created_by = link("civic.Participant", "decisions_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "decision"


class DecisionIssue(Model):
    """An issue is settled by at most one decision."""

    id = fields.BigIntField(primary_key=True)
    decision = link("civic.Decision", "issues")
    decision_id: int
    issue = one_link("civic.Issue", "decision")
    issue_id: int

    class Meta:
        table = "decision_issue"


class Provision(Model):
    """An article of a decision; ``eid`` is its stable address inside the text."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "provisions")
    decision_id: int
    eid = fields.CharField(max_length=20)
    position = fields.IntField()
    version = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "provision"
        unique_together = (("decision", "eid"),)


class ProvisionVersion(Model):
    """An article's words at one moment, beside the text in force before it."""

    id = fields.BigIntField(primary_key=True)
    provision = link("civic.Provision", "versions")
    provision_id: int
    number = fields.IntField()
    heading = localized()
    text = localized()
    plain = localized()
    before = localized()
    standing = fields.CharField(max_length=10, default="draft")
    note = fields.CharField(max_length=300, default="")
    written_by = link("civic.Participant", "provision_versions", null=True)
    written_by_id: int | None
    written_at = fields.DatetimeField()

    class Meta:
        table = "provision_version"
        unique_together = (("provision", "number"),)


class Disposition(Model):
    """The outcome owed to one claim in one decision; ``version`` guards against two writers."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "dispositions")
    decision_id: int
    claim = one_link("civic.Claim", "disposition")
    claim_id: int
    version = fields.IntField(default=0)
    assigned_to = link("civic.Participant", "dispositions_assigned", null=True)
    assigned_to_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "disposition"


class SharedGroup(Model):
    """One answer that serves several points and says so."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "groups")
    decision_id: int
    label = localized()
    created_by = link("civic.Participant", "groups_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "shared_group"


class DispositionVersion(Model):
    """An answer as drafted at one moment: outcome, reason and what the outcome requires.

    ``sentence`` is the answer in one plain sentence, ``rationale`` the reason; ``details`` holds what
    only some outcomes need (quotation, date in force, body referred to, …) with known keys, declared
    in ``rules.Details``.
    """

    id = fields.BigIntField(primary_key=True)
    disposition = link("civic.Disposition", "versions")
    disposition_id: int
    number = fields.IntField()
    for_version = link("civic.ContributionVersion", "dispositions")
    for_version_id: int
    outcome = fields.CharField(max_length=14)
    sentence = localized()
    rationale = localized()
    rationale_html = localized()
    reason_codes = json_list()
    effects = json_list()
    evidence = fields.TextField(default="")
    is_value_choice = fields.BooleanField(default=False)
    details = json_dict()
    reopens_on = fields.DateField(null=True)
    group = link("civic.SharedGroup", "versions", null=True)
    group_id: int | None
    own_sentence = localized()
    digest = fields.CharField(max_length=64)
    drafted_by = link("civic.Participant", "answers_drafted", null=True)
    drafted_by_id: int | None
    drafted_at = fields.DatetimeField()

    class Meta:
        table = "disposition_version"
        unique_together = (("disposition", "number"),)


class DispositionPart(Model):
    """One part of a point adopted in part: what it is, and whether it was taken up."""

    id = fields.BigIntField(primary_key=True)
    version = link("civic.DispositionVersion", "parts")
    version_id: int
    position = fields.IntField()
    text = localized()
    is_adopted = fields.BooleanField()
    reason_codes = json_list()
    rationale = localized()

    class Meta:
        table = "disposition_part"
        unique_together = (("version", "position"),)


class ProvisionLink(Model):
    """An answer points at the article that carries it."""

    id = fields.BigIntField(primary_key=True)
    version = link("civic.DispositionVersion", "provision_links")
    version_id: int
    provision = link("civic.Provision", "claim_links")
    provision_id: int

    class Meta:
        table = "provision_link"
        unique_together = (("version", "provision"),)


class Review(Model):
    """A second person read an answer before it was signed; a decision maker may sign a second deferral."""

    id = fields.BigIntField(primary_key=True)
    version = link("civic.DispositionVersion", "reviews")
    version_id: int
    reviewer = link("civic.Participant", "reviews")
    reviewer_id: int
    is_approved = fields.BooleanField()
    signs_deferral = fields.BooleanField(default=False)
    note = fields.TextField(default="")
    reviewed_at = fields.DatetimeField()

    class Meta:
        table = "review"


class DecisionVersion(Model):
    """A decision as signed for publication; it is public once a ``Release`` names it.

    ``unanswered`` is the number on the permanent banner; ``counts`` freezes received, distinct and
    published, and outcomes by code.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "versions")
    decision_id: int
    number = fields.IntField()
    title = localized()
    summary = localized()
    signed_by = link("civic.Participant", "decisions_signed", null=True)
    signed_by_id: int | None
    signed_role = fields.CharField(max_length=160)
    signed_for = link("civic.Participant", "decisions_delegated", null=True)
    signed_for_id: int | None
    unanswered = fields.IntField()
    counts = json_dict()
    correction = localized()
    release_at = fields.DatetimeField()
    signed_at = fields.DatetimeField()

    class Meta:
        table = "decision_version"
        unique_together = (("decision", "number"),)


class Release(Model):
    """A signed version became public."""

    id = fields.BigIntField(primary_key=True)
    version = one_link("civic.DecisionVersion", "release")
    version_id: int
    released_at = fields.DatetimeField()

    class Meta:
        table = "decision_release"


class PublicationStop(Model):
    """A signed version was stopped before it became public."""

    id = fields.BigIntField(primary_key=True)
    version = one_link("civic.DecisionVersion", "stop")
    version_id: int
    stopped_by = link("civic.Participant", "publications_stopped", null=True)
    stopped_by_id: int | None
    reason = fields.CharField(max_length=300, default="")
    stopped_at = fields.DatetimeField()

    class Meta:
        table = "publication_stop"


class PublishedOutcome(Model):
    """The answer to one claim as a decision version states it."""

    id = fields.BigIntField(primary_key=True)
    decision_version = link("civic.DecisionVersion", "outcomes")
    decision_version_id: int
    claim = link("civic.Claim", "published_outcomes")
    claim_id: int
    disposition_version = link("civic.DispositionVersion", "publications")
    disposition_version_id: int

    class Meta:
        table = "published_outcome"
        unique_together = (("decision_version", "claim"),)


class PublishedProvision(Model):
    """The words of one article as a decision version states them."""

    id = fields.BigIntField(primary_key=True)
    decision_version = link("civic.DecisionVersion", "articles")
    decision_version_id: int
    provision_version = link("civic.ProvisionVersion", "publications")
    provision_version_id: int

    class Meta:
        table = "published_provision"
        unique_together = (("decision_version", "provision_version"),)


class Reply(Model):
    """The contributor's one reply to a published outcome (R9); nobody on the staff can edit it."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    outcome = one_link("civic.PublishedOutcome", "reply")
    outcome_id: int
    text = fields.TextField()
    html = fields.TextField()
    language = fields.CharField(max_length=8)
    written_at = fields.DatetimeField()

    class Meta:
        table = "reply"


class ReplyChange(Model):
    """A reply was hidden or shown again by a moderation decision (``because`` is its key)."""

    id = fields.BigIntField(primary_key=True)
    reply = link("civic.Reply", "changes")
    reply_id: int
    is_hidden = fields.BooleanField()
    because = fields.CharField(max_length=80)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "reply_change"


class ProceduralAppeal(Model):
    """A contributor contests how a point was treated (R10); another person rereads."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    outcome = link("civic.PublishedOutcome", "appeals")
    outcome_id: int
    ground = fields.CharField(max_length=12)
    text = fields.TextField()
    language = fields.CharField(max_length=8)
    filed_at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "procedural_appeal"


class AppealRuling(Model):
    """What the reader of a procedural appeal found, with the reason."""

    id = fields.BigIntField(primary_key=True)
    appeal = one_link("civic.ProceduralAppeal", "ruling")
    appeal_id: int
    reader = link("civic.Participant", "appeals_read", null=True)
    reader_id: int | None
    finding = fields.CharField(max_length=12)
    reason = localized()
    reason_html = localized()
    jumped_because = fields.CharField(max_length=20, default="")
    ruled_at = fields.DatetimeField()

    class Meta:
        table = "appeal_ruling"


class Milestone(Model):
    """A promise made in a decision; its dates and states are rows of their own."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "milestones")
    decision_id: int
    provision = link("civic.Provision", "milestones", null=True)
    provision_id: int | None
    promise = localized()
    owner = fields.CharField(max_length=160)
    created_at = fields.DatetimeField()

    class Meta:
        table = "milestone"


class MilestoneDate(Model):
    """A date given for a promise; a changed date adds a row with its reason."""

    id = fields.BigIntField(primary_key=True)
    milestone = link("civic.Milestone", "dates")
    milestone_id: int
    due_on = fields.DateField()
    reason = localized()
    given_by = link("civic.Participant", "dates_given", null=True)
    given_by_id: int | None
    given_at = fields.DatetimeField()

    class Meta:
        table = "milestone_date"


class MilestoneState(Model):
    """A promise moved on: under way, done (with its proof), abandoned (with its reason)."""

    id = fields.BigIntField(primary_key=True)
    milestone = link("civic.Milestone", "states")
    milestone_id: int
    state = fields.CharField(max_length=12)
    proof = localized()
    set_by = link("civic.Participant", "milestones_moved", null=True)
    set_by_id: int | None
    set_at = fields.DatetimeField()

    class Meta:
        table = "milestone_state"


class MilestoneCheck(Model):
    """A contributor says whether a promise works for them."""

    id = fields.BigIntField(primary_key=True)
    milestone = link("civic.Milestone", "checks")
    milestone_id: int
    contribution = link("civic.Contribution", "milestone_checks")
    contribution_id: int
    answer = fields.CharField(max_length=12)
    answered_at = fields.DatetimeField()

    class Meta:
        table = "milestone_check"
        unique_together = (("milestone", "contribution"),)


class PointReopening(Model):
    """A deferred or referred point came back: on its day, after its event, or to ask what became of it."""

    id = fields.BigIntField(primary_key=True)
    answer = link("civic.DispositionVersion", "reopenings")
    answer_id: int
    cause = fields.CharField(max_length=10)
    due_on = fields.DateField()
    note = localized()
    reopened_by = link("civic.Participant", "points_reopened", null=True)
    reopened_by_id: int | None
    reopened_at = fields.DatetimeField()

    class Meta:
        table = "point_reopening"
        unique_together = (("answer", "due_on"),)


class ReferralNews(Model):
    """What the body a point was passed on to has said, and when it is asked again."""

    id = fields.BigIntField(primary_key=True)
    answer = link("civic.DispositionVersion", "referral_news")
    answer_id: int
    acknowledged_on = fields.DateField(null=True)
    follow_up_on = fields.DateField(null=True)
    note = localized()
    said_by = link("civic.Participant", "referral_news", null=True)
    said_by_id: int | None
    said_at = fields.DatetimeField()

    class Meta:
        table = "referral_news"


class ImportedOutcome(Model):
    """An outcome that came with an import: shown as *imported, not decided here*, never counted."""

    id = fields.BigIntField(primary_key=True)
    claim = one_link("civic.Claim", "imported_outcome")
    claim_id: int
    outcome = fields.CharField(max_length=14)
    reason = fields.TextField(default="")
    provision = fields.CharField(max_length=300, default="")
    milestone = fields.CharField(max_length=300, default="")
    decided_on = fields.CharField(max_length=40, default="")
    decided_by = fields.CharField(max_length=200, default="")
    source = fields.CharField(max_length=80)
    imported_at = fields.DatetimeField()

    class Meta:
        table = "imported_outcome"


class SavedFilter(Model):
    """A filter of a desk that an official keeps under a name; one taken off the list stays, dropped."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    participant = link("civic.Participant", "saved_filters")
    participant_id: int
    decision = link("civic.Decision", "saved_filters")
    decision_id: int
    name = fields.CharField(max_length=60)
    query = fields.CharField(max_length=1000)
    kept_at = fields.DatetimeField()
    dropped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "saved_filter"
        unique_together = (("participant", "decision", "name"),)


class SignatureDelegation(Model):
    """A decision maker lets a named official sign for them in a process, for some days, and says why."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "signature_delegations")
    process_id: int
    given_by = link("civic.Participant", "signatures_delegated")
    given_by_id: int
    given_to = link("civic.Participant", "signatures_held")
    given_to_id: int
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    reason = localized()
    given_at = fields.DatetimeField()

    class Meta:
        table = "signature_delegation"


class SignatureRevocation(Model):
    """A delegated signature was taken back before its last day, and why."""

    id = fields.BigIntField(primary_key=True)
    delegation = one_link("civic.SignatureDelegation", "revocation")
    delegation_id: int
    reason = localized()
    revoked_by = link("civic.Participant", "signatures_revoked", null=True)
    revoked_by_id: int | None
    revoked_at = fields.DatetimeField()

    class Meta:
        table = "signature_revocation"


class DelegatedSignature(Model):
    """The delegation by which a version of a decision was signed."""

    id = fields.BigIntField(primary_key=True)
    version = one_link("civic.DecisionVersion", "delegated_signature")
    version_id: int
    delegation = link("civic.SignatureDelegation", "signatures")
    delegation_id: int

    class Meta:
        table = "delegated_signature"


class AdvanceNotice(Model):
    """The people whose points a signed version answers hear first: from `due_at` on, before it is public."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    version = link("civic.DecisionVersion", "advance_notices")
    version_id: int
    due_at = fields.DatetimeField()
    set_by = link("civic.Participant", "advance_notices_set")
    set_by_id: int
    set_for = link("civic.Participant", "advance_notices_delegated", null=True)
    set_for_id: int | None
    set_at = fields.DatetimeField()

    class Meta:
        table = "advance_notice"


class AdvanceStop(Model):
    """An advance notice was taken back before anybody was told."""

    id = fields.BigIntField(primary_key=True)
    advance = one_link("civic.AdvanceNotice", "stop")
    advance_id: int
    stopped_by = link("civic.Participant", "advance_notices_stopped")
    stopped_by_id: int
    stopped_at = fields.DatetimeField()

    class Meta:
        table = "advance_stop"


class AdvanceGiving(Model):
    """The moment from which the notice of every person concerned was in the hands of delivery."""

    id = fields.BigIntField(primary_key=True)
    advance = one_link("civic.AdvanceNotice", "giving")
    advance_id: int
    people = fields.IntField()
    given_at = fields.DatetimeField()

    class Meta:
        table = "advance_giving"


class AdvanceLink(Model):
    """The link of one person to the answers to their own points, found by one of their texts."""

    id = fields.BigIntField(primary_key=True)
    advance = link("civic.AdvanceNotice", "links")
    advance_id: int
    contribution = link("civic.Contribution", "advance_links")
    contribution_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    given_at = fields.DatetimeField()

    class Meta:
        table = "advance_link"
        unique_together = (("advance", "contribution"),)


class EmbargoedView(Model):
    """A named person outside may read a signed version before it is public; name and address go in time."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    advance = link("civic.AdvanceNotice", "views")
    advance_id: int
    name = fields.CharField(max_length=160)
    organisation = fields.CharField(max_length=160)
    address = fields.CharField(max_length=254)
    reason = localized()
    language = fields.CharField(max_length=8)
    token_hash = fields.CharField(max_length=64, unique=True)
    expires_at = fields.DatetimeField()
    given_by = link("civic.Participant", "embargoed_views_given")
    given_by_id: int
    given_for = link("civic.Participant", "embargoed_views_delegated", null=True)
    given_for_id: int | None
    given_at = fields.DatetimeField()

    class Meta:
        table = "embargoed_view"


class EmbargoEnd(Model):
    """An embargoed view was taken back before its end, and why."""

    id = fields.BigIntField(primary_key=True)
    view = one_link("civic.EmbargoedView", "end")
    view_id: int
    reason = fields.CharField(max_length=300)
    ended_by = link("civic.Participant", "embargoed_views_ended")
    ended_by_id: int
    ended_at = fields.DatetimeField()

    class Meta:
        table = "embargo_end"


class EmbargoOpening(Model):
    """An embargoed view was opened: when, and which part of the text; nothing of where from."""

    id = fields.BigIntField(primary_key=True)
    view = link("civic.EmbargoedView", "openings")
    view_id: int
    part = fields.IntField()
    opened_at = fields.DatetimeField()

    class Meta:
        table = "embargo_opening"


class DraftEdition(Model):
    """A draft of a decision, frozen and numbered, open for the reactions of those it answers."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = link("civic.Decision", "draft_editions")
    decision_id: int
    number = fields.IntField()
    title = localized()
    summary = localized()
    opened_by = link("civic.Participant", "drafts_opened", null=True)
    opened_by_id: int | None
    opened_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()

    class Meta:
        table = "draft_edition"
        unique_together = (("decision", "number"),)


class DraftOutcome(Model):
    """The answer that a draft edition proposes to one point."""

    id = fields.BigIntField(primary_key=True)
    edition = link("civic.DraftEdition", "outcomes")
    edition_id: int
    claim = link("civic.Claim", "draft_outcomes")
    claim_id: int
    disposition_version = link("civic.DispositionVersion", "drafts")
    disposition_version_id: int

    class Meta:
        table = "draft_outcome"
        unique_together = (("edition", "claim"),)


class DraftProvision(Model):
    """The words of one article as a draft edition proposes them."""

    id = fields.BigIntField(primary_key=True)
    edition = link("civic.DraftEdition", "articles")
    edition_id: int
    provision_version = link("civic.ProvisionVersion", "drafts")
    provision_version_id: int

    class Meta:
        table = "draft_provision"
        unique_together = (("edition", "provision_version"),)


class DraftInvitation(Model):
    """The author of a text was asked to react to an edition; of the link only the digest is kept."""

    id = fields.BigIntField(primary_key=True)
    edition = link("civic.DraftEdition", "invitations")
    edition_id: int
    contribution = link("civic.Contribution", "draft_invitations")
    contribution_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    invited_at = fields.DatetimeField()

    class Meta:
        table = "draft_invitation"
        unique_together = (("edition", "contribution"),)


class Reaction(Model):
    """What the author of a point says of the proposed outcome; changed until the closing by a new row."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    draft = link("civic.DraftOutcome", "reactions")
    draft_id: int
    number = fields.IntField()
    stance = fields.CharField(max_length=10)
    text = fields.TextField(default="")
    language = fields.CharField(max_length=8)
    written_at = fields.DatetimeField()

    class Meta:
        table = "reaction"
        unique_together = (("draft", "number"),)


class ReactionReading(Model):
    """An official considered a reaction, with or without a short answer."""

    id = fields.BigIntField(primary_key=True)
    reaction = one_link("civic.Reaction", "reading")
    reaction_id: int
    answer = fields.TextField(default="")
    read_by = link("civic.Participant", "reactions_read", null=True)
    read_by_id: int | None
    read_at = fields.DatetimeField()

    class Meta:
        table = "reaction_reading"
