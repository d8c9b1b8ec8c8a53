"""The coverage board and what is owed; the survey of a decision and its results."""

from civic.evaluation.pages import boards, surveys

routes = [*boards.routes, *surveys.routes]
