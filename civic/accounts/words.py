"""The words for roles, the same on every page and in every message."""

from civic.accounts.models import Role
from civic.foundation.errors import N_, Message

EVERYWHERE = Message(N_("the whole site"))

ROLE_NAMES = {
    Role.MODERATOR: Message(N_("moderator")),
    Role.OFFICIAL: Message(N_("official")),
    Role.REVIEWER: Message(N_("second reader")),
    Role.DECISION_MAKER: Message(N_("decision maker")),
    Role.APPEAL_READER: Message(N_("appeal reader")),
    Role.ADMINISTRATOR: Message(N_("administrator")),
}
