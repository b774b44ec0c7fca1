"""Pages of coming in: registering, confirming, signing in, the forgotten password, invitations."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.accounts import actions, jobs, queries, rules
from academy.accounts.actions.codes import issue_code
from academy.accounts.models import Purpose, SignInFailure, User, UserSession
from academy.foundation import clock, db, security
from academy.foundation.audit import AuditEntry
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR
from tests.factories.accounts import PASSWORD, make_state, make_user

NEW = "тихая река, три моста"


@pytest.fixture(autouse=True)
def _states(app, database):
    with database.write():
        make_state("GE")
        make_state("XK", en="Kosovo*", ru="Косово*", footnote=None)


@pytest.fixture
def add(database):
    """A person, added in a unit of work of their own; returns address and id."""

    def make(email: str = "nino@ministry.example", **given: object) -> int:
        with database.write():
            return make_user(email, **given).id

    return make


def last_mail(database) -> Mail:
    jobs.answer_requests(clock.now())
    with database.read():
        return db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()


def link_in(mail: Mail) -> str:
    return re.search(r"http://localhost(/\w\w/(?:confirm|reset|invitation|account/email)/\S+)", mail.body)[1]


def code_in(mail: Mail) -> str:
    return re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail.body)[0]


def count(database, table: type) -> int:
    with database.read():
        return db.session.scalar(select(func.count()).select_from(table))


def signed_in(client) -> bool:
    return client.get("/en/account").status_code == 200


def sign_in(client, email="nino@ministry.example", password=PASSWORD, lang="en", **given):
    return client.post(f"/{lang}/login", data={"email": email, "password": password} | given)


def registration(**given: str) -> dict[str, str]:
    values = {
        "name_latin": "Nino Beridze",
        "email": "nino@ministry.example",
        "state_code": "GE",
        "institution_type": "border",
        "institution": "",
        "password": NEW,
        "consent": "y",
        "privacy_version": queries.privacy_version(),
    }
    return values | given


PAGES = ["login", "login/code", "logout", "register", "confirm", "forgotten", "reset", "privacy"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_everybody_may_read_these_pages_in_both_languages(client, page, lang):
    answer = client.get(f"/{lang}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text


def test_every_input_can_be_filled_in_by_the_browser_and_has_a_label(client):
    for page in PAGES:
        text = client.get(f"/en/{page}").text
        for tag in re.findall(r"<(?:input|select)\b[^>]*>", text):
            kind = re.search(r'type="(\w+)"', tag)
            if kind and kind[1] in ("hidden", "checkbox", "submit"):
                continue
            assert "autocomplete=" in tag, (page, tag)
            assert f'for="{re.search(r"id=.([^ >]+?).(?: |>)", tag)[1]}"' in text


def test_registering_and_confirming_by_link_in_russian_stays_in_russian(client, database):
    answer = client.post("/ru/register", data=registration())
    assert (answer.status_code, answer.location) == (303, "/ru/confirm")
    assert "nino@ministry.example" in client.get("/ru/confirm").text
    mail = last_mail(database)
    assert mail.language == "ru"
    assert client.get(link_in(mail)).status_code == 200
    assert not signed_in(client), "opening a link changes nothing: mail scanners open links too"
    answer = client.post(link_in(mail), data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/ru/my")
    assert signed_in(client)
    assert client.get(link_in(mail)).status_code == 410
    assert client.post(link_in(mail), data={"password": NEW}).status_code == 410


def test_confirming_by_code(client, database):
    client.post("/en/register", data=registration())
    code = code_in(last_mail(database)).lower().replace("-", " ")
    answer = client.post("/en/confirm", data={"email": "Nino@ministry.example", "code": code, "password": NEW})
    assert answer.status_code == 303
    assert signed_in(client)


@pytest.mark.parametrize(
    "given", [{"code": "0000-0000"}, {"password": "another password"}, {"email": "x@ministry.example"}]
)
def test_confirming_needs_all_three_and_says_the_same(client, database, given):
    client.post("/en/register", data=registration())
    values = {"email": "nino@ministry.example", "code": code_in(last_mail(database)), "password": NEW}
    answer = client.post("/en/confirm", data=values | given)
    assert answer.status_code == 422
    assert "The address, the code or the password is not right." in answer.text
    assert not signed_in(client)
    assert count(database, SignInFailure) == 1


def test_confirming_by_link_needs_the_password(client, database):
    client.post("/en/register", data=registration())
    link = link_in(last_mail(database))
    assert client.post(link, data={"password": "another password"}).status_code == 422
    assert client.post(link, data={}).status_code == 422
    assert not signed_in(client)
    for _ in range(4):
        client.post(link, data={"password": "another password"})
    assert client.post(link, data={"password": NEW}).status_code == 429


def test_confirming_needs_what_the_form_asks(client):
    assert client.post("/en/confirm", data={}).status_code == 422
    assert client.post("/en/confirm/again", data={}).location == "/en/confirm"


def test_the_mail_can_be_sent_again_but_not_in_a_flood(client, database):
    client.post("/en/register", data=registration())
    for _ in range(3):
        answer = client.post("/en/confirm/again", data={"email": "nino@ministry.example"})
        assert answer.location == "/en/confirm"
        last_mail(database)
    assert count(database, Mail) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "nino"}, "Write a complete e-mail address"),
        ({"name_latin": "Нино"}, "These letters are not Latin: Н и н о"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "x" * 5000}, "too long"),
        ({"password": "nino beridze"}, "must not be your name"),
        ({"state_code": ""}, "Please fill this in."),
        ({"state_code": "ZZ"}, "Not a valid choice"),
        ({"consent": ""}, "Please fill this in."),
        ({"privacy_version": "0"}, "The privacy notice has changed"),
    ],
)
def test_registering_with_a_fault_says_where_and_keeps_what_was_typed(client, database, given, words):
    values = registration(institution="Service <b>") | given
    if not values["consent"]:
        del values["consent"]
    answer = client.post("/en/register", data=values)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="errors"' in answer.text
    assert "Service &lt;b&gt;" in answer.text
    assert f'value="{values["password"]}"' not in answer.text, "a password is never sent back"
    assert count(database, User) == 0


def test_the_footnote_stands_where_the_state_is_offered(client, database):
    with database.write():
        actions.seed_states()
    assert client.get("/en/register").text.count("* This designation is without prejudice") == 1
    assert client.get("/ru/register").text.count("* Данное обозначение") == 1


def test_a_closed_state_is_not_offered(client, database):
    with database.write():
        actions.open_registration("GE", is_open=False, actor=OPERATOR, now=clock.now())
    assert 'value="GE"' not in client.get("/en/register").text


ASKING = {
    "register": lambda client, email: client.post("/en/register", data=registration(email=email)),
    "forgotten": lambda client, email: client.post("/en/forgotten", data={"email": email}),
    "confirm again": lambda client, email: client.post("/en/confirm/again", data={"email": email}),
    "sign in": lambda client, email: client.post("/en/login", data={"email": email, "password": "not the password"}),
    "code": lambda client, email: client.post("/en/login/code", data={"email": email, "code": "0000-0000"}),
    "reset": lambda client, email: client.post(
        "/en/reset", data={"email": email, "code": "0000-0000", "password": NEW}
    ),
    "confirm": lambda client, email: client.post(
        "/en/confirm", data={"email": email, "code": "0000-0000", "password": NEW}
    ),
}
SECRET = re.compile(r'name="form_token" value="[^"]+"|value="nino\d@ministry\.example"|/static/\w+/')


@pytest.mark.parametrize("way", ASKING)
@pytest.mark.parametrize("status", ["active", "invited", "suspended", "unconfirmed"])
def test_nobody_learns_who_has_an_account(client, database, add, way, status):
    add("nino1@ministry.example", status=status)
    answers = []
    traces = []
    for email in ("nino1@ministry.example", "nino2@ministry.example"):
        before = count(database, SignInFailure), count(database, AuditEntry)
        answer = ASKING[way](client, email)
        place = answer.location
        text = client.get(place).text.replace(email, "") if place else answer.text
        answers.append((answer.status_code, place, SECRET.sub("", text)))
        traces.append((count(database, SignInFailure) - before[0], count(database, AuditEntry) - before[1]))
    assert answers[0] == answers[1]
    assert answers[0][0] < 500
    assert traces[0] == traces[1]


def test_registering_a_known_address_tells_its_owner(client, database, add):
    add(language="ru")
    client.post("/en/register", data=registration())
    mail = last_mail(database)
    assert (mail.to_address, mail.template, mail.language) == ("nino@ministry.example", "accounts/mail/known", "ru")
    assert link_in(mail).startswith("/ru/reset/")


@pytest.mark.parametrize("known", [True, False])
def test_a_hash_is_computed_for_everybody(client, add, monkeypatch, known):
    add()
    hashes = []
    monkeypatch.setattr(security, "verify_password", lambda stored, _typed: bool(hashes.append(stored)))
    email = "nino@ministry.example" if known else "nobody@ministry.example"
    sign_in(client, email)
    assert len(hashes) == 1
    assert hashes[0].startswith("$argon2id$")


# Signing in


def test_signing_in_goes_on_in_the_persons_language(client, add):
    add(language="ru")
    answer = sign_in(client, " NINO@ministry.example ")
    assert (answer.status_code, answer.location) == (303, "/ru/my")
    cookie = client.get_cookie("academy")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.expires is None, "not remembered beyond the browser"
    assert client.get("/en/login").location == "/en/my"
    assert client.get("/en/login?next=/en/account").location == "/en/account"
    assert client.get("/en/register").location == "/en/my"


def test_the_token_is_stored_as_a_hash_and_new_each_time(client, database, add):
    add()
    client.set_cookie("academy", "fixed by a stranger")
    tokens = set()
    for _ in range(2):
        sign_in(client)
        tokens.add(client.get_cookie("academy").value)
        client.delete_cookie("academy")
    with database.read():
        stored = set(db.session.scalars(select(UserSession.token_hash)))
    assert stored == {security.token_hash(token) for token in tokens}
    assert len(stored) == 2
    assert "fixed by a stranger" not in tokens


def test_a_place_of_this_site_is_gone_on_to_and_none_elsewhere(client, add):
    add()
    assert sign_in(client, next="/en/account?x=1").location == "/en/account?x=1"
    client.delete_cookie("academy")
    assert sign_in(client, next="//evil.example").location == "/en/my"
    assert 'value="//evil.example"' not in client.get("/en/login?next=//evil.example").text


def test_the_wanted_page_comes_after_signing_in(client, add):
    add()
    asked = client.get("/ru/account/sessions")
    assert asked.location == "/ru/login?next=/ru/account/sessions"
    page = client.get(asked.location).text
    assert 'name="next" value="/ru/account/sessions"' in page


def test_without_a_form_token_nobody_is_signed_in(client, add):
    add()
    answer = client.open(
        "/en/login", method="POST", data={"email": "nino@ministry.example", "password": PASSWORD}, without_token=True
    )
    assert answer.status_code == 400
    assert client.get_cookie("academy") is None


def test_what_the_form_asks_is_needed(client):
    answer = client.post("/en/login", data={})
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") >= 2


@pytest.mark.parametrize(
    "password", ["x" * 5000, "quiet river, three bridge", "QUIET RIVER, THREE BRIDGES", f" {PASSWORD} "]
)
def test_another_password_does_not_fit(client, add, password):
    add()
    assert sign_in(client, password=password).status_code == 422
    assert not signed_in(client)


@pytest.mark.parametrize(("status", "answer", "words"), [("suspended", 403, "suspended"), ("unconfirmed", 303, None)])
def test_who_is_not_active_is_told_only_with_the_right_password(client, database, add, status, answer, words):
    add(status=status)
    wrong = sign_in(client, password="not the password")
    assert "suspended" not in wrong.text
    right = sign_in(client)
    assert right.status_code == answer
    assert words is None or words in right.text
    if status == "unconfirmed":
        assert right.location == "/en/confirm"
        assert last_mail(database).template == "accounts/mail/confirm"
    assert not signed_in(client)


def test_an_old_hash_is_renewed(client, database, add, monkeypatch):
    user_id = add()
    monkeypatch.setattr(security, "needs_rehash", lambda _stored: True)
    with database.read():
        before = db.session.get(User, user_id).password_hash
    assert sign_in(client).status_code == 303
    with database.read():
        after = db.session.get(User, user_id).password_hash
    assert after != before
    assert security.verify_password(after, PASSWORD)


def test_tries_are_slowed_then_let_in(client, add, monkeypatch):
    add()
    for _ in range(5):
        assert sign_in(client, password="not the password").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert "Too many tries. Please wait" in answer.text
    later = clock.now() + timedelta(seconds=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(client).status_code == 303


def test_a_known_device_is_not_slowed_by_strangers(app, client, add):
    add()
    sign_in(client)
    client.post("/en/logout")
    stranger = app.test_client()
    for _ in range(6):
        sign_in(stranger, password="not the password")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 303


def test_a_device_is_known_for_its_own_account_only(client, database, add):
    add()
    add("other@ministry.example")
    sign_in(client)
    client.delete_cookie("academy")
    sign_in(client, "other@ministry.example", password="not the password")
    with database.read():
        assert db.session.scalars(select(SignInFailure.device_hash)).all() == [""]


def test_three_hundred_people_behind_one_address_can_sign_in(client, database, add):
    add()
    from academy.accounts.views import room

    with client.application.test_request_context("/"):
        origin = room.origin_hash()
    rows = [
        {"at": clock.now(), "account_hash": str(n % 300), "origin_hash": origin, "device_hash": ""} for n in range(900)
    ]
    with database.write():
        db.session.execute(SignInFailure.__table__.insert(), rows)
    assert sign_in(client).status_code == 303


def test_signing_out_ends_the_session_for_a_copied_cookie_too(client, database, add):
    add()
    sign_in(client)
    token = client.get_cookie("academy").value
    answer = client.post("/en/logout")
    assert answer.location == "/en/login"
    assert "cache" in answer.headers["Clear-Site-Data"]
    client.set_cookie("academy", token)
    assert not signed_in(client)
    assert client.post("/en/logout").status_code == 303, "twice does no harm"
    assert count(database, UserSession) == 0


def test_leaving_needs_a_post(client, add):
    add()
    sign_in(client)
    client.get("/en/logout")
    assert signed_in(client)


def test_demo_accounts_are_shown_in_the_demo_only(client, app, monkeypatch):
    assert "learner@demo.example" not in client.get("/en/login").text
    monkeypatch.setitem(app.jinja_env.globals, "is_demo", True)
    assert "learner@demo.example" in client.get("/en/login").text


# What was typed is kept


def test_what_was_typed_can_be_sent_after_signing_in_again(client, database, add):
    add(name_latin="Old Name")
    refused = client.post("/ru/account/name", data={"name_latin": 'Nino "B"', "name_cyrillic": "Нино"})
    assert refused.status_code == 401
    assert 'name="kept.name_cyrillic" value="Нино"' in refused.text
    kept = {"kept.name_latin": "Nino Beridze", "kept.name_cyrillic": "Нино", "resend": "1", "next": "/ru/account/name"}
    wrong = sign_in(client, password="not the password", lang="ru", **kept)
    assert 'name="kept.name_cyrillic" value="Нино"' in wrong.text
    resume = sign_in(client, lang="ru", **kept)
    assert resume.status_code == 200
    assert 'action="/ru/account/name"' in resume.text
    assert 'name="name_cyrillic" value="Нино"' in resume.text
    token = re.findall(r'name="form_token" value="([^"]+)"', resume.text)
    assert token
    sent = client.open(
        "/ru/account/name",
        method="POST",
        data={"form_token": token[0], "name_latin": "Nino Beridze", "name_cyrillic": "Нино"},
        without_token=True,
    )
    assert sent.status_code == 303, "the form token of the page fits the new sign-in"
    with database.read():
        assert queries.find_user_by_email("nino@ministry.example").name_cyrillic == "Нино"


def test_nothing_is_sent_to_a_place_elsewhere(client, add):
    add()
    answer = sign_in(client, **{"kept.x": "1", "resend": "1", "next": "https://evil.example/"})
    assert (answer.status_code, answer.location) == (303, "/en/my")


# The forgotten password


def test_a_forgotten_password_is_replaced_by_link(app, client, database, add):
    add(language="ru")
    other = app.test_client()
    sign_in(other)
    answer = client.post("/ru/forgotten", data={"email": "nino@ministry.example"})
    assert answer.location == "/ru/reset"
    assert "nino@ministry.example" in client.get("/ru/reset").text
    link = link_in(last_mail(database))
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "short"}).status_code == 422
    answer = client.post(link, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/ru/my")
    assert signed_in(client)
    assert not signed_in(other), "all other sign-ins have ended"
    assert client.get(link).status_code == 410
    client.delete_cookie("academy")
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=NEW).status_code == 303


def test_a_forgotten_password_is_replaced_by_code(client, database, add):
    add()
    client.post("/en/forgotten", data={"email": "nino@ministry.example"})
    values = {"email": "nino@ministry.example", "code": code_in(last_mail(database)), "password": NEW}
    assert client.post("/en/reset", data=values | {"password": "short"}).status_code == 422
    assert client.post("/en/reset", data=values | {"code": "0000-0000"}).status_code == 422
    assert client.post("/en/reset", data=values).status_code == 303
    assert signed_in(client)
    assert client.post("/en/reset", data={}).status_code == 422
    assert client.post("/en/forgotten", data={}).status_code == 422


def test_guessing_codes_is_slowed(client, add):
    add()
    values = {"email": "nino@ministry.example", "code": "0000-0000", "password": NEW}
    answers = [client.post("/en/reset", data=values).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_link_that_is_used_twice_at_once_works_once(client, database, add, monkeypatch):
    user_id = add()
    with database.write():
        issued = issue_code(db.session.get(User, user_id), Purpose.RESET, now=clock.now())
    real = security.hash_password

    def hash_while_another_uses_it(password: str) -> str:
        with database.write():
            row = queries.find_token(issued.token, Purpose.RESET, now=clock.now())
            opening = actions.Opening("t", "", rules.SessionLimits(timedelta(hours=1), timedelta(days=1)))
            actions.reset_password(row.id, opening, new_hash="the first", now=clock.now())
        return real(password)

    monkeypatch.setattr(security, "hash_password", hash_while_another_uses_it)
    assert client.post(f"/en/reset/{issued.token}", data={"password": NEW}).status_code == 410
    with database.read():
        assert db.session.get(User, user_id).password_hash == "the first"


def test_the_address_in_the_mail_is_never_the_requests_host(client, database, add):
    add()
    answer = client.post(
        "/en/forgotten", data={"email": "nino@ministry.example"}, headers={"X-Forwarded-Host": "evil.example"}
    )
    assert answer.status_code == 303
    assert "evil.example" not in last_mail(database).body


# The spoken code


def test_a_spoken_code_signs_in_and_leads_to_a_new_password(client, database, add):
    user_id = add()
    with database.write():
        code = actions.make_sign_in_code(user_id, actor=OPERATOR, now=clock.now())
    values = {"email": "nino@ministry.example", "code": code.lower()}
    assert client.post("/en/login/code", data={"email": "", "code": ""}).status_code == 422
    answer = client.post("/en/login/code", data=values)
    assert (answer.status_code, answer.location) == (303, "/en/account/password")
    assert "present_password" not in client.get("/en/account/password").text
    assert client.post("/en/account/password", data={"password": "short"}).status_code == 422
    assert client.post("/en/account/password", data={"password": NEW}).status_code == 303
    client.delete_cookie("academy")
    assert client.post("/en/login/code", data=values).status_code == 422, "once"
    assert sign_in(client, password=NEW).status_code == 303


# Invitations


def invite(database, **given: object) -> str:
    with database.write():
        actions.invite(
            "nino@ministry.example",
            name_latin="Nina B",
            language="ru",
            state_code="GE",
            actor=OPERATOR,
            now=clock.now(),
            **given,
        )
    return link_in(last_mail(database))


def test_an_invited_person_comes_in_with_their_own_password_in_their_language(client, database):
    link = invite(database)
    page = client.get(link)
    assert link.startswith("/ru/invitation/")
    assert 'value="Nina B"' in page.text
    assert re.search(r'<option selected[^>]* value="GE"', page.text)
    values = registration(function="Inspector")
    del values["email"]
    answer = client.post(link, data=values)
    assert (answer.status_code, answer.location) == (303, "/ru/account/name")
    assert signed_in(client)
    assert client.get(link).status_code == 410
    with database.read():
        user = queries.find_user_by_email("nino@ministry.example")
        assert (user.name_latin, user.function, user.status) == ("Nino Beridze", "Inspector", "active")


@pytest.mark.parametrize(
    "given", [{"password": "short"}, {"name_latin": "Нино"}, {"state_code": "ZZ"}, {"privacy_version": "0"}]
)
def test_an_invitation_with_a_fault_stays_open(client, database, given):
    link = invite(database)
    assert client.post(link, data=registration(**given)).status_code == 422
    assert client.get(link).status_code == 200


def test_an_expired_invitation_is_sent_anew_through_the_forgotten_password(client, database, monkeypatch):
    link = invite(database)
    later = clock.now() + timedelta(hours=73)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(link).status_code == 410
    client.post("/ru/forgotten", data={"email": "nino@ministry.example"})
    fresh = link_in(last_mail(database))
    assert fresh != link
    assert client.get(fresh).status_code == 200


# The privacy notice


def test_the_notice_is_shown_at_the_next_sign_in_after_it_changed(client, database, add):
    add(consent=False)
    answer = sign_in(client, next="/ru/account", lang="ru")
    assert answer.location == "/ru/privacy/accept?next=/ru/account"
    page = client.get(answer.location)
    assert 'name="next" value="/ru/account"' in page.text
    values = {"privacy_version": queries.privacy_version(), "next": "/ru/account"}
    assert client.post("/ru/privacy/accept", data=values).status_code == 422
    assert client.post("/ru/privacy/accept", data=values | {"consent": "y", "privacy_version": "0"}).status_code == 409
    assert client.post("/ru/privacy/accept", data=values | {"consent": "y"}).location == "/ru/account"
    client.delete_cookie("academy")
    assert sign_in(client, next="/ru/account").location == "/ru/account"
    assert "1" in client.get("/en/privacy").text


def test_accepting_goes_on_to_my_learning_by_itself(client, add):
    add(consent=False)
    assert sign_in(client).location == "/en/privacy/accept?next=/en/my"
    values = {"privacy_version": queries.privacy_version(), "consent": "y", "next": "//evil.example"}
    assert client.post("/en/privacy/accept", data=values).location == "/en/my"


def test_use_is_noted_at_most_every_ten_minutes(client, database, add, monkeypatch):
    add()
    sign_in(client)

    def seen():
        with database.read():
            return db.session.scalars(select(UserSession.last_seen_at)).one()

    first = seen()
    for minutes, moved in ((9, False), (11, True), (15, False), (22, True)):
        later = first + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        assert signed_in(client)
        assert (seen() == later) is moved
