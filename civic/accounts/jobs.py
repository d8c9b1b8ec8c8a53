"""What accounts does every day: let go of links and sessions that are long over."""

from datetime import timedelta

from civic.accounts.actions import forget_what_is_over
from civic.foundation.queue import Regular

REGULAR = (Regular("accounts", timedelta(hours=6), forget_what_is_over),)
