"""Everything officials and administrators do to a process, and what they publish with it."""

from civic.processes.actions.announcing import (
    add_date,
    publish_scope,
    remove_date,
    set_stakeholders,
)
from civic.processes.actions.charters import publish_charter
from civic.processes.actions.common import (
    LISTENERS,
    PhaseChanged,
    lock,
    touch,
)
from civic.processes.actions.interests import declare_interests
from civic.processes.actions.opening import (
    add_phase,
    close_phase,
    extend_phase,
    mark_closed,
    open_phase,
    open_process,
)
from civic.processes.actions.setup import (
    add_issue,
    create_process,
    edit_issue,
    edit_process,
    remove_issue,
    set_phases,
)

__all__ = [
    "LISTENERS",
    "PhaseChanged",
    "add_date",
    "add_issue",
    "add_phase",
    "close_phase",
    "create_process",
    "declare_interests",
    "edit_issue",
    "edit_process",
    "extend_phase",
    "lock",
    "mark_closed",
    "open_phase",
    "open_process",
    "publish_charter",
    "publish_scope",
    "remove_date",
    "remove_issue",
    "set_phases",
    "set_stakeholders",
    "touch",
]
