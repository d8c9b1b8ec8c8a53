"""What notices does again and again: carry the mail out, and write what followers are owed."""

from datetime import timedelta

from civic.foundation.queue import Regular
from civic.notices.actions import deliver_due, spread, write_due
from civic.notices.actions.announcing import SPREAD

HANDLERS = {SPREAD: spread}
REGULAR = (
    Regular("follows", timedelta(seconds=5), write_due),
    Regular("mail", timedelta(seconds=2), deliver_due),
)
