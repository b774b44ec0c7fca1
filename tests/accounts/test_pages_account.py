"""Pages of one's own account."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from academy.accounts import actions, jobs, queries
from academy.accounts.models import UserSession
from academy.foundation import clock, db
from academy.foundation.mail import Mail
from tests.factories.accounts import PASSWORD, make_user, sign_in

EMAIL = "nino@ministry.example"
NEW = "тихая река, три моста"
OWN = ["", "/profile", "/name", "/password", "/email", "/email/code", "/sessions", "/data.json"]


@pytest.fixture(autouse=True)
def _people(app, database):
    with database.write():
        actions.seed_states()
        make_user(EMAIL, name_latin="Nino Beridze", state_code="XK", institution_type="border", gender="female")


@pytest.fixture
def nino(client):
    return client.as_(EMAIL)


def me(database):
    with database.read():
        return queries.find_user_by_email(EMAIL)


@pytest.mark.parametrize("page", OWN)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_ones_own_pages_are_there_in_both_languages_and_for_nobody_else(client, page, lang):
    path = f"/{lang}/account{page}"
    assert client.get(path).location == f"/{lang}/login?next={path}"
    client.as_(EMAIL)
    assert client.get(path).status_code == 200


def test_the_overview_shows_what_is_held_with_the_footnote(nino):
    text = nino.get("/en/account").text
    for part in (
        "Nino Beridze",
        EMAIL,
        "Kosovo*",
        "Border guard or border police",
        "Female",
        "1 running sign-in",
        "confirmed",
    ):
        assert part in text
    assert text.count("* This designation") == 1


def test_the_data_can_be_taken_along(nino):
    answer = nino.get("/en/account/data.json")
    assert answer.get_json()["account"]["email"] == EMAIL
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_profile_is_saved(nino, database):
    values = {
        "language": "ru",
        "state_code": "TJ",
        "institution_type": "",
        "institution": "Service",
        "function": "",
        "time_zone": "Asia/Dushanbe",
        "gender": "",
    }
    assert nino.post("/en/account/profile", data=values).location == "/en/account"
    user = me(database)
    assert (user.language, user.state_code, user.institution_type, user.time_zone, user.gender) == (
        "ru",
        "TJ",
        None,
        "Asia/Dushanbe",
        None,
    )
    assert nino.post("/en/account/profile", data=values | {"time_zone": "Mars/Olympus"}).status_code == 422
    assert nino.post("/en/account/profile", data=values | {"language": "fr"}).status_code == 422


def test_a_zone_outside_the_list_is_kept(nino, database):
    with database.write():
        queries.find_user_by_email(EMAIL).time_zone = "America/New_York"
    assert re.search(r'<option selected value="America/New_York">', nino.get("/en/account/profile").text)


def test_zones_are_named_by_their_cities_in_the_readers_language(nino):
    assert "Душанбе (Asia/Dushanbe)" in nino.get("/ru/account/profile").text
    assert "Dushanbe (Asia/Dushanbe)" in nino.get("/en/account/profile").text


def test_the_name_is_confirmed_and_one_goes_back_to_where_one_came_from(nino, database):
    page = nino.get("/ru/account/name?next=/ru/certificates").text
    assert 'name="next" value="/ru/certificates"' in page
    values = {"name_latin": " Mariam  Beridze", "name_cyrillic": "Мариам Беридзе", "next": "/ru/certificates"}
    assert nino.post("/ru/account/name", data=values).location == "/ru/certificates"
    user = me(database)
    assert (user.name_latin, user.name_cyrillic) == ("Mariam Beridze", "Мариам Беридзе")
    assert user.name_confirmed_at is not None
    assert nino.post("/ru/account/name", data=values | {"next": "//evil.example"}).location == "/ru/account"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name_latin": "Мариам"}, "name_latin"),
        ({"name_cyrillic": "Mariam"}, "name_cyrillic"),
        ({"name_latin": ""}, "name_latin"),
    ],
)
def test_a_name_in_the_wrong_letters_is_shown_beside_its_field(nino, given, field):
    values = {"name_latin": "Mariam", "name_cyrillic": ""} | given
    answer = nino.post("/en/account/name", data=values)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text


def test_the_password_is_changed_with_the_present_one(nino, client, database):
    stays, other = nino.get_cookie("academy").value, sign_in(EMAIL)
    values = {"present_password": PASSWORD, "password": NEW}
    assert nino.post("/en/account/password", data=values | {"present_password": "not the password"}).status_code == 422
    assert nino.post("/en/account/password", data=values | {"password": "short"}).status_code == 422
    assert nino.post("/en/account/password", data=values | {"password": "Nino Beridze"}).status_code == 422
    assert nino.post("/en/account/password", data={}).status_code == 422
    assert nino.post("/en/account/password", data=values).location == "/en/account"
    assert nino.get("/en/account").status_code == 200
    assert nino.get_cookie("academy").value != stays, "a new token, also for this browser"
    for old in (stays, other):
        client.set_cookie("academy", old)
        assert client.get("/en/account").status_code == 303


def test_guessing_the_present_password_is_slowed(nino):
    values = {"present_password": "not the password", "password": NEW}
    answers = [nino.post("/en/account/password", data=values).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    answer = nino.post("/en/account/email", data={"email": "new@ministry.example", "present_password": PASSWORD})
    assert answer.status_code == 429


def ask_for(nino, email: str, password: str = PASSWORD):
    return nino.post("/en/account/email", data={"email": email, "present_password": password})


def newest_mail(database) -> Mail:
    jobs.answer_requests(clock.now())
    with database.read():
        return db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()


def test_the_address_is_changed_by_link_even_in_another_browser(app, nino, database):
    assert ask_for(nino, "new@ministry.example", "not the password").status_code == 422
    assert ask_for(nino, "new").status_code == 422
    assert ask_for(nino, "").status_code == 422
    assert ask_for(nino, "new@ministry.example").location == "/en/account/email/code"
    link = re.search(r"http://localhost(/en/account/email/\S+)", newest_mail(database).body)[1]
    other = app.test_client()
    assert "new@ministry.example" in other.get(link).text
    assert other.post(link).status_code == 303
    assert other.get(link).status_code == 410
    assert nino.get("/en/account").status_code == 303, "sign-ins elsewhere have ended"
    with database.read():
        assert queries.find_user_by_email("new@ministry.example") is not None
    assert newest_mail(database).template == "accounts/mail/email_changed"


def test_the_address_is_changed_by_code(nino, database):
    ask_for(nino, "new@ministry.example")
    assert "new@ministry.example" in nino.get("/en/account/email/code").text
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", newest_mail(database).body)[0]
    assert nino.post("/en/account/email/code", data={}).status_code == 422
    assert nino.post("/en/account/email/code", data={"code": "0000-0000"}).status_code == 422
    assert nino.post("/en/account/email/code", data={"code": code}).location == "/en/account"
    assert "new@ministry.example" in nino.get("/en/account").text


def test_guessing_the_code_is_slowed(nino):
    ask_for(nino, "new@ministry.example")
    answers = [nino.post("/en/account/email/code", data={"code": "0000-0000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_an_address_taken_meanwhile_is_refused(nino, database):
    ask_for(nino, "new@ministry.example")
    link = re.search(r"http://localhost(/en/account/email/\S+)", newest_mail(database).body)[1]
    with database.write():
        make_user("new@ministry.example")
    assert nino.post(link).status_code == 410
    assert me(database) is not None


def test_an_address_of_somebody_else_looks_the_same(nino, database):
    with database.write():
        make_user("taken@ministry.example")
    free, taken = ask_for(nino, "free@ministry.example"), ask_for(nino, "taken@ministry.example")
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert newest_mail(database).template == "accounts/mail/known"


def sessions(database) -> list[int]:
    with database.read():
        return list(db.session.scalars(select(UserSession.id).order_by(UserSession.id)))


def test_single_sessions_can_be_ended(nino, database):
    sign_in(EMAIL)
    with database.write():
        make_user("other@ministry.example")
    sign_in("other@ministry.example")
    mine, second, strangers = sessions(database)
    assert f"/en/account/sessions/{second}/end" in nino.get("/en/account/sessions").text
    assert nino.post(f"/en/account/sessions/{strangers}/end").status_code == 404
    assert nino.post(f"/en/account/sessions/{mine}/end").status_code == 409
    assert nino.post(f"/en/account/sessions/{second}/end").status_code == 303
    assert sessions(database) == [mine, strangers]


def test_all_others_or_all_can_be_ended(nino, database):
    sign_in(EMAIL)
    mine, _ = sessions(database)
    assert nino.post("/en/account/sessions/end-others").status_code == 303
    assert sessions(database) == [mine]
    sign_in(EMAIL)
    assert nino.post("/en/account/sessions/end-all").location == "/en/login"
    assert sessions(database) == []
    assert nino.get("/en/account").status_code == 303
