"""The commands: the first administrator, roles, lists of people."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from academy.accounts import actions, queries
from academy.accounts.cli import user
from academy.accounts.models import User, UserGrant
from academy.foundation import commands, db, security
from academy.foundation.audit import AuditEntry
from academy.foundation.mail import Mail
from tests.factories.accounts import make_user

EMAIL = "nino@ministry.example"


@pytest.fixture
def run(app, database, settings, monkeypatch):
    monkeypatch.setattr(commands, "_open", lambda _settings: app)
    monkeypatch.setattr(commands, "_find_actor", queries.find_identity_by_email)
    with database.write():
        actions.seed_states()

    def invoke(*args: str, data: str | None = None):
        return CliRunner().invoke(user, [*args, "--data", str(settings.data)], input=data)

    return invoke


def person(database) -> User | None:
    with database.read():
        return queries.find_user_by_email(EMAIL)


def grants(database) -> list[tuple[str, str, str]]:
    with database.read():
        rows = db.session.execute(select(UserGrant.role, UserGrant.scope, UserGrant.scope_id).order_by(UserGrant.id))
        return [tuple(row) for row in rows]


def count(database, table: type) -> int:
    with database.read():
        return db.session.scalar(select(func.count()).select_from(table))


def test_a_person_is_invited_by_mail(run, database):
    done = run("add", EMAIL, "--name", "Nino Beridze", "--role", "admin", "--language", "ru")
    assert done.exit_code == 0, done.output
    assert "The mail goes out" in done.output
    assert (person(database).status, person(database).language) == ("invited", "ru")
    assert grants(database) == [("admin", "all", "")]
    assert count(database, Mail) == 1
    with database.read():
        entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.actor_kind == "operator"
    assert entry.actor_label.startswith("operator:")


def test_a_person_is_invited_by_a_link_to_hand_over(run, database, client):
    done = run("add", EMAIL, "--name", "Nino Beridze", "--link", "--json")
    report = json.loads(done.stdout)
    assert report["taken"] == [EMAIL]
    assert count(database, Mail) == 0
    assert client.get(report["link"].removeprefix("http://localhost")).status_code == 200
    assert "72 hours" in run("add", "other@ministry.example", "--name", "Other", "--link").output


def test_a_person_is_added_with_a_password(run, database):
    done = run("add", EMAIL, "--name", "Nino Beridze", "--password-stdin", data="quiet river, three bridges\n")
    assert done.exit_code == 0, done.output
    assert "Added" in done.output
    assert person(database).status == "active"
    assert security.verify_password(person(database).password_hash, "quiet river, three bridges")


def test_a_bad_password_adds_nobody(run, database):
    done = run("add", EMAIL, "--name", "Nino Beridze", "--password-stdin", data="short\n")
    assert done.exit_code == 1
    assert "at least 10" in done.output
    assert person(database) is None


@pytest.mark.parametrize(
    ("options", "grant"),
    [
        (["--role", "trainer", "--course", "DOC"], ("trainer", "course", "DOC")),
        (["--role", "coordinator", "--state", "ge"], ("coordinator", "state", "GE")),
    ],
)
def test_a_role_comes_with_its_scope(run, database, options, grant):
    assert run("add", EMAIL, "--name", "Nino Beridze", *options).exit_code == 0
    assert grants(database) == [grant]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--name", "Нино"], "not Latin"),
        (["--name", "Nino", "--role", "coordinator"], "granted for a state"),
        (["--name", "Nino", "--role", "trainer", "--course", "DOC", "--state", "GE"], "exclude each other"),
        (["--name", "Nino", "--language", "fr"], "language: Choose one of the list."),
        (["--name", "Nino", "--role", "learner"], "Invalid value"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_added(run, database, options, words):
    done = run("add", EMAIL, *options)
    assert done.exit_code != 0
    assert words in done.output
    assert person(database) is None


def test_commands_can_act_as_somebody_with_their_rights(run, database):
    with database.write():
        make_user("admin@ministry.example", role="admin")
        make_user("learner@ministry.example")
    refused = run("add", EMAIL, "--name", "Nino", "--as", "learner@ministry.example")
    assert refused.exit_code == 1
    assert run("add", EMAIL, "--name", "Nino", "--as", "admin@ministry.example").exit_code == 0


def test_a_role_is_granted_and_taken_away(run, database):
    with database.write():
        make_user(EMAIL)
    assert run("role", EMAIL, "trainer", "--course", "DOC", "--until", "2099-12-31").exit_code == 0
    assert grants(database) == [("trainer", "course", "DOC")]
    with database.read():
        assert db.session.scalars(select(UserGrant.expires_at)).one().isoformat() == "2100-01-01T00:00:00+00:00"
    done = run("role", EMAIL, "trainer", "--course", "DOC", "--remove", "--json")
    assert json.loads(done.stdout)["changed"] == [EMAIL]
    assert grants(database) == []


def test_the_last_administrator_stays(run, database):
    with database.write():
        make_user(EMAIL, role="admin")
    done = run("role", EMAIL, "admin", "--remove")
    assert done.exit_code == 1
    assert "last administrator" in done.output


def test_nobody_has_no_role(run):
    done = run("role", EMAIL, "admin")
    assert done.exit_code == 1
    assert "nobody with the address" in done.output


def test_a_list_is_taken_and_taken_again(run, database, tmp_path):
    with database.write():
        make_user("old@ministry.example", function="Inspector")
    file = tmp_path / "people.csv"
    rows = [f"person{n}@ministry.example;Person {chr(65 + n)};GE;" for n in range(26)]
    file.write_text(
        "\n".join(["email;name;state;function", *rows, "old@ministry.example;Old;;Chief"]), encoding="cp1251"
    )
    report = json.loads(run("import", str(file), "--json").stdout)
    assert len(report["taken"]) == 26
    assert (report["changed"], report["refused"]) == (["old@ministry.example"], [])
    assert count(database, Mail) == 26
    again = json.loads(run("import", str(file), "--json").stdout)
    assert again == {"taken": [], "changed": [], "refused": []}
    assert count(database, Mail) == 26
    assert "Invited: 0. Brought up to date: 0." in run("import", str(file)).output


def test_nothing_is_saved_until_every_row_is_right(run, database, tmp_path):
    file = tmp_path / "people.csv"
    text = f"email,name,state\n{EMAIL},Nino,Georgia\nx@ministry.example,Нино,Atlantis\nNINO@ministry.example,Nino,\n"
    file.write_text(text, encoding="utf-8-sig")
    done = run("import", str(file), "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["taken"] == report["changed"] == []
    assert [fault["where"] for fault in report["refused"]] == ["row 3", "row 3", "row 4"]
    assert report["refused"][2]["why"] == "the same address as in row 2"
    assert count(database, User) == 0
    assert "Nothing was saved:\nrow 3:" in run("import", str(file)).output


def test_a_file_that_is_no_list_is_refused(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(b"")
    done = run("import", str(file), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["refused"] == [{"where": "people.csv", "why": "The file is empty."}]
