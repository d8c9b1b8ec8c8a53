"""The pages of decisions: for everybody, for those whose points they answer, for officials."""

from civic.decisions.pages import (
    contesting,
    editor,
    ending,
    publication,
    reading,
    situations,
    together,
    work,
    workspace,
)
from civic.decisions.pages.work import role_links

__all__ = ["role_links", "routes"]

routes = [
    *reading.routes,
    *contesting.routes,
    *work.routes,
    *publication.routes,
    *together.routes,
    *workspace.routes,
    *editor.routes,
    *situations.routes,
    *ending.routes,
]
