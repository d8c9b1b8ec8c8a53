"""Tell people that somebody answered them: in their list, without a mail for each message."""

from __future__ import annotations

from civic.contributions import queries as said
from civic.contributions.models import Contribution
from civic.foundation.text import excerpt, plain
from civic.notices import actions as notices

_EXCERPT = 120


async def tell_answered(contribution: Contribution, answered: said.ContributionCard | None) -> None:
    """Tell the author of a text, in their list, that somebody answered it."""
    if answered is None or answered.author_id in (None, contribution.author_id):
        return
    to = await said.recipient_of(answered)
    if to is None:
        return
    card = await said.contribution_by_id(contribution.id)
    await notices.notify(
        to,
        "comment.reply",
        about=card.subject,
        data={
            "path": f"/comments/{card.public_id}",
            "name": card.author_name,
            "words": excerpt(plain(card.body), _EXCERPT),
            "title": answered.title or excerpt(plain(answered.body), _EXCERPT),
        },
        once_key=f"comment.reply/{card.public_id}",
        mail=False,
    )
