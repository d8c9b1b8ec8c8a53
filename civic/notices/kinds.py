"""What a notice of each kind says. Sentences are English msgids filled from the notice's data.

`data["path"]` is the address of the button, `data["items"]` an optional list of {"text", "label"} lines.
A value may be a text, a number, a date, a moment, a Message or one text per language: it is put in the
reader's language when shown. A kind that `stays` is told even when the thing it is about was hidden or
stopped meanwhile: a receipt, a statement of reasons. A secret kind carries a link that opens something:
it goes by mail only and its data is wiped once sent.
"""

from dataclasses import dataclass

from civic.foundation.errors import N_

ALWAYS = "account"
"""The group of mails that cannot be stopped: they answer an act of one's own, or guard the account."""

FOLLOWS = "follows"
"""The group whose stop link ends follows, and not the mails of a whole group."""

GROUPS = {
    ALWAYS: N_("Sign-in, security and receipts"),
    "answers": N_("Answers to what you said, and your deadlines"),
    "replies": N_("Replies to your texts"),
    "moderation": N_("Decisions about texts you wrote or reported"),
    "processes": N_("News of the processes you take part in"),
    FOLLOWS: N_("News of what you follow"),
    "surveys": N_("Surveys about how a decision was made"),
    "work": N_("Work that waits for you"),
}
"""What a person may stop, group by group, in the words of the page that stops it."""


@dataclass(frozen=True)
class Kind:
    """The sentences of one kind of notice."""

    subject: str
    lines: tuple[str, ...]
    action: str
    why: str
    group: str
    secret: bool = False
    stays: bool = False
    icon: str = "bell"
    stop: str = N_("No more messages of this kind by e-mail")


_WHY_ASKED = N_("You get this message because this address was typed on our site.")
_WHY_ACCOUNT = N_("You get this message because it concerns the safety of your account.")
_WHY_REPORTED = N_("You get this message because you reported a text.")
_WHY_AUTHOR = N_("You get this message because it concerns a text you wrote.")
_FIFTEEN_MINUTES = N_("The link works once, for %(minutes)s minutes. If you did not ask for it, do nothing.")

_WHY_FOLLOWS = N_("You get this message because you follow: %(names)s.")
_WHY_POINT = N_("You get this message because you made a point in this process.")
_WHY_PROMISE = N_("You get this message because a point you made led to this promise.")
_WHY_EARLY = N_("You get this message because an official of this public body gave your name.")
_WHY_WORK = N_("You get this message because you work on the answers of this process.")

KINDS: dict[str, Kind] = {
    "account.sign_in": Kind(
        N_("Your sign-in link"),
        (N_("Here is the link to sign in."), _FIFTEEN_MINUTES),
        N_("Sign in"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "account.register": Kind(
        N_("Confirm your address"),
        (
            N_("You asked for an account. One step is left: confirm that this address is yours."),
            _FIFTEEN_MINUTES,
        ),
        N_("Confirm my address"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "account.register_known": Kind(
        N_("You already have an account"),
        (
            N_(
                "Somebody asked for an account with this address. You already have one: here is a link to it."
            ),
            _FIFTEEN_MINUTES,
        ),
        N_("Sign in"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "account.unknown": Kind(
        N_("No account with this address"),
        (
            N_("Somebody asked to sign in with this address, and there is no account with it."),
            N_("If it was you, try another address, or make an account."),
        ),
        N_("Make an account"),
        _WHY_ASKED,
        ALWAYS,
    ),
    "account.closed": Kind(
        N_("This account is closed"),
        (N_("Somebody asked for a link to the account of this address. That account is closed."),),
        N_("Contact"),
        _WHY_ASKED,
        ALWAYS,
    ),
    "account.address_taken": Kind(
        N_("This address already has an account"),
        (
            N_("Somebody wants to use this address for their account. It already belongs to yours."),
            N_("Nothing was changed."),
        ),
        N_("See my account"),
        _WHY_ASKED,
        ALWAYS,
    ),
    "account.reset": Kind(
        N_("Choose a new password"),
        (N_("Here is the link to choose a new password."), _FIFTEEN_MINUTES),
        N_("Choose a new password"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "account.invite": Kind(
        N_("You are invited"),
        (
            N_("%(by)s invites you to work here as: %(role)s (%(where)s)."),
            N_("The link works once, until %(until)s."),
        ),
        N_("Accept the invitation"),
        N_("You get this message because an administrator typed this address."),
        ALWAYS,
        secret=True,
    ),
    "account.change_address": Kind(
        N_("Confirm your new address"),
        (N_("You asked to receive our messages at this address."), _FIFTEEN_MINUTES),
        N_("Confirm this address"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "account.address_asked": Kind(
        N_("Your address is about to change"),
        (
            N_("Your account was asked to use another address. The new one must still be confirmed."),
            N_("If it was not you, end the other sessions and change your password now."),
        ),
        N_("Look at my sessions"),
        _WHY_ACCOUNT,
        ALWAYS,
        stays=True,
    ),
    "account.address_changed": Kind(
        N_("Your address was changed"),
        (
            N_("Your account now uses another address. This is the last message sent to this one."),
            N_("If it was not you, write to us at once: the contact page says how."),
        ),
        N_("Contact"),
        _WHY_ACCOUNT,
        ALWAYS,
        stays=True,
    ),
    "account.password_changed": Kind(
        N_("Your password was changed"),
        (
            N_("The password of your account was changed, and your other sessions were ended."),
            N_("If it was not you, choose a new password now."),
        ),
        N_("Choose a new password"),
        _WHY_ACCOUNT,
        ALWAYS,
        stays=True,
    ),
    "role.granted": Kind(
        N_("A role was given to you: %(role)s"),
        (N_("%(by)s gave you a role: %(role)s (%(where)s)."), N_("Reason: %(reason)s")),
        N_("See my account"),
        N_("You get this message because your rights on this site have changed."),
        ALWAYS,
        stays=True,
        icon="user-check",
    ),
    "role.revoked": Kind(
        N_("A role was taken back: %(role)s"),
        (
            N_("%(by)s took back a role: %(role)s (%(where)s)."),
            N_("Reason: %(reason)s"),
            N_("You were signed out everywhere."),
        ),
        N_("See my account"),
        N_("You get this message because your rights on this site have changed."),
        ALWAYS,
        stays=True,
        icon="user-check",
    ),
    "delegate.asked": Kind(
        N_("%(person)s asks to speak for %(name)s"),
        (N_("Check that this person may speak for this organisation, then say yes or no with the reason."),),
        N_("See the requests"),
        N_("You get this message because you look after this site."),
        "work",
        icon="user-check",
    ),
    "delegate.confirmed": Kind(
        N_("You speak for %(name)s"),
        (
            N_("Your request was checked: you can now file position statements for %(name)s."),
            N_("Reason: %(reason)s"),
        ),
        N_("See the organisation"),
        N_("You get this message because your rights on this site have changed."),
        ALWAYS,
        stays=True,
        icon="user-check",
    ),
    "delegate.refused": Kind(
        N_("You cannot speak for %(name)s"),
        (N_("Your request was checked and refused."), N_("Reason: %(reason)s")),
        N_("Ask again"),
        N_("You get this message because you asked to speak for an organisation."),
        ALWAYS,
        stays=True,
        icon="user-check",
    ),
    "delegate.ended": Kind(
        N_("You no longer speak for %(name)s"),
        (N_("Your mandate was ended."), N_("Reason: %(reason)s")),
        N_("See the organisation"),
        N_("You get this message because your rights on this site have changed."),
        ALWAYS,
        stays=True,
        icon="user-check",
    ),
    "substitute.named": Kind(
        N_("You stand in for %(absent)s"),
        (
            N_("%(absent)s named you as substitute from %(from)s to %(to)s."),
            N_("During these days you hold the same roles. The dates promised to people do not move."),
        ),
        N_("See my account"),
        N_("You get this message because a colleague named you."),
        "work",
        stays=True,
        icon="user-check",
    ),
    "substitute.ended": Kind(
        N_("You no longer stand in for %(absent)s"),
        (N_("%(absent)s ended the absence for which you were named."),),
        N_("See my account"),
        N_("You get this message because a colleague named you."),
        "work",
        stays=True,
        icon="user-check",
    ),
    "signature.delegated": Kind(
        N_("You may sign for %(maker)s"),
        (
            N_("%(maker)s delegated their signature to you from %(from)s to %(to)s, for: %(process)s."),
            N_("You cannot sign a decision whose answers you wrote or read."),
        ),
        N_("See the delegated signatures"),
        N_("You get this message because a colleague named you."),
        "work",
        stays=True,
        icon="signature",
    ),
    "signature.revoked": Kind(
        N_("You no longer sign for %(maker)s"),
        (N_("%(maker)s took back the signature delegated to you for: %(process)s."),),
        N_("See the delegated signatures"),
        N_("You get this message because a colleague named you."),
        "work",
        stays=True,
        icon="signature",
    ),
    "contribution.confirm": Kind(
        N_("One step left: confirm what you wrote"),
        (
            N_("Follow this link to publish what you wrote. Until then, only you can see it."),
            N_("Receipt number: %(number)s"),
            N_("Secret code, to keep: %(code)s"),
            N_("The number opens what is public. The code lets you correct, withdraw, reply and contest."),
            N_("The link works once, until %(until)s. If you wrote nothing, do nothing: nothing appears."),
        ),
        N_("Publish my text"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
        stays=True,
    ),
    "contribution.confirm_again": Kind(
        N_("The link to confirm what you wrote"),
        (
            N_("Follow this link to publish what you wrote. Until then, only you can see it."),
            N_("Receipt number: %(number)s"),
            N_("The link works once, until %(until)s. If you wrote nothing, do nothing: nothing appears."),
        ),
        N_("Publish my text"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
        stays=True,
    ),
    "contribution.received": Kind(
        N_("We received your proposal"),
        (
            N_("Your proposal “%(title)s” is published."),
            N_("Receipt number: %(number)s"),
            N_("Each of your points gets an answer with its reason. We write to you when it is there."),
        ),
        N_("See my receipt"),
        N_("You get this message because you sent a proposal."),
        ALWAYS,
        stays=True,
        icon="file-check",
    ),
    "comment.reply": Kind(
        N_("%(name)s answered you"),
        (N_("About “%(title)s”: “%(words)s”"),),
        N_("Read the answer"),
        N_("You get this message because somebody answered one of your texts."),
        "replies",
        icon="reply",
    ),
    "phase.changed": Kind(
        N_("New dates: %(process)s"),
        (
            N_("%(what)s: %(step)s. Last day: %(last)s."),
            N_("Reason: %(reason)s"),
        ),
        N_("See the calendar"),
        N_("You get this message because you took part in this process."),
        "processes",
        icon="calendar-clock",
    ),
    "report.received": Kind(
        N_("We received your report"),
        (
            N_("Your report has the number %(number)s."),
            N_("A person reads it and tells you the result, with the reason."),
        ),
        N_("See my report"),
        _WHY_REPORTED,
        "moderation",
        stays=True,
        icon="flag",
    ),
    "report.kept": Kind(
        N_("Your report: the text stays online"),
        (
            N_("A moderator read the text you reported and found no broken rule: it stays online."),
            N_("%(note)s"),
        ),
        N_("See my report"),
        _WHY_REPORTED,
        "moderation",
        icon="flag",
    ),
    "report.restricted": Kind(
        N_("Your report: a rule was broken"),
        (
            N_("A moderator read the text you reported and took a measure. %(done)s"),
            N_("Rule: %(rule)s"),
            N_("%(note)s"),
        ),
        N_("See my report"),
        _WHY_REPORTED,
        "moderation",
        icon="flag",
    ),
    "report.reversed": Kind(
        N_("Your report: the text is shown again"),
        (N_("The author contested the measure, and somebody else found that the text may stay."),),
        N_("See my report"),
        _WHY_REPORTED,
        "moderation",
        icon="flag",
    ),
    "report.restored": Kind(
        N_("Your report: the text is shown again"),
        (N_("A moderator read the text again and lifted the measure."), N_("%(note)s")),
        N_("See my report"),
        _WHY_REPORTED,
        "moderation",
        icon="flag",
    ),
    "moderation.hidden": Kind(
        N_("A text of yours was hidden"),
        (
            N_("Rule: %(rule)s"),
            N_("Passage: “%(passage)s”"),
            N_("Reason: %(facts)s"),
            N_("Effect: %(effect)s"),
            N_("How long: %(duration)s"),
            N_("You can still read your text. You can contest this, free of charge, until %(until)s."),
        ),
        N_("Read the statement of reasons"),
        _WHY_AUTHOR,
        "moderation",
        icon="eye-off",
    ),
    "moderation.rephrase": Kind(
        N_("Please write your text another way"),
        (
            N_("Rule: %(rule)s"),
            N_("Passage: “%(passage)s”"),
            N_("Reason: %(facts)s"),
            N_("Effect: %(effect)s"),
            N_("How long: %(duration)s"),
            N_("You can also contest this, free of charge, until %(until)s."),
        ),
        N_("Write it another way"),
        _WHY_AUTHOR,
        "moderation",
        icon="pencil",
    ),
    "moderation.official": Kind(
        N_("Please put an official text another way"),
        (
            N_("Rule: %(rule)s"),
            N_("Passage: “%(passage)s”"),
            N_("Reason: %(facts)s"),
            N_("Effect: %(effect)s"),
            N_("How long: %(duration)s"),
            N_("You can also contest this, free of charge, until %(until)s."),
        ),
        N_("Read the statement of reasons"),
        _WHY_AUTHOR,
        "moderation",
        icon="pencil",
    ),
    "moderation.restored": Kind(
        N_("Your text is shown again"),
        (N_("The measure about your text was lifted."), N_("%(note)s")),
        N_("See my text"),
        _WHY_AUTHOR,
        "moderation",
        icon="eye",
    ),
    "moderation.appeal_received": Kind(
        N_("We received your appeal"),
        (N_("Another person than the one who decided hears it. You get an answer before %(due)s."),),
        N_("See my appeal"),
        _WHY_AUTHOR,
        "moderation",
        stays=True,
        icon="gavel",
    ),
    "moderation.appeal_upheld": Kind(
        N_("Your appeal: you were right"),
        (N_("%(effect)s"), N_("Reason: %(reason)s")),
        N_("Read what was found"),
        _WHY_AUTHOR,
        "moderation",
        stays=True,
        icon="gavel",
    ),
    "moderation.appeal_dismissed": Kind(
        N_("Your appeal: the measure stays"),
        (
            N_("Another person than the first has reread your text."),
            N_("Reason: %(reason)s"),
            N_("You can still go to an out-of-court dispute body or to a court."),
        ),
        N_("Read what was found"),
        _WHY_AUTHOR,
        "moderation",
        stays=True,
        icon="gavel",
    ),
    "moderation.appeal_waiting": Kind(
        N_("An appeal waits for you"),
        (N_("An author contests a measure that you did not take. An answer is due on %(due)s."),),
        N_("Hear the appeal"),
        N_("You get this message because you moderate this process."),
        "work",
        icon="gavel",
    ),
    "moderation.case_opened": Kind(
        N_("A text was reported"),
        (N_("A case waits in the moderation queue: %(ground)s."),),
        N_("Open the case"),
        N_("You get this message because you moderate this process."),
        "work",
        icon="flag",
    ),
    "moderation.rewritten": Kind(
        N_("An author wrote a text another way"),
        (N_("The new wording waits in the moderation queue. Nobody else sees it until you decide."),),
        N_("Open the case"),
        N_("You get this message because you moderate this process."),
        "work",
        icon="flag",
    ),
    "question.asked": Kind(
        N_("A question about what you wrote"),
        (
            N_("%(name)s asks: “%(question)s”"),
            N_("Your answer helps to understand your point. You can answer until %(until)s."),
            N_("Saying nothing is not a yes and not a no: it is counted apart."),
        ),
        N_("Answer"),
        _WHY_POINT,
        "answers",
        icon="message-circle-question",
    ),
    "question.answered": Kind(
        N_("%(name)s answered your question"),
        (N_("The author of %(number)s answered. The city is waited for now."),),
        N_("Read and answer the point"),
        _WHY_WORK,
        "work",
        icon="reply",
    ),
    "check.link": Kind(
        N_("Did we understand you?"),
        (
            N_("From what you wrote (%(number)s) we take some points. Please say whether each one is right."),
            N_("One link, no account. It works once, until %(until)s."),
            N_(
                "If you say nothing, we write “no reply”, never “confirmed”. An answer is owed to you anyway."
            ),
        ),
        N_("Check my points"),
        _WHY_POINT,
        "answers",
        secret=True,
    ),
    "check.sent": Kind(
        N_("Did we understand you?"),
        (
            N_("From what you wrote (%(number)s) we take some points. Please say whether each one is right."),
            N_("You can do so until %(until)s."),
        ),
        N_("Check my points"),
        _WHY_POINT,
        "answers",
        icon="list-checks",
    ),
    "checks.link": Kind(
        N_("Did we understand you?"),
        (
            N_("From what you wrote (%(texts)s) we take some points. Please say whether each one is right."),
            N_("One link for each text, no account. Each works once, until %(until)s."),
            N_(
                "If you say nothing, we write “no reply”, never “confirmed”. An answer is owed to you anyway."
            ),
        ),
        N_("Check my points"),
        _WHY_POINT,
        "answers",
        secret=True,
    ),
    "checks.sent": Kind(
        N_("Did we understand you?"),
        (
            N_("From what you wrote (%(texts)s) we take some points. Please say whether each one is right."),
            N_("You can do so until %(until)s."),
        ),
        N_("Check my points"),
        _WHY_POINT,
        "answers",
        icon="list-checks",
    ),
    "check.answered": Kind(
        N_("The author of %(number)s checked your points"),
        (N_("Read what was confirmed, what was put another way, and what was missed."),),
        N_("Read it"),
        _WHY_WORK,
        "work",
        icon="reply",
    ),
    "points.returned": Kind(
        N_("%(name)s sent the points of %(number)s back to you"),
        (N_("“%(note)s”"),),
        N_("Open the text"),
        _WHY_WORK,
        "work",
        icon="undo-2",
    ),
    "answer.returned": Kind(
        N_("%(name)s sent an answer back to you"),
        (N_("“%(note)s”"),),
        N_("Open the answer"),
        _WHY_WORK,
        "work",
        icon="undo-2",
    ),
    "points.assigned": Kind(
        N_("%(name)s gave you %(points)s to answer"),
        (N_("Decision: “%(decision)s”."),),
        N_("Open these points"),
        _WHY_WORK,
        "work",
        icon="user-round",
    ),
    "draft.link": Kind(
        N_("Proposed outcomes, not decided yet: what do you think?"),
        (
            N_("For “%(process)s” an outcome is proposed for what you said: %(points)s. Nothing is decided."),
            N_("Say for each point whether it is right, until %(until)s. No account is needed."),
            N_("What you say is read before the decision. You can change it until then."),
        ),
        N_("Read and react"),
        _WHY_POINT,
        "answers",
        secret=True,
    ),
    "draft.opened": Kind(
        N_("Proposed outcomes, not decided yet: what do you think?"),
        (
            N_("For “%(process)s” an outcome is proposed for what you said: %(points)s. Nothing is decided."),
            N_("Say for each point whether it is right, until %(until)s."),
        ),
        N_("Read and react"),
        _WHY_POINT,
        "answers",
        icon="list-checks",
    ),
    "decision.published": Kind(
        N_("What became of what you said: %(decision)s"),
        (
            N_("The decision on “%(process)s” is published. It answers what you said: %(points)s."),
            N_("You can reply to each answer for 21 days, and contest how a point was treated for 2 months."),
        ),
        N_("Read the answers"),
        _WHY_POINT,
        "answers",
        icon="gavel",
    ),
    "decision.corrected": Kind(
        N_("A correction changes an answer to you: %(decision)s"),
        (
            N_("A new version of the decision on “%(process)s” is published. It concerns you: %(points)s."),
            N_("What was corrected: %(correction)s"),
            N_("The former version stays readable."),
        ),
        N_("Read the answers"),
        _WHY_POINT,
        "answers",
        icon="gavel",
    ),
    "decision.stopped": Kind(
        N_("The publication was stopped: %(decision)s"),
        (N_("A point came back without an answer while the publication waited. Nothing was published."),),
        N_("Open the decision"),
        _WHY_WORK,
        "work",
        icon="octagon-x",
    ),
    "advance.link": Kind(
        N_("You read the answers to your points first"),
        (
            N_("The decision on “%(process)s” is signed. It answers what you said: %(points)s."),
            N_("Everybody can read it from %(until)s on. Until then this link opens your own answers only."),
            N_("No account is needed. Whoever has this link reads your answers: keep it to yourself."),
        ),
        N_("Read the answers to my points"),
        _WHY_POINT,
        "answers",
        secret=True,
    ),
    "advance.sent": Kind(
        N_("You read the answers to your points first"),
        (
            N_("The decision on “%(process)s” is signed. It answers what you said: %(points)s."),
            N_("Everybody can read it from %(until)s on."),
        ),
        N_("Read the answers to my points"),
        _WHY_POINT,
        "answers",
        icon="gavel",
    ),
    "advance.put_off": Kind(
        N_("The decision is not published yet"),
        (
            N_("We told you early of the decision on “%(process)s”. Its publication was stopped."),
            N_("The answers you read may still change. You get a message when the decision is published."),
        ),
        N_("See what became of my contribution"),
        _WHY_POINT,
        "answers",
        icon="octagon-x",
    ),
    "embargo.view": Kind(
        N_("Under embargo until %(release)s"),
        (
            N_("%(giver)s lets you read the decision on “%(process)s” before it is public."),
            N_("It is under embargo until %(release)s. The people whose points it answers were told first."),
            N_("This link is for you alone and opens until %(until)s. Each opening is noted."),
            N_(
                "Once the decision is public, its page says that somebody of “%(organisation)s” read it "
                "early, when and why. It names neither you nor your address."
            ),
        ),
        N_("Open the decision"),
        _WHY_EARLY,
        ALWAYS,
        secret=True,
    ),
    "embargo.ended": Kind(
        N_("Your early link was taken back"),
        (N_("The link to the decision on “%(process)s” opens nothing any more. The embargo stands."),),
        N_("See the process"),
        _WHY_EARLY,
        ALWAYS,
    ),
    "embargo.put_off": Kind(
        N_("The decision is not published yet"),
        (
            N_(
                "The publication of the decision on “%(process)s” was stopped. "
                "Your link opens nothing any more."
            ),
            N_("What you read is not in force and may still change. The embargo stands."),
        ),
        N_("See the process"),
        _WHY_EARLY,
        ALWAYS,
    ),
    "promise.made": Kind(
        N_("A promise after your point"),
        (N_("%(promise)s"), N_("Who does it: %(owner)s. Until: %(due)s.")),
        N_("See the promise"),
        _WHY_PROMISE,
        "answers",
        icon="milestone",
    ),
    "promise.moved": Kind(
        N_("A promise has another date"),
        (
            N_("%(promise)s"),
            N_("It was promised for %(before)s. The new date is %(due)s."),
            N_("Reason: %(why)s"),
        ),
        N_("See the promise"),
        _WHY_PROMISE,
        "answers",
        icon="calendar-clock",
    ),
    "promise.done": Kind(
        N_("A promise is announced as done: does it work?"),
        (
            N_("%(promise)s"),
            N_("Proof: %(why)s"),
            N_("Your point led to it. Say what you find: it works, it does not, or you cannot tell."),
        ),
        N_("Say whether it works"),
        _WHY_PROMISE,
        "answers",
        icon="circle-check",
    ),
    "promise.done_told": Kind(
        N_("A promise is announced as done"),
        (N_("%(promise)s"), N_("Proof: %(why)s")),
        N_("See the promise"),
        _WHY_PROMISE,
        "answers",
        icon="circle-check",
    ),
    "promise.abandoned": Kind(
        N_("A promise is abandoned"),
        (N_("%(promise)s"), N_("Reason: %(why)s")),
        N_("See the promise"),
        _WHY_PROMISE,
        "answers",
        icon="milestone",
    ),
    "point.reopened": Kind(
        N_("%(points)s came back: %(decision)s"),
        (N_("Their day has come: they were put off until today, or another body was to be asked today."),),
        N_("See the points"),
        _WHY_WORK,
        "work",
        icon="calendar-clock",
    ),
    "reply.published": Kind(
        N_("%(name)s replied to an answer of yours"),
        (N_("The reply stands beside your answer, for everyone to read."),),
        N_("Read the reply"),
        _WHY_WORK,
        "work",
        icon="reply",
    ),
    "reply.private": Kind(
        N_("%(name)s replied to an answer of yours"),
        (N_("It is about a particular situation: only its author and the staff of this process read it."),),
        N_("Read the reply"),
        _WHY_WORK,
        "work",
        icon="reply",
    ),
    "situation.opened": Kind(
        N_("%(name)s read what you told of your situation"),
        (
            N_("Their reason: %(reason)s"),
            N_("Your words are not in this message. You see every reading on your page, and can erase them."),
        ),
        N_("See who read it"),
        N_("You get this message because you told what is particular to your situation."),
        "answers",
        stays=True,
        icon="eye",
    ),
    "outcome_appeal.received": Kind(
        N_("We received your appeal"),
        (N_("Somebody who had no part in the answer reads it. You hear of it by %(due)s."),),
        N_("See the answer and your appeal"),
        _WHY_POINT,
        "answers",
        stays=True,
        icon="gavel",
    ),
    "outcome_appeal.waiting": Kind(
        N_("An appeal waits for you"),
        (N_("Somebody contests how their point was treated. An answer is due by %(due)s."),),
        N_("Read the appeal"),
        _WHY_WORK,
        "work",
        icon="gavel",
    ),
    "outcome_appeal.upheld": Kind(
        N_("Your appeal: you were right"),
        (N_("Reason: %(reason)s"), N_("Your point gets a new answer by %(due)s.")),
        N_("Read what was found"),
        _WHY_POINT,
        "answers",
        stays=True,
        icon="gavel",
    ),
    "outcome_appeal.dismissed": Kind(
        N_("Your appeal: the answer stands"),
        (
            N_("Reason: %(reason)s"),
            N_("An appeal is about how your point was treated. For the choice itself, a court can be asked."),
        ),
        N_("Read what was found"),
        _WHY_POINT,
        "answers",
        stays=True,
        icon="gavel",
    ),
    "outcome_appeal.again": Kind(
        N_("A point must be answered again"),
        (
            N_("An appeal against your answer was upheld. Reason: %(reason)s"),
            N_("The new answer is due by %(due)s."),
        ),
        N_("Answer the point again"),
        _WHY_WORK,
        "work",
        icon="gavel",
    ),
    "survey.link": Kind(
        N_("Six questions about: %(decision)s"),
        (
            N_("You took part before this decision. How was it done? Six short questions, all optional."),
            N_("Your answers are counted with those of the others. Nobody sees who answered what."),
            N_("One link, no account. It works once, until %(until)s. You need not answer."),
        ),
        N_("Answer the six questions"),
        _WHY_POINT,
        "surveys",
        secret=True,
    ),
    "survey.invited": Kind(
        N_("Six questions about: %(decision)s"),
        (
            N_("You took part before this decision. How was it done? Six short questions, all optional."),
            N_("Your answers are counted with those of the others. Nobody sees who answered what."),
            N_("You can answer until %(until)s. You need not."),
        ),
        N_("Answer the six questions"),
        _WHY_POINT,
        "surveys",
        icon="list-checks",
    ),
    "follow.confirm": Kind(
        N_("One step left: follow “%(name)s”"),
        (N_("Somebody asked for its news at this address. How often: %(pace)s."), _FIFTEEN_MINUTES),
        N_("Follow this"),
        _WHY_ASKED,
        ALWAYS,
        secret=True,
    ),
    "follow.news": Kind(
        N_("News: %(title)s"),
        (N_("This happened to what you follow:"),),
        N_("Read it"),
        _WHY_FOLLOWS,
        FOLLOWS,
        stop=N_("Stop following this"),
    ),
    "follow.digest": Kind(
        N_("What you follow: %(title)s"),
        (N_("Since the last message, this happened to what you follow:"),),
        N_("See what I follow"),
        _WHY_FOLLOWS,
        FOLLOWS,
        icon="list",
        stop=N_("No more digests"),
    ),
}
