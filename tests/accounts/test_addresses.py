"""Addresses of mail, places to go on to, and devices."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.urls import iri_to_uri

from academy.accounts import rules


def test_addresses_are_the_same_without_case_and_in_either_unicode_form():
    assert rules.email_key(" Nino@Ministry.Example ") == rules.email_key("nino@ministry.example")
    typed = "Ёлка@почта.example"
    assert rules.email_key(unicodedata.normalize("NFD", typed)) == rules.email_key(typed)


@given(st.text(max_size=100))
def test_a_key_is_its_own_key(text):
    assert rules.email_key(rules.email_key(text)) == rules.email_key(text)


@pytest.mark.parametrize("email", ["learner@demo.example", "иван@почта.example", "a.b+c@sub.ministry.example"])
def test_addresses_are_taken(email):
    assert rules.check_email(f" {email} ") == email


@pytest.mark.parametrize(
    "email", ["", "nino", "nino@", "@x.example", "a b@c.example", "a@b", "x" * 250 + "@a.example", "a@b\n.example"]
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(ValueError):
        rules.check_email(email)


@pytest.mark.parametrize("path", ["/", "/en/my", "/ru/courses/x?page=2&q=%20a", "/en/help#top", "/ru/курсы"])
def test_places_of_this_site_are_kept(path):
    assert rules.local_path(path) == path


_LISTED = """
http://evil.example https://evil.example //evil.example ///evil.example /\\evil.example \\\\evil.example
/\\/evil.example evil.example javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,x vbscript:x mailto:a@b.example
ftp://evil.example http:evil.example http:/evil.example https:\\evil.example .evil.example @evil.example
/a//evil.example /..//evil.example /./evil /../evil /en/../../evil ?next=//evil.example #//evil.example
%2f%2fevil.example http%3a//evil.example http://localhost@evil.example http://localhost.evil.example
//localhost@evil.example /en\\..\\evil x:y en/my ./en/my ../en/my /[//evil.example
"""
ELSEWHERE = _LISTED.split()


@pytest.mark.parametrize(
    "path",
    [
        *ELSEWHERE,
        None,
        "",
        " ",
        " /en/my",
        "/en/my ",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/en\r\nSet-Cookie: a=b",
        "/\x00",
        "/\u200b/evil.example",
        "/\u2028",
        "/en/a b",
        "/" + "a" * 2000,
        "\u3000//evil.example",
    ],
)
def test_places_elsewhere_are_not(path):
    assert rules.local_path(path) is None


@given(st.text(max_size=60).map(lambda tail: "/" + tail))
def test_no_text_leads_elsewhere(text):
    place = rules.local_path(text)
    assert place is None or not iri_to_uri(place).startswith("//")


def test_an_address_that_cannot_be_read_is_no_place():
    assert rules.local_path("/[") == "/["
    assert rules.local_path("/a?[x") == "/a?[x"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/120 YaBrowser/24 Mobile Safari",
            "Yandex Browser, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_devices_are_named(agent, name):
    assert rules.device_name(agent) == name


def test_every_zone_that_is_offered_exists():
    assert all(rules.is_time_zone(zone) for zone in rules.TIME_ZONES)
    assert not rules.is_time_zone("Mars/Olympus")


def test_the_usual_zone_is_only_a_first_value():
    assert rules.usual_time_zone("TJ") == "Asia/Dushanbe"
    assert rules.usual_time_zone(None, otherwise="Europe/Vienna") == "Europe/Vienna"
