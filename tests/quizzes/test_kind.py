"""The quiz as a kind of activity: packages, draft rows, editions, the preview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from academy.courses import queries as courses
from academy.courses.kinds import ActivityFiles, Change, PageContext
from academy.courses.models import Activity, Module
from academy.foundation import db
from academy.foundation.i18n import LocalizedText, using_language
from academy.foundation.security import ANONYMOUS
from academy.quizzes import views
from academy.quizzes.kind import KIND
from academy.quizzes.models import Attempt, Choice, Item, Quiz
from tests.factories import quizzes as make
from tests.factories.accounts import identity_of, make_user
from tests.factories.quizzes import AT, choices, draft, item, quiz, text


def files_of(written):
    return ActivityFiles("05-check", written, {"": "01-module/05-check.quiz.toml"}, "en", ("en", "ru"))


def facts(activity):
    return make.course_draft(activity).facts(("en", "ru"))


@pytest.mark.parametrize("purpose", ["check", "pre", "final"])
def test_a_package_comes_back_equal_and_byte_for_byte(purpose):
    made = draft(quiz(purpose=purpose))
    written = KIND.write_package(made, facts(made))
    read = KIND.read_package(files_of(written))
    assert read.faults == ()
    assert read.draft == made
    assert read.draft.files == ("01-module/05-check.quiz.toml",)
    assert KIND.write_package(read.draft, facts(made)) == written


def test_a_file_that_is_none_gives_no_draft_but_faults():
    read = KIND.read_package(files_of({"": "key = "}))
    assert read.draft is None
    assert read.faults[0].file == "01-module/05-check.quiz.toml"


def test_faults_of_content_name_the_file_or_the_activity():
    broken = draft(quiz(item("single", outcome="O9")))
    [fault] = KIND.check(broken, facts(broken))
    assert (fault.file, fault.message) == ("check-1", "item “single”: the course has no outcome “O9”")
    named = replace(broken, files=("x.quiz.toml",))
    assert KIND.check(named, facts(named))[0].file == "x.quiz.toml"


def test_texts_are_those_of_the_quiz():
    fields = [piece.field for piece in KIND.texts(draft(quiz(item("true_false"))))]
    assert fields == ["intro", "items/true-false/text", "items/true-false/feedback"]


def test_it_is_frozen_in_every_language_that_it_has_anything_in():
    made = draft()
    frozen = KIND.freeze(made, facts(made))
    assert set(frozen.parts) == {"en", "ru"}
    assert frozen.complete == {"en", "ru"}
    assert frozen.purpose == "check"
    assert frozen.answers["items"]["single"]["key"] == 1


def test_a_language_with_one_text_has_a_part_but_is_not_complete():
    made = draft(make.without_texts(quiz(item("single")), "en"))
    frozen = KIND.freeze(made, facts(made))
    assert set(frozen.parts) == {"en", "ru"}
    assert frozen.complete == {"en"}


def test_a_language_with_nothing_has_no_part():
    english = replace(item("true_false"), text=LocalizedText.of("en", en="One?"), feedback=None)
    made = draft(replace(quiz(english), intro=None), title=LocalizedText.of("en", en="Check"))
    frozen = KIND.freeze(made, facts(made))
    assert set(frozen.parts) == {"en"}


def test_e23_the_search_finds_no_questions():
    assert KIND.search_text(KIND.freeze(draft(), facts(draft())).parts["en"]) == ""


def test_it_has_a_name_in_every_language():
    with using_language("en"):
        assert KIND.label == "Quiz"
    assert (KIND.name, KIND.file_suffix, KIND.per_language) == ("quiz", ".quiz.toml", False)


# Draft rows -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def activity_id(writing):
    edition = make.publish()
    module = Module(course_id=edition.course_id, key="m1", position=1, title=text("Module"))
    db.session.add(module)
    db.session.flush()
    activity = Activity(
        course_id=edition.course_id, module_id=module.id, key="check-1", stem="05-check", kind="quiz", position=1,
        title=text("Check"),
    )  # fmt: skip
    db.session.add(activity)
    db.session.flush()
    return activity.id


def stored(activity_id):
    db.session.expire_all()
    return KIND.load([activity_id]).get(activity_id)


@pytest.mark.parametrize("purpose", ["check", "pre", "final"])
def test_what_is_stored_is_loaded_equal(activity_id, purpose):
    content = quiz(purpose=purpose, draw=2, time_limit_minutes=30, wait_hours=4)
    assert KIND.store(activity_id, content, now=AT) is Change.SUBSTANCE
    assert stored(activity_id) == content
    assert KIND.store(activity_id, content, now=AT) is Change.NONE


def test_nothing_is_loaded_of_what_is_not_there(activity_id):
    assert KIND.load([activity_id, 999]) == {}


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        (quiz(item("single", text=text("Better words")), item("ordering")), Change.WORDS),
        (quiz(item("ordering"), item("single")), Change.WORDS),
        (quiz(item("single"), item("ordering"), attempts=4), Change.WORDS),
        (quiz(item("single", choices=choices("abc", right="a")), item("ordering")), Change.SUBSTANCE),
        (quiz(item("single", choices=choices("abcd", right="b")), item("ordering")), Change.SUBSTANCE),
        (quiz(item("single")), Change.SUBSTANCE),
        (quiz(item("single"), item("ordering"), item("numeric")), Change.SUBSTANCE),
    ],
)
def test_a_change_is_stored_and_told(activity_id, changed, change):
    KIND.store(activity_id, quiz(item("single"), item("ordering")), now=AT)
    assert KIND.store(activity_id, changed, now=AT) is change
    assert stored(activity_id) == changed


def test_rows_of_what_stays_are_kept_and_of_what_goes_are_gone(activity_id):
    KIND.store(activity_id, quiz(item("single"), item("ordering")), now=AT)
    before = dict(db.session.execute(select(Item.key, Item.id)).all())
    KIND.store(activity_id, quiz(item("numeric"), item("single", points=3)), now=AT)
    after = dict(db.session.execute(select(Item.key, Item.id)).all())
    assert after["single"] == before["single"]
    assert set(after) == {"single", "numeric"}
    assert db.session.scalar(select(func.count()).select_from(Choice)) == 3


def test_a_copy_is_what_is_loaded_stored_elsewhere(activity_id):
    KIND.store(activity_id, quiz(), now=AT)
    old = db.session.get(Activity, activity_id)
    copy = Activity(
        course_id=old.course_id, module_id=old.module_id, key="check-2", stem="x", kind="quiz", position=2,
        title=old.title,
    )  # fmt: skip
    db.session.add(copy)
    db.session.flush()
    KIND.store(copy.id, KIND.load([activity_id])[activity_id], now=AT)
    assert KIND.load([activity_id, copy.id]) == {activity_id: quiz(), copy.id: quiz()}


def test_removing_the_activity_removes_its_quiz(activity_id):
    KIND.store(activity_id, quiz(), now=AT)
    db.session.expunge_all()
    db.session.delete(db.session.get(Activity, activity_id))
    db.session.flush()
    for table in (Quiz, Item, Choice):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_loading_takes_the_same_number_of_statements_for_any_number(activity_id, database):
    KIND.store(activity_id, quiz(), now=AT)
    db.session.expunge_all()
    counted = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    KIND.load([activity_id])
    assert len(counted) == 3


# The page -------------------------------------------------------------------------------------------------------------


def context(edition, **given):
    view = courses.get_edition(edition.id)
    activity = view.activities[0]
    sha, lang = activity.part_in("en")
    values = {
        "edition": view,
        "module": view.modules[0],
        "activity": activity,
        "part": courses.get_part(sha),
        "part_language": lang,
        "language": "en",
        "viewer": ANONYMOUS,
        "shell": "quizzes/test_shell.html",
    }
    return PageContext(**values | given)


@pytest.fixture
def shell(app, monkeypatch):
    from jinja2 import ChoiceLoader, DictLoader

    words = "{% block title %}{% endblock %}{% block head %}{% endblock %}{% block activity %}{% endblock %}"
    loader = ChoiceLoader([DictLoader({"quizzes/test_shell.html": words}), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)


def page_of(app, database, **given):
    with database.write():
        edition = make.publish_quiz()
    with app.test_request_context("/en/"):
        app.preprocess_request()
        return KIND.page(context(edition, **given))


def test_e22_a_preview_shows_every_question_and_writes_nothing(app, database, shell):
    page = page_of(app, database, preview=True)
    assert page.count("<legend>") == 6
    assert "<fieldset disabled" in page
    assert "/start" not in page
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_who_is_not_enrolled_is_told_so(app, database, shell):
    page = page_of(app, database)
    assert "Enrol in this course" in page
    assert "/start" not in page


def test_a_part_in_another_language_is_marked(app, database, shell):
    page = page_of(app, database, language="ru", part_language="en")
    assert '<div class="quiz-rules" lang="en">' in page


def test_the_page_of_an_enrolled_learner_offers_the_start(app, database, shell):
    with database.write():
        edition = make.publish_quiz()
        user = make_user()
        enrolment = make.enrol(user, edition)
    with app.test_request_context("/en/"):
        app.preprocess_request()
        page = views.quiz_page(context(edition, place=enrolment, viewer=identity_of(user)))
    assert "/start" in page
