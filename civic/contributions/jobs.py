"""Work owed by the register."""

from datetime import timedelta

from civic.contributions.actions.situations import keep_keys_fresh, let_go
from civic.contributions.actions.telling import TELL, tell_of_step
from civic.foundation.queue import Regular

HANDLERS = {TELL: tell_of_step}
REGULAR = (
    Regular("let situations go", timedelta(days=1), let_go),
    Regular("seal under the newest key", timedelta(days=1), keep_keys_fresh),
)
