"""What synthesis does every hour: note that an author said nothing in time."""

from datetime import timedelta

from civic.foundation.queue import Regular
from civic.synthesis.actions import close_unanswered

REGULAR = (Regular("checks", timedelta(hours=1), close_unanswered),)
