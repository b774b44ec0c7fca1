"""What is read: states by day and language, people as far as one may know them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from academy.accounts import actions, queries
from academy.accounts.models import Consent
from academy.foundation import db, i18n
from academy.foundation.errors import NotFound
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_grant, make_session, make_state, make_user

NOTE = "* This designation is without prejudice to positions on status"


def names(language: str) -> list[str]:
    return [state.name for state in queries.list_states(language, NOW)]


def test_states_are_sorted_as_each_language_sorts(writing):
    actions.seed_states()
    english, russian = names("en"), names("ru")
    assert len(english) == len(russian) == 50
    assert english[:3] == ["Albania", "Armenia", "Austria"]
    after = english.index("Switzerland")
    assert english[after : after + 4] == ["Switzerland", "Tajikistan", "Türkiye", "Turkmenistan"], "as if still Turkey"
    assert english[english.index("Portugal") + 1] == "Republic of Moldova"
    assert russian[:3] == ["Австрия", "Азербайджан", "Албания"]
    assert russian[-1] == "Эстония"


def test_a_name_is_the_one_of_its_day(writing):
    actions.seed_states()
    assert queries.state_name("TR", "en", date(2022, 5, 31)) == "Turkey"
    assert queries.state_name("TR", "en", date(2022, 6, 1)) == "Türkiye"
    assert queries.state_name("MK", "ru", date(2019, 2, 11)) == "бывшая югославская Республика Македония"
    assert queries.state_name("ZZ", "en", date(2026, 1, 1)) == "ZZ"


def test_a_name_missing_in_a_language_is_given_in_the_default_one(writing):
    actions.seed_states()
    assert queries.state_name("GE", "fr", date(2026, 1, 1)) == "Georgia"
    assert len(names("fr")) == 50
    assert queries.states_footnotes(["XK"], "fr")[0].startswith(NOTE)


def test_the_footnote_stands_once_where_its_state_does(writing):
    actions.seed_states()
    assert queries.state_name("XK", "en", date(2026, 1, 1)) == "Kosovo*"
    (note,) = queries.states_footnotes(["GE", "XK", "XK"], "en")
    assert note.startswith(NOTE)
    assert queries.states_footnotes(["XK"], "ru")[0].startswith("* Данное обозначение не предопределяет")
    assert queries.states_footnotes(["GE"], "en") == []


def test_states_that_have_left_are_not_offered(writing):
    make_state("GE", valid_until=NOW.date())
    make_state("TJ", en="Tajikistan", ru="Таджикистан", valid_until=NOW.date() - timedelta(days=1))
    make_state("AM", en="Armenia", ru="Армения", valid_from=NOW.date() + timedelta(days=1))
    assert names("en") == ["Georgia"]
    assert queries.state_name("TJ", "en", NOW.date()) == "Tajikistan"
    assert queries.state_codes() == {"GE", "TJ", "AM"}


def test_codes_are_found_by_name_in_any_language(writing):
    actions.seed_states()
    found = queries.codes_by_name(NOW)
    assert found["ge"] == found["georgia"] == found["грузия"] == "GE"
    assert found["kosovo"] == found["косово"] == "XK"


def people(**filters: object) -> list[str]:
    found = queries.search_people(filters.pop("text", ""), seen_by=OPERATOR, now=NOW, **filters)
    return [user.email for user in db.session.scalars(found)]


def test_people_are_found_by_any_part_of_name_and_address(writing):
    make_state("GE")
    make_user("b@ministry.example", name_latin="Zura Beridze", name_cyrillic="Зура Берёзов", state_code="GE")
    make_user("a@service.example", name_latin="Àna Lomidze", role="trainer", status="suspended")
    assert people(text="ana") == ["a@service.example"]
    assert people(text="берез ЗУРА") == ["b@ministry.example"]
    assert people(text="ministry") == ["b@ministry.example"]
    assert people(text="zura nobody") == []
    assert people() == ["a@service.example", "b@ministry.example"], "by name"
    assert people(role="trainer") == people(status="suspended") == ["a@service.example"]
    assert people(state_code="GE") == ["b@ministry.example"]


def test_signs_of_the_database_are_only_signs(writing):
    make_user("a_b@ministry.example")
    make_user("axb@ministry.example")
    assert people(text="a_b") == ["a_b@ministry.example"]
    assert people(text="%") == []


def test_a_role_that_is_over_does_not_find(writing):
    user = make_user()
    make_grant(user, "trainer", expires_at=NOW)
    assert people(role="trainer") == []
    make_grant(user, "trainer", scope="course", scope_id="DOC", expires_at=NOW + timedelta(days=1))
    assert people(role="trainer") == [user.email]


def test_whom_one_may_not_know_of_is_not_found(writing):
    make_state("GE")
    make_state("TJ", en="Tajikistan", ru="Таджикистан")
    georgian, tajik = make_user(state_code="GE"), make_user(state_code="TJ")
    coordinator = identity_of(make_user(), Grant("coordinator", "state", "GE"))
    assert queries.get_user(georgian.uuid, seen_by=coordinator) is georgian
    for uuid in (tajik.uuid, "no such person"):
        with pytest.raises(NotFound):
            queries.get_user(uuid, seen_by=coordinator)
    with pytest.raises(NotFound):
        queries.get_user(georgian.uuid, seen_by=ANONYMOUS)
    with pytest.raises(NotFound):
        queries.list_grants(tajik, seen_by=coordinator, now=NOW)


def test_grants_are_listed_with_their_end(writing):
    user = make_user(role="auditor")
    make_grant(user, "trainer", expires_at=NOW)
    listed = queries.list_grants(user, seen_by=OPERATOR, now=NOW)
    assert [(view.role, view.is_over) for view in listed] == [("auditor", False), ("trainer", True)]


def test_cards_are_read_together(writing):
    users = [make_user(name_latin="", name_cyrillic="Нино"), make_user()]
    cards = queries.user_cards([user.id for user in users] + [-1])
    assert {card.uuid for card in cards.values()} == {user.uuid for user in users}
    assert queries.user_card(users[0].id).name == "Нино"
    assert queries.user_card(users[1].id).email == users[1].email
    with pytest.raises(NotFound):
        queries.user_card(-1)


def test_ones_own_data_are_all_there_and_hold_no_secret(writing):
    user = make_user(role="trainer", gender="other")
    make_session(user, device="Firefox, Linux")
    data = queries.own_data(identity_of(user))
    assert data["account"]["email"] == user.email
    assert data["account"]["gender"] == "other"
    assert data["account"]["created_at"] == "2026-01-12T08:30:00+00:00"
    assert data["roles"][0]["role"] == "trainer"
    assert data["privacy_notices"][0]["version"] == queries.privacy_version()
    assert data["sign_ins"][0]["device"] == "Firefox, Linux"
    assert "hash" not in str(data)


def test_an_invited_person_is_there(writing):
    user = make_user()
    assert queries.invited_person(user.id) is user
    with pytest.raises(NotFound):
        queries.invited_person(-1)


def test_the_notice_falls_back_to_the_default_language():
    assert queries.privacy_notice("fr") == queries.privacy_notice(i18n.default_language())
    assert queries.privacy_notice("ru").title != queries.privacy_notice("en").title
    assert queries.privacy_notice("ru").version == queries.privacy_version()


def test_a_newer_version_is_asked_for(writing):
    user = make_user(consent=False)
    db.session.add(Consent(user_id=user.id, document="privacy", version="0", language="en", accepted_at=NOW))
    db.session.flush()
    assert queries.wants_consent(user.id)
    assert queries.accepted_version(user.id).version == "0"
