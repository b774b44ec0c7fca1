"""Forms: texts are tidied, messages come in the reader's language, faults stand beside their fields."""

from __future__ import annotations

import pytest
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from academy.foundation.errors import Invalid
from academy.foundation.web import Form, add_errors
from academy.foundation.web.forms import described_by


class NameForm(Form):
    name = StringField("Name", [DataRequired(), Length(max=10)], description="As in your passport")
    password = PasswordField("Password")


def sent(small, lang="en", method="POST", **data):
    with small.test_request_context(f"/{lang}/", method=method, data=data):
        from academy.foundation.i18n.language import set_language

        set_language(lang)
        form = NameForm()
        form.validate()
        return form, {name: [str(m) for m in ms] for name, ms in form.errors.items()}


@pytest.fixture(autouse=True)
def _leave_the_language():
    from academy.foundation.i18n.language import set_language

    yield
    set_language("en")


def test_texts_are_trimmed_and_composed_and_passwords_are_not(small):
    form, faults = sent(small, name="  Rene\u0301 \r\n", password="  hush ")
    assert form.name.data == "René"
    assert form.password.data == "  hush "
    assert faults == {}


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb"])
def test_characters_that_cannot_be_seen_are_refused_beside_the_field(small, bad):
    _, faults = sent(small, name=bad)
    assert faults["name"][0].startswith("There is a character here")


def test_messages_come_in_the_readers_language(small):
    assert sent(small)[1] == {"name": ["This field is required."]}
    assert sent(small, "ru")[1] == {"name": ["Обязательное поле."]}


def test_blanks_are_no_name(small):
    assert "name" in sent(small, name="   ")[1]


def test_a_get_fills_from_the_object_and_not_from_the_address(small):
    class Person:
        name = "Nino"
        password = ""

    with small.test_request_context("/en/?name=Other"):
        assert NameForm(obj=Person()).name.data == "Nino"


def test_faults_of_actions_stand_beside_their_fields(small):
    form, _ = sent(small, name="Nino")
    add_errors(form, Invalid({"name": ["is taken"], "": ["All in all no."], "other": ["Not on this form."]}))
    assert form.errors["name"] == ["is taken"]
    assert form.errors[""] == ["All in all no.", "Not on this form."]
    add_errors(form, Invalid("Once more no."))
    assert form.form_errors[-1] == "Once more no."


def test_help_and_faults_are_tied_to_the_field(small):
    form, _ = sent(small, name="Nino")
    assert described_by(form.name, None) == {"aria-describedby": "name-help"}
    assert described_by(form.password, None) == {}
    form, _ = sent(small)
    assert described_by(form.name, None) == {"aria-describedby": "name-help name-error", "aria-invalid": "true"}
