"""What synthesis does again and again: ask authors when their budget allows it, note silence as silence."""

from datetime import timedelta

from civic.foundation.queue import Regular
from civic.synthesis.actions import ask_kept_checks, close_unanswered

REGULAR = (
    Regular("checks", timedelta(hours=1), close_unanswered),
    Regular("checks to ask", timedelta(minutes=1), ask_kept_checks),
)
