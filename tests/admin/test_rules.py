"""What is pasted, and when days end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from academy.admin import rules
from academy.admin.rules import Known


def test_addresses_are_read_as_people_paste_them():
    pasted = rules.read_addresses(
        'Nino Beridze <nino@police.example>, "Toktogulov, Aibek" <aibek@border.example>;\n'
        "arben@border.example; ARBEN@border.example\tdil@x.example\r\n\n(ion@border.example),\nnobody, <gul@x.example>"
    )
    assert pasted.addresses == (
        "nino@police.example",
        "aibek@border.example",
        "arben@border.example",
        "dil@x.example",
        "ion@border.example",
        "gul@x.example",
    )
    assert pasted.faults == ()


def test_what_is_no_address_is_named_once():
    assert rules.read_addresses("nino@, nino@\nnobody").faults == ("nino@", "nobody")
    assert rules.read_addresses("").addresses == ()


@given(
    st.lists(st.sampled_from(["a@x.example", "b@x.example", "C@x.example", "c@X.example"]), max_size=9),
    st.sampled_from([",", ";", "\n", " ", "\t"]),
)
def test_each_address_once_and_in_order(words, sign):
    found = rules.read_addresses(sign.join(words)).addresses
    keys = [word.casefold() for word in words]
    assert [address.casefold() for address in found] == list(dict.fromkeys(keys))


def known(number, status="active", enrolment=None):
    return Known(number, str(number), "Name", f"p{number}@x.example", status, enrolment)


def test_people_are_sorted_by_what_would_happen():
    people = [
        known(1),
        known(2, enrolment="active"),
        known(3, enrolment="completed"),
        known(4, enrolment="withdrawn"),
        known(5, "suspended", "withdrawn"),
        known(6, "invited"),
    ]
    addresses = [person.email for person in people] + ["new@x.example"]
    found = rules.sort_people(addresses, {person.email: person for person in people})
    assert [p.user_id for p in found.enrol] == [1, 4, 6]
    assert [p.user_id for p in found.already] == [2]
    assert [p.user_id for p in found.completed] == [3]
    assert [p.user_id for p in found.suspended] == [5]
    assert found.unknown == ("new@x.example",)


def test_a_day_begins_and_ends_where_the_reader_is():
    tashkent = ZoneInfo("Asia/Tashkent")
    assert rules.day_begins(date(2026, 3, 9), tashkent) == datetime(2026, 3, 8, 19, tzinfo=UTC)
    assert rules.day_ends(date(2026, 3, 9), tashkent) == datetime(2026, 3, 9, 19, tzinfo=UTC)
    # The day on which clocks go forward has 23 hours.
    vienna = ZoneInfo("Europe/Vienna")
    length = rules.day_ends(date(2026, 3, 29), vienna) - rules.day_begins(date(2026, 3, 29), vienna)
    assert length.total_seconds() == 23 * 3600
