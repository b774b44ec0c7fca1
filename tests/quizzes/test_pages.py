"""The learner's pages over HTTP: what they show, what they keep, what they never tell."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import event, select

from academy.foundation import audit, clock
from academy.quizzes import jobs, queries
from academy.quizzes.kinds.taking import TAKING
from academy.quizzes.models import Attempt, Response
from academy.quizzes.rules.attempts import GRACE
from tests.factories import quizzes as make
from tests.factories.accounts import identity_of, make_user
from tests.factories.quizzes import KINDS, item, quiz, text

MINUTE = timedelta(minutes=1)


class Learner:
    """A learner with a browser in a course whose only activity is the quiz."""

    def __init__(self, client, database, content=None, **given):
        self.client, self.database = client, database
        with database.write():
            self.edition = make.publish_quiz(content, **given)
            self.user = make_user(language="en")
            self.enrolment = make.enrol(self.user, self.edition)
            self.slug = self.edition.manifest["course"]["slug"]
        self.who = identity_of(self.user)
        client.as_(self.who)

    def start(self, lang="en"):
        answer = self.client.post(f"/{lang}/courses/{self.slug}/check-1/start")
        assert answer.status_code == 303, answer.text
        self.uuid = answer.location.rsplit("/", 1)[1]
        return self.uuid

    def attempt(self):
        with self.database.read():
            return queries.get_attempt(self.uuid, seen_by=self.who)

    def page(self, lang="en", part=""):
        return self.client.get(f"/{lang}/attempts/{self.uuid}{part}")

    def put(self, number, value, seq=1, lang="en", method="PUT"):
        return self.client.open(
            f"/{lang}/attempts/{self.uuid}/answers/{number}", method=method, json={"value": value, "seq": seq},
            headers={"Accept": "application/json"},
        )  # fmt: skip

    def save(self, lang="en", **fields):
        return self.client.post(f"/{lang}/attempts/{self.uuid}/save", data=fields)

    def submit(self, lang="en"):
        return self.client.post(f"/{lang}/attempts/{self.uuid}/submit")

    def values(self):
        with self.database.read():
            return {key: given.value for key, given in queries.responses_of(self.attempt().id).items()}

    def put_best(self):
        """Every answer right, sent as the page would send it."""
        attempt = self.attempt()
        with self.database.read():
            best = make.best_values(attempt)
            items, _lang = queries.drawn_items(attempt, "en")
        for drawn in items:
            raw = TAKING[drawn.shown["kind"]].show(best[drawn.key], drawn.shown, drawn.order)
            assert self.put(drawn.number, raw).get_json()["saved"] is True


@pytest.fixture
def learner(client, database):
    return Learner(client, database)


def rows(database, *columns):
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(*columns))]


def test_the_page_of_the_quiz_states_the_rules(client, database):
    learner = Learner(client, database, quiz(purpose="final", wait_hours=24, time_limit_minutes=40, draw=4))
    page = client.get(f"/en/courses/{learner.slug}/check-1")
    assert page.status_code == 200
    plain = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))
    for words in (
        "70%",
        "Attempts 3",
        "24 h",
        "40 min",
        "Questions 4",
        "by learning outcome",
        "less the share of the wrong ones",
    ):
        assert words in plain
    assert rows(database, Attempt.id) == []


def test_the_rules_count_down_and_offer_to_go_on(client, database):
    learner = Learner(client, database, quiz(item("single"), attempts=2))
    learner.start()
    page = client.get(f"/en/courses/{learner.slug}/check-1").text
    assert "1 of 2 left" in page
    assert f"/en/attempts/{learner.uuid}" in page
    learner.submit()
    assert "Try again" in client.get(f"/en/courses/{learner.slug}/check-1").text
    learner.start()
    learner.submit()
    page = client.get(f"/en/courses/{learner.slug}/check-1").text
    assert "used all attempts" in page
    assert "/start" not in page


def test_the_rules_say_when_one_can_try_again(client, database):
    learner = Learner(client, database, quiz(item("single"), wait_hours=24))
    learner.start()
    learner.submit()
    page = client.get(f"/en/courses/{learner.slug}/check-1").text
    assert "You can try again from" in page
    assert "/start" not in page
    answer = client.post(f"/en/courses/{learner.slug}/check-1/start")
    assert answer.status_code == 409
    assert "waiting time" in answer.text


def test_starting_needs_an_enrolment(client, database):
    learner = Learner(client, database)
    with database.write():
        stranger = make_user()
    client.as_(identity_of(stranger))
    assert client.post(f"/en/courses/{learner.slug}/check-1/start").status_code == 409
    assert client.post("/en/courses/nowhere/check-1/start").status_code == 404


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_sheet_shows_every_kind_and_can_be_worked_without_script(learner, lang):
    learner.start(lang)
    page = learner.page(lang)
    assert page.status_code == 200
    for number, kind in enumerate(KINDS, start=1):
        assert f'data-number="{number}" data-kind="{kind}"' in page.text
    assert page.text.count("<legend>") == len(KINDS)
    assert page.text.count("<select") == 7
    assert 'value="review"' in page.text


def test_each_answer_is_saved_when_given(learner):
    learner.start()
    answer = learner.put(6, "2,5")
    assert answer.status_code == 200
    assert answer.get_json() | {"time": ""} == {"saved": True, "seq": 1, "time": ""}
    assert re.fullmatch(r"\d\d:\d\d", answer.get_json()["time"])
    assert learner.values() == {"numeric": "2.5"}
    assert learner.put(6, "3", seq=2, method="POST").get_json()["saved"] is True
    assert learner.values() == {"numeric": "3"}


def test_e12_an_older_save_is_answered_with_the_newer_answer(learner):
    learner.start()
    learner.put(6, "3", seq=5)
    assert learner.put(6, "4", seq=4).get_json() == {"saved": False, "seq": 5, "value": "3"}
    assert learner.put(6, "4", seq=5).get_json() == {"saved": False, "seq": 5, "value": "3"}
    assert learner.put(6, "3", seq=5).get_json() == {"saved": True, "seq": 5, "value": "3"}
    assert learner.put(6, "3,0", seq=5, lang="ru").get_json()["saved"] is True


def test_what_does_not_fit_is_refused_with_the_field(learner):
    learner.start()
    answer = learner.put(6, "two")
    assert answer.status_code == 422
    assert "digits" in answer.get_json()["error"]["fields"]["value"][0]
    for number, value in ((1, 7), (2, "x"), (3, "perhaps"), (4, ["9"]), (5, [99])):
        assert learner.put(number, value).status_code == 422
    bad = learner.client.open(
        f"/en/attempts/{learner.uuid}/answers/1", method="PUT", data="{", content_type="application/json",
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert bad.status_code == 422
    assert learner.values() == {}


def test_an_endless_answer_is_not_read(learner):
    learner.start()
    assert learner.put(6, "9" * 20_000).status_code == 413


def test_e14_only_items_of_the_page_can_be_answered(learner):
    learner.start()
    for number in (0, 7, 99999):
        assert learner.put(number, 1).status_code == 404
    assert (
        learner.client.put(f"/en/attempts/{learner.uuid}/answers/single", json={"value": 1, "seq": 1}).status_code
        == 404
    )


def test_a01_another_persons_attempt_is_like_none(learner, client, database):
    learner.start()
    with database.write():
        others = [identity_of(make_user()), identity_of(make_user(role="admin"))]
    before = rows(database, Response.value), rows(database, Attempt.state)
    for other in others:
        client.as_(other)
        answers = [
            learner.page(),
            learner.page(part="/review"),
            learner.put(1, 1),
            learner.save(q1="1"),
            learner.submit(),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
        known, learner.uuid = learner.uuid, "00000000-0000-4000-8000-000000000000"
        none = [learner.page(), learner.page(part="/review"), learner.put(1, 1), learner.save(q1="1"), learner.submit()]
        strip = re.compile(r'value="[^"]*"|[0-9a-f-]{36}')
        assert [strip.sub("", a.text) for a in answers] == [strip.sub("", a.text) for a in none]
        learner.uuid = known
    assert (rows(database, Response.value), rows(database, Attempt.state)) == before


def test_nobody_signed_out_reads_or_writes(learner, client):
    learner.start()
    client.as_(None)
    assert learner.page().status_code == 303
    assert learner.put(1, 1).status_code == 401
    assert learner.put(1, 1).get_json()["error"]["code"] == "sign_in_needed"


def test_the_save_button_stores_the_whole_page_without_script(learner):
    learner.start()
    fields = {"q1": "0", "q2": ["0", "1"], "q3": "true", "q4.0": "1", "q5.0": "0", "q6": "2,5"}
    answer = learner.save(**fields)
    assert answer.status_code == 303
    assert answer.location == f"/en/attempts/{learner.uuid}"
    values = learner.values()
    assert set(values) == {"single", "multiple", "true-false", "ordering", "matching", "numeric"}
    page = learner.page()
    assert "Your answers are saved." in page.text
    assert "4 of 6 answered" in page.text
    assert re.search(r"Saved \d\d:\d\d", page.text)
    assert 'name="s1" value="1"' in page.text


def test_nonsense_is_shown_beside_its_field_and_nothing_else_is_lost(learner):
    learner.start("ru")
    answer = learner.save("ru", q1="0", q6="два с половиной", then="review")
    assert answer.status_code == 422
    assert 'value="два с половиной"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'href="#q6"' in answer.text
    assert set(learner.values()) == {"single"}
    assert 'name="q1" value="0" checked' in answer.text


def test_a_page_from_before_does_not_undo_what_another_window_saved(learner):
    learner.start()
    learner.put(6, "3", seq=2)
    answer = learner.save(q6="1", s6="0")
    assert answer.status_code == 303
    assert learner.values() == {"numeric": "3"}
    assert "The newer ones are kept" in learner.page().text
    learner.save(q6="1", s6="2")
    assert learner.values() == {"numeric": "1"}


@pytest.mark.parametrize(
    ("then", "place"),
    [("review", "/en/attempts/{}/review"), ("ru", "/ru/attempts/{}"), ("//evil.example", "/en/attempts/{}")],
)
def test_a_button_of_the_page_saves_and_goes_on(learner, then, place):
    learner.start()
    answer = learner.save(q6="1", then=then)
    assert answer.status_code == 303
    assert answer.location == place.format(learner.uuid)
    assert learner.values() == {"numeric": "1"}


def test_the_review_names_what_is_open(learner):
    learner.start()
    learner.save(q1="0", **{"q4.0": "1"})
    page = learner.page(part="/review").text
    assert "5 questions are still open" in page
    assert page.count("not finished") == 1
    assert f'action="/en/attempts/{learner.uuid}/submit"' in page
    learner.submit()
    assert learner.page(part="/review").location == f"/en/attempts/{learner.uuid}"


def test_the_review_of_a_full_page_says_so(learner):
    learner.start()
    learner.put_best()
    assert "All questions are answered" in learner.page(part="/review").text


def test_handing_in_twice_gives_one_result_and_one_entry(learner, database):
    learner.start()
    learner.put_best()
    for _ in range(2):
        answer = learner.submit()
        assert (answer.status_code, answer.location) == (303, f"/en/attempts/{learner.uuid}")
    assert rows(database, Attempt.state, Attempt.score) == [("submitted", 1.0)]
    entries = [action for (action,) in rows(database, audit.AuditEntry.action) if action == "quizzes.attempt_submitted"]
    assert len(entries) == 1
    assert "100%" in learner.page().text


def test_e25_after_handing_in_a_late_save_is_told_so(learner):
    learner.start()
    learner.submit()
    answer = learner.put(6, "3")
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "attempt_ended"
    page = learner.save(q6="3")
    assert page.status_code == 409
    assert "This attempt has ended" in page.text
    assert f"/en/attempts/{learner.uuid}" in page.text
    assert learner.values() == {}


def test_e05_e06_the_servers_clock_alone_decides(client, database, monkeypatch):
    learner = Learner(client, database, quiz(item("single"), time_limit_minutes=10, passing_score=0.5))
    learner.start()
    assert 'data-seconds="' in learner.page().text
    started = learner.attempt().started_at
    late = started + 10 * MINUTE + GRACE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    page = learner.page()
    assert page.status_code == 200
    assert "The time is over" in page.text
    assert learner.page(part="/review").status_code == 303
    assert rows(database, Attempt.state) == [("open",)], "reading writes nothing"
    assert "the time is over" in client.get(f"/en/courses/{learner.slug}/check-1").text
    assert learner.put(1, 0).status_code == 409
    assert rows(database, Attempt.state) == [("expired",)], "the next writing request has ended it"
    assert "The time ran out" in learner.page().text


def test_a_late_whole_page_ends_the_attempt_too(client, database, monkeypatch):
    learner = Learner(client, database, quiz(item("single"), time_limit_minutes=10))
    learner.start()
    late = learner.attempt().started_at + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert learner.save(q1="0").status_code == 409
    assert rows(database, Attempt.state) == [("expired",)]


@pytest.mark.parametrize("path", ["", "/review"])
def test_get_never_writes(learner, database, path):
    learner.start()

    def dump():
        return (
            rows(database, Attempt.state, Attempt.draw),
            rows(database, audit.AuditEntry.id),
            rows(database, Response.seq),
        )

    before = dump()
    learner.page(part=path)
    learner.client.get(f"/en/courses/{learner.slug}/check-1")
    assert dump() == before


def order_of_page(page):
    return re.findall(r'data-kind="(\w+)"', page), re.findall(r'name="(q[\d.]+)"', page)


def test_t05_the_language_changes_nothing_but_words(client, database):
    learner = Learner(client, database, quiz(shuffle_items=True, time_limit_minutes=30))
    learner.start("ru")
    learner.put_best()
    russian, english = learner.page("ru").text, learner.page("en").text
    assert order_of_page(russian) == order_of_page(english)
    words = [re.findall(r"<span>(?:«)?(Choice \w|Step \w|Right \w)", page) for page in (russian, english)]
    assert words[0] == words[1]
    checked = [
        re.findall(r'name="(q\d+)" value="(\w+)" checked|<option value="(\d+)"[^>]* selected', page)
        for page in (russian, english)
    ]
    assert checked[0] == checked[1]
    assert "«Question single?»" in russian
    assert ">Question single?" in english
    assert 'value="2,5"' in russian
    assert 'value="2.5"' in english


def test_the_language_of_each_answer_is_kept(learner, database):
    learner.start()
    learner.put(6, "1", lang="ru")
    learner.put(1, "1", lang="en")
    assert sorted(rows(database, Response.item_key, Response.language)) == [("numeric", "ru"), ("single", "en")]


def test_a_text_without_translation_is_marked_as_such(client, database):
    content = make.without_texts(quiz(item("single")), "en")
    learner = Learner(client, database, content)
    learner.start("ru")
    assert '<span lang="en">Question single?</span>' in learner.page("ru").text


# What must not be seen ------------------------------------------------------------------------------------------------


def secret_quiz(**settings):
    """A quiz whose keys, explanations and feedback carry canaries."""
    single = item("single", "CANARY-key-single", text=text("Which rhubarb?"), feedback=text("CANARY-feedback rhubarb"))
    return quiz(
        replace(single, choices=tuple(
            replace(c, key=f"CANARY-choice-{c.key}", feedback=text("CANARY-why")) for c in single.choices
        )),
        item("numeric", "CANARY-key-numeric", text=text("How many?"), answer=Decimal(31337),
        tolerance=Decimal(271828), feedback=text("CANARY-feedback")),
        item("ordering", "CANARY-key-ordering", text=text("In which order?"), choices=tuple(
            replace(c, key=f"CANARY-{c.key}") for c in item("ordering").choices
        )),
        **settings,
    )  # fmt: skip


SECRETS = ("CANARY", "31337", "271828")


def spellings(word):
    return {
        word,
        base64.b64encode(word.encode()).decode().rstrip("=")[:-1],
        quote(word),
        json.dumps(word)[1:-1],
        word.lower(),
    }


def leaks(answer):
    seen = answer.get_data(as_text=True) + str(answer.headers)
    return [word for word in SECRETS for spelled in spellings(word) if spelled in seen]


def everything(learner, lang):
    learner.put(1, "0", lang=lang)
    return [
        learner.client.get(f"/{lang}/courses/{learner.slug}/check-1"),
        learner.client.get(f"/{lang}/courses/{learner.slug}"),
        learner.page(lang),
        learner.page(lang, "/review"),
        learner.put(1, "1", 2, lang=lang),
        learner.put(1, "0", 1, lang=lang),
        learner.put(2, "x", 1, lang=lang),
        learner.put(9, "x", 1, lang=lang),
        learner.save(lang, q1="2", q2="?"),
        learner.save(lang, q1="1", q2="1", s1="2"),
        learner.client.get(f"/{lang}/search?q=rhubarb"),
        learner.client.get(f"/{lang}/"),
    ]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("show", ["feedback", "outcomes"])
def test_e01_e02_nothing_tells_what_is_right_before_the_end(client, database, lang, show):
    learner = Learner(client, database, secret_quiz(show=show))
    learner.start(lang)
    for answer in everything(learner, lang):
        assert leaks(answer) == [], answer.request.path


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_e01_outcomes_only_never_tells(client, database, lang):
    learner = Learner(client, database, secret_quiz(show="outcomes", attempts=1))
    learner.start(lang)
    learner.submit(lang)
    for answer in (learner.page(lang), learner.put(1, "1"), learner.save(q1="1"), *everything(learner, lang)):
        assert leaks(answer) == [], answer.request.path
    assert "Outcome O1" in learner.page(lang).text


def test_e04_no_explanation_while_an_attempt_is_left(client, database):
    learner = Learner(client, database, secret_quiz(attempts=2))
    learner.start()
    first = learner.uuid
    learner.submit()
    assert leaks(learner.page()) == []
    assert "once no further attempt can be made" in learner.page().text
    learner.start()
    last, learner.uuid = learner.uuid, first
    assert leaks(learner.page()) == [], "the last attempt is running"
    learner.uuid = last
    learner.submit()
    learner.uuid = first
    assert "CANARY-feedback" in learner.page().text


def test_the_page_of_a_running_attempt_names_items_by_number_and_choices_by_place(learner):
    learner.start()
    page = learner.page().text
    assert set(re.findall(r'<input type="radio" name="q1" value="([^"]*)"', page)) == {"0", "1", "2"}
    for key in ("single", "true-false"):
        assert f'"{key}"' not in page.replace('data-kind="single"', "")


# Results --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("en", "Because b."), ("ru", "«Because b.»")])
def test_feedback_stands_beside_every_item_in_the_readers_language(learner, lang, words):
    learner.start()
    learner.put_best()
    learner.submit()
    page = learner.page(lang).text
    assert words in page
    for kind in KINDS:
        assert f"Feedback on {kind.replace('_', '-')}." in page
    assert page.count("mark-right") == len(KINDS)


def test_what_was_wrong_and_what_is_right_stand_together(client, database):
    learner = Learner(client, database, quiz(shuffle_choices=False))
    learner.start()
    learner.save(**{"q1": "0", "q2": "2", "q3": "false", "q4.0": "1", "q5.0": "0", "q6": "9"})
    learner.submit()
    page = learner.page().text
    assert page.count("mark-right") == 0
    assert page.count("mark-wrong") >= 4
    assert "give or take 0.5" in page
    assert "no place given" in page
    assert "not answered" in page


def test_what_is_partly_right_is_called_so(client, database):
    learner = Learner(client, database, quiz(item("multiple"), shuffle_choices=False))
    learner.start()
    learner.save(q1="0")
    learner.submit()
    assert learner.page().text.count("mark-partly") == 1
    assert "1 of 2" in learner.page().text


def test_an_open_item_is_called_open(learner):
    learner.start()
    learner.submit()
    assert learner.page().text.count("mark-open") == len(KINDS)


@pytest.mark.parametrize(("right", "words"), [(True, "Passed"), (False, "Not passed yet")])
def test_a_pass_mark_is_told(client, database, right, words):
    learner = Learner(client, database, quiz(passing_score=0.7))
    learner.start()
    if right:
        learner.put_best()
    learner.submit()
    page = learner.page().text
    assert words in page
    assert "70%" in page
    assert "passed" in client.get(f"/en/courses/{learner.slug}/check-1").text


def test_a_pre_test_shows_outcomes_and_cannot_be_repeated_from_its_result(client, database):
    learner = Learner(client, database, quiz(purpose="pre", attempts=2))
    learner.start()
    learner.submit()
    page = learner.page().text
    assert "only shows where you stand" in page
    assert "/start" not in page
    assert "Feedback on" not in page


def test_the_result_says_when_one_may_try_again(client, database):
    learner = Learner(client, database, quiz(item("single"), wait_hours=5))
    learner.start()
    learner.submit()
    assert "You can try again from" in learner.page().text
    assert "/start" not in learner.page().text


def test_the_result_of_an_earlier_attempt_leads_to_the_running_one(learner):
    learner.start()
    first = learner.uuid
    learner.submit()
    running = learner.start()
    learner.uuid = first
    assert f"/en/attempts/{running}" in learner.page().text
    assert "Feedback on" not in learner.page().text


def test_no_attempt_left_is_told(client, database):
    learner = Learner(client, database, quiz(item("single"), attempts=1))
    learner.start()
    learner.submit()
    assert "No attempt is left." in learner.page().text


def test_the_sweep_and_the_page_agree(client, database, monkeypatch):
    learner = Learner(client, database, quiz(item("single"), time_limit_minutes=1))
    learner.start()
    late = learner.attempt().started_at + timedelta(hours=1)
    jobs.close_overdue(late)
    assert "The time ran out" in learner.page().text


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_pages_have_no_inline_script_or_style(learner, lang):
    learner.start(lang)
    pages = [
        learner.client.get(f"/{lang}/courses/{learner.slug}/check-1"),
        learner.page(lang),
        learner.page(lang, "/review"),
    ]
    learner.submit()
    pages.append(learner.page(lang))
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src=)|<style", page.text)


def test_the_page_of_forty_questions_needs_few_statements_and_little_room(client, database):
    learner = Learner(client, database, quiz(*(item("single", f"i{n}") for n in range(40))))
    learner.start()
    learner.page()
    counted = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    page = learner.page()
    assert page.status_code == 200
    selects = [statement for statement in counted if statement.lstrip().upper().startswith("SELECT")]
    assert len(selects) <= 3, selects
    counted.clear()
    learner.put(1, "0")
    changes = [s for s in counted if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert len(changes) <= 5, changes
