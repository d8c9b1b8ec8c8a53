"""Who heard of the decision of the town before it was public: the people concerned, then two readers."""

import json
from datetime import datetime
from typing import Any

from civic.commands.town.reading import on
from civic.decisions import actions
from civic.decisions.embargo_forms import ViewDraft
from civic.decisions.queries import decision_by_id
from civic.foundation import database
from civic.foundation.viewer import Viewer

_NEWEST = "SELECT data FROM notice WHERE kind = 'embargo.view' ORDER BY id DESC LIMIT 1"


async def tell_first(signer: Viewer, decision_id: int, until: datetime) -> None:
    """Tell the people concerned, as soon as it is signed."""
    await actions.set_advance(signer, await decision_by_id(decision_id), until)


async def let_read(signer: Viewer, decision_id: int, said: dict[str, Any]) -> None:
    """Give somebody outside a link, and let them open it when they did."""
    with on(said["at"]):
        draft = ViewDraft(
            said["name"], said["organisation"], said["address"], said["language"], said["reason"], None
        )
        await actions.give_view(signer, await decision_by_id(decision_id), draft)
        (row,) = await database.rows(_NEWEST)
        data = json.loads(row["data"]) if isinstance(row["data"], str) else row["data"]
    for moment in said.get("opened", ()):
        with on(moment):
            await actions.open_view(str(data["path"]).rpartition("/")[2], 1)
