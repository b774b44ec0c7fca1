"""All that changes quizzes and attempts."""

from academy.quizzes.actions.attempts import (
    Answer,
    close_if_overdue,
    save_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from academy.quizzes.actions.drafts import store_quiz

__all__ = ["Answer", "close_if_overdue", "save_answer", "save_answers", "start_attempt", "store_quiz", "submit_attempt"]
