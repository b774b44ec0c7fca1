"""All that is read about quizzes and attempts."""

from academy.quizzes.queries.attempts import (
    COLUMNS,
    AttemptView,
    Given,
    answers_of,
    get_attempt,
    list_attempts,
    list_overdue,
    responses_of,
    shown_quiz,
)
from academy.quizzes.queries.drafts import authored, load_quizzes, quiz_rows
from academy.quizzes.queries.results import Result, ResultItem, result_of
from academy.quizzes.queries.sheets import (
    DrawnItem,
    NewestAnswer,
    Sheet,
    SheetItem,
    drawn_item,
    drawn_items,
    newest_answer,
    preview_items,
    sheet_of,
)

__all__ = [
    "COLUMNS",
    "AttemptView",
    "DrawnItem",
    "Given",
    "NewestAnswer",
    "Result",
    "ResultItem",
    "Sheet",
    "SheetItem",
    "answers_of",
    "authored",
    "drawn_item",
    "drawn_items",
    "get_attempt",
    "list_attempts",
    "list_overdue",
    "load_quizzes",
    "newest_answer",
    "preview_items",
    "quiz_rows",
    "responses_of",
    "result_of",
    "sheet_of",
    "shown_quiz",
]
