"""The acts of moderation: report, decide, undo, lift, contest, hear, rewrite."""

from civic.moderation.actions.contesting import appeal, rewrite, rule
from civic.moderation.actions.deciding import decide, end_measures, restore, undo
from civic.moderation.actions.reporting import ReportReceipt, report

__all__ = [
    "ReportReceipt",
    "appeal",
    "decide",
    "end_measures",
    "report",
    "restore",
    "rewrite",
    "rule",
    "undo",
]
