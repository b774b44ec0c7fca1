"""Which course to go on with."""

from typing import Any

from academy.foundation import db
from academy.foundation.security import ANONYMOUS, OPERATOR
from academy.learn import queries
from academy.progress.actions import complete_activity
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.courses import published_course
from tests.factories.enrolments import completed_enrolment, make_enrolment


def test_nobody_takes_nothing(writing: Any) -> None:
    assert queries.list_taken(ANONYMOUS, now=NOW) == []
    assert queries.list_taken(OPERATOR, now=NOW) == []
    assert queries.list_taken(identity_of(make_user()), now=NOW) == []
    assert queries.going_on([]) is None


def test_one_goes_on_with_what_was_begun_before_what_is_newer(writing: Any) -> None:
    person = make_user()
    first, second, third = (published_course(code=code, slug=code.lower()) for code in ("AAA", "BBB", "CCC"))
    begun = make_enrolment(person, first)
    make_enrolment(person, second, now=NOW)
    completed_enrolment(person, third, now=NOW)

    def going_on() -> str:
        db.session.flush()
        found = queries.going_on(queries.list_taken(identity_of(person), now=NOW))
        assert found is not None
        return found.edition.course_code

    assert going_on() == "BBB"
    complete_activity(begun.id, "look-first", now=NOW, actor=OPERATOR)
    assert going_on() == "AAA"
