"""What notices does again and again: carry the mail out."""

from datetime import timedelta

from civic.foundation.queue import Regular
from civic.notices.actions import deliver_due

REGULAR = (Regular("mail", timedelta(seconds=2), deliver_due),)
