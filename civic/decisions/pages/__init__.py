"""The pages of decisions: for everybody, for those whose points they answer, for officials."""

from civic.decisions.pages import (
    considering,
    contesting,
    corrections,
    cutting,
    delegating,
    documents,
    early,
    editor,
    embargo,
    ending,
    followup,
    groups,
    publication,
    reacting,
    reading,
    returning,
    sharing_out,
    situations,
    together,
    work,
    workspace,
)
from civic.decisions.pages.work import role_links

__all__ = ["role_links", "routes"]

routes = [
    *reading.routes,
    *reacting.routes,
    *considering.routes,
    *documents.routes,
    *corrections.routes,
    *contesting.routes,
    *work.routes,
    *publication.routes,
    *embargo.routes,
    *early.routes,
    *groups.routes,
    *together.routes,
    *sharing_out.routes,
    *cutting.routes,
    *workspace.routes,
    *editor.routes,
    *situations.routes,
    *ending.routes,
    *followup.routes,
    *returning.routes,
    *delegating.routes,
]
