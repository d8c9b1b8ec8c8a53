"""Everything officials and contributors do to a decision, and what follows by itself."""

from civic.decisions.actions.assigning import assign, drop_filter, keep_filter
from civic.decisions.actions.contesting import (
    file_appeal,
    hide_reply,
    reply,
    restore_reply,
    rule_on_appeal,
)
from civic.decisions.actions.delegating import delegate_signature, revoke_signature
from civic.decisions.actions.drafting import (
    create_decision,
    draft_answer,
    edit_decision,
    write_provision,
)
from civic.decisions.actions.embargo import (
    end_view,
    give_view,
    let_readers_go,
    open_view,
    set_advance,
    stop_advance,
)
from civic.decisions.actions.ending import Remaining, change_scope, close_process, remaining
from civic.decisions.actions.grouping import confirm_answer, cut_into_points, review, review_several
from civic.decisions.actions.inviting import tell_draft
from civic.decisions.actions.promising import (
    check_promise,
    move_date,
    promise,
    set_progress,
    tell_of_promise,
)
from civic.decisions.actions.publishing import publish, release_due, stop_publication
from civic.decisions.actions.returning import note_news, reopen, reopen_due
from civic.decisions.actions.sheets import Judged, SheetDraft, draft_answers, judge_answers
from civic.decisions.actions.telling import tell
from civic.decisions.actions.telling_first import put_off, tell_first
from civic.decisions.actions.together import (
    Apart,
    GroupDraft,
    Shown,
    answer_together,
    declare_group,
    preview_together,
)
from civic.decisions.actions.windows import close_draft, consider, forget_reactions, open_draft, react

__all__ = [
    "close_draft",
    "consider",
    "forget_reactions",
    "open_draft",
    "react",
    "tell_draft",
    "Apart",
    "GroupDraft",
    "Judged",
    "Remaining",
    "SheetDraft",
    "Shown",
    "answer_together",
    "assign",
    "change_scope",
    "check_promise",
    "close_process",
    "confirm_answer",
    "create_decision",
    "cut_into_points",
    "declare_group",
    "delegate_signature",
    "draft_answer",
    "draft_answers",
    "drop_filter",
    "edit_decision",
    "end_view",
    "file_appeal",
    "give_view",
    "hide_reply",
    "judge_answers",
    "keep_filter",
    "let_readers_go",
    "move_date",
    "note_news",
    "open_view",
    "preview_together",
    "promise",
    "publish",
    "put_off",
    "release_due",
    "remaining",
    "reopen",
    "reopen_due",
    "reply",
    "restore_reply",
    "review",
    "review_several",
    "revoke_signature",
    "rule_on_appeal",
    "set_advance",
    "set_progress",
    "stop_advance",
    "stop_publication",
    "tell",
    "tell_first",
    "tell_of_promise",
    "write_provision",
]
