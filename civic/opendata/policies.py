"""Who may bring contributions in from elsewhere."""

from __future__ import annotations

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.processes.models import ProcessState


def may_import(viewer: Viewer, state: ProcessState) -> Verdict:
    """Only administrators (and the command line) bring files in, until the process is closed."""
    if not viewer.holds("administrator"):
        return refused(N_("Only administrators can import files."))
    if state is ProcessState.CLOSED:
        return refused(N_("This process is closed: nothing more is imported into it."))
    return ALLOWED
