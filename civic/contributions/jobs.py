"""Work owed by the register."""

from civic.contributions.actions.telling import TELL, tell_of_step

HANDLERS = {TELL: tell_of_step}
