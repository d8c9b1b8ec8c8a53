"""What moderation does again and again: lift the measures whose time is over."""

from datetime import timedelta

from civic.foundation.queue import Regular
from civic.moderation.actions import end_measures

REGULAR = (Regular("measures", timedelta(minutes=10), end_measures),)
