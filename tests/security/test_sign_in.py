"""L04–L09, L15, L16, L18, L21, G8 in small: rights end when they end, and guessing is slow for whoever guesses."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest
import waitress
from sqlalchemy import delete, func, select, update
from waitress.server import create_server
from werkzeug.middleware.proxy_fix import ProxyFix

from academy.accounts import actions as accounts
from academy.accounts.jobs import answer_requests
from academy.accounts.models import Purpose, RequestReason, User, UserGrant, UserSession
from academy.accounts.queries import privacy_version
from academy.cli import serving
from academy.foundation import clock, db, jobs
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR, Grant
from academy.settings import Settings, make_folder
from tests.factories.accounts import PASSWORD, make_state, make_user

EMAIL = "admin@ministry.example"
NEW = "five quiet rivers here"
LOCAL = Settings().host


@pytest.fixture
def person(app, database):
    with database.write():
        make_user("second.admin@ministry.example", role="admin")
        return make_user(EMAIL, role="admin").id


def sign_in(client, password: str = PASSWORD):
    return client.post("/en/login", data={"email": EMAIL, "password": password})


def cookie(client) -> str:
    return client.get_cookie("academy").value


def replay(app, token: str, address: str = "/en/account") -> int:
    """The status that somebody gets who copied the cookie."""
    thief = app.test_client()
    thief.set_cookie("academy", token)
    return thief.get(address).status_code


def test_L04_every_way_in_gives_a_new_session_and_never_takes_one_that_was_sent(client, app, person):
    client.set_cookie("academy", "chosen-by-somebody-else")
    sign_in(client)
    first = cookie(client)
    assert first != "chosen-by-somebody-else"
    assert replay(app, "chosen-by-somebody-else") == 303
    changed = {"present_password": PASSWORD, "password": NEW}
    assert client.post("/en/account/password", data=changed).status_code == 303
    assert cookie(client) != first
    assert (replay(app, first), replay(app, cookie(client))) == (303, 200)


ENDINGS = {
    "signing out": lambda client, _id: client.post("/en/logout"),
    "signing out everywhere": lambda client, _id: client.post("/en/account/sessions/end-all"),
    "suspension": lambda _client, user_id: _written(accounts.suspend, user_id, reason="left"),
    "password": lambda client, _id: client.post(
        "/en/account/password", data={"present_password": PASSWORD, "password": NEW}
    ),
    "time": lambda _client, _id: _statement(update(UserSession).values(expires_at=clock.now())),
    "deletion of the row": lambda _client, _id: _statement(delete(UserSession)),
}


def _written(action, *args, **given):
    with db.current().write():
        action(*args, actor=OPERATOR, now=clock.now(), **given)


def _statement(statement):
    with db.current().write() as session:
        session.execute(statement)


@pytest.mark.parametrize("ending", ENDINGS)
def test_L05_L07_a_copied_session_is_dead_on_the_next_request(client, app, person, ending):
    sign_in(client)
    copied = cookie(client)
    assert replay(app, copied) == 200
    ENDINGS[ending](client, person)
    for address in ("/en/account", "/en/account/data.json", "/en/my", "/en/admin/people"):
        assert replay(app, copied, address) == 303, address


def test_control_L05_without_an_ending_it_lives(client, app, person):
    sign_in(client)
    assert replay(app, cookie(client), "/en/admin/people") == 200


@pytest.mark.parametrize("change", ["revoke", "expire", "rescope"])
def test_L08_a_role_that_was_taken_away_is_gone_on_the_next_request(client, app, person, change):
    sign_in(client)
    form = client.get("/en/admin/people/invite").text
    assert "form_token" in form
    if change == "revoke":
        _written(accounts.revoke_role, person, Grant("admin"))
    elif change == "expire":
        _statement(update(UserGrant).where(UserGrant.user_id == person).values(expires_at=clock.now()))
    else:
        values = {"role": "coordinator", "scope": "state", "scope_id": "GE"}
        _statement(update(UserGrant).where(UserGrant.user_id == person).values(**values))
    assert client.get("/en/admin/people").status_code == 403
    invited = {"email": "x@ministry.example", "language": "en", "where": "all", "state_code": ""}
    assert client.post("/en/admin/people/invite", data=invited).status_code == 403
    assert client.get("/en/account").status_code == 200


def test_L07_a_suspended_person_comes_in_by_no_way(client, database, person):
    with database.write() as session:
        user = session.get(User, person)
        token = accounts.codes.issue_code(user, Purpose.RESET, now=clock.now()).token
        code = accounts.make_sign_in_code(person, actor=OPERATOR, now=clock.now())
    _written(accounts.suspend, person, reason="left")
    assert sign_in(client).status_code == 403
    assert client.post(f"/en/reset/{token}", data={"password": NEW}).status_code == 410
    assert client.post("/en/login/code", data={"email": EMAIL, "code": code}).status_code == 422
    before = _mails(database)
    client.post("/en/forgotten", data={"email": EMAIL})
    answer_requests(clock.now())
    assert _mails(database) == before


def _mails(database, to: str = EMAIL) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Mail).where(Mail.to_address == to)) or 0


def test_L09_guesses_are_slowed_by_account_and_the_owner_still_comes_in_on_a_known_device(client, app, person):
    sign_in(client)
    client.post("/en/logout")
    stranger = app.test_client()
    statuses = [
        stranger.post("/en/login", data={"email": EMAIL, "password": f"guess number {n}"}).status_code for n in range(8)
    ]
    assert statuses == [422] * 5 + [429] * 3
    assert stranger.post("/en/login", data={"email": EMAIL, "password": PASSWORD}).status_code == 429
    assert sign_in(client).status_code == 303


HEADERS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Forwarded",
    "X-Client-IP",
)


@pytest.mark.parametrize("header", HEADERS)
def test_L15_no_header_moves_one_to_another_address(client, header):
    statuses = []
    for number in range(22):
        value = f"for=10.0.0.{number}" if header == "Forwarded" else f"10.0.0.{number}"
        statuses.append(client.get("/en/verify?code=nothing", headers={header: value}).status_code)
    assert statuses == [404] * 20 + [429] * 2


class Nothing:
    """A database that there is no need to close."""

    def close(self) -> None:
        """Nothing to do."""


def served(monkeypatch, settings: Settings) -> dict[str, object]:
    """With what the web server is started."""
    given: dict[str, object] = {}
    monkeypatch.setattr(waitress, "serve", lambda _app, **options: given.update(options))
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    monkeypatch.setattr(serving.db, "current", Nothing)
    serving.run_server(object(), settings)
    return {**given, "host": LOCAL, "port": 0, "threads": 1}


def asked(app, options: dict[str, object], request: bytes) -> str:
    """What a server with those options answers, over a socket."""
    server = create_server(app, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with socket.create_connection((LOCAL, server.effective_port), timeout=5) as line:
        line.sendall(request)
        answer = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    server.close()
    return answer


def tell(environ, start_response):
    """Says from where it is asked."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]


@pytest.mark.parametrize(("proxies", "seen"), [(0, LOCAL), (1, "203.0.113.9"), (2, "198.51.100.1")])
def test_L15_behind_proxies_the_address_is_the_one_that_they_saw(monkeypatch, proxies, seen):
    options = served(monkeypatch, Settings(trusted_proxies=proxies, jobs="apart"))
    app = ProxyFix(tell, x_for=proxies, x_proto=proxies, x_host=0) if proxies else tell
    chain = b"X-Forwarded-For: 10.6.6.6, 198.51.100.1, 203.0.113.9\r\n"
    answer = asked(app, options, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + chain + b"\r\n")
    assert answer.endswith(f"\r\n{seen}")


@pytest.mark.parametrize(("length", "status"), [(1024 * 1024 + 1, "413"), (10**12, "413"), (2, "200")])
def test_D01_too_large_a_request_is_refused_by_its_length(monkeypatch, length, status):
    options = served(monkeypatch, Settings(upload_mb=1, jobs="apart"))
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\nab"
    assert asked(tell, options, head.encode()).split()[1] == status


@pytest.mark.parametrize("password", ["x" * 5_000_000, "\0" * 20, "ы" * 2000, "a" * 1025, "\U0001f600" * 900, " "])
def test_L16_hostile_passwords_are_answered_at_once(client, person, password):
    answers = [sign_in(client, password)]
    client.as_(EMAIL)
    answers.append(client.post("/en/account/password", data={"present_password": password, "password": password}))
    assert all(answer.status_code in (400, 413, 422) for answer in answers)


def test_L16_passwords_count_to_the_last_character_in_either_unicode_form(client, app, person):
    decomposed, composed = "и\u0306" * 40 + "z", "й" * 40 + "z"
    client.as_(EMAIL)
    changed = client.post("/en/account/password", data={"present_password": PASSWORD, "password": decomposed + "abcd"})
    assert changed.status_code == 303
    assert sign_in(app.test_client(), composed + "abcd").status_code == 303
    assert sign_in(app.test_client(), composed + "abce").status_code == 422


def test_L21_an_address_gets_no_flood_of_mails_by_registering_it_again_and_again(client, database):
    with database.write():
        make_state("GE")
    for number in range(5):
        told = {
            "email": "victim@ministry.example",
            "name_latin": "Nino Beridze",
            "state_code": "GE",
            "institution_type": "border",
            "password": f"quiet river, three bridges {number}",
            "consent": "y",
            "privacy_version": privacy_version(),
        }
        assert client.post("/en/register", data=told).status_code == 303
        client.post("/en/forgotten", data={"email": "victim@ministry.example"})
        answer_requests(clock.now() + timedelta(seconds=number))
    # One to confirm, one for the password: both kinds wait longer after each mail.
    assert _mails(database, "victim@ministry.example") == 2


def test_A14_forms_take_nothing_that_they_do_not_show(client, database, person):
    with database.write():
        make_state("GE")
        make_user("learner@ministry.example")
    client.as_("learner@ministry.example")
    smuggled = {
        "id": "1", "uuid": "x", "email": "boss@ministry.example", "email_key": "x", "status": "suspended",
        "password_hash": "x", "confirmed_at": "2020-01-01", "name_confirmed_at": "2020-01-01", "role": "admin",
        "grants": "admin", "user_id": str(person), "granted_by": "1", "is_admin": "1", "scope": "all",
    }  # fmt: skip
    asked = {"language": "en", "time_zone": "UTC", "state_code": "GE"}
    with database.read() as session:
        before = session.execute(select(User.email, User.status, User.uuid, User.password_hash).order_by(User.id)).all()
    assert client.post("/en/account/profile", data=asked | smuggled).status_code == 303
    assert client.post("/en/account/name", data={"name_latin": "Nino B"} | smuggled).status_code == 303
    with database.read() as session:
        after = session.execute(select(User.email, User.status, User.uuid, User.password_hash).order_by(User.id)).all()
        assert session.scalar(select(func.count()).select_from(UserGrant)) == 2
        assert session.scalar(select(User.state_code).where(User.email == "learner@ministry.example")) == "GE"
    assert before == after


def test_P03_jobs_carry_a_name_and_a_number_only(app, database, monkeypatch):
    queued = []
    monkeypatch.setattr(jobs, "_queue", type("Queue", (), {"enqueue": lambda _self, task: queued.append(task)})())
    with database.write() as session:
        user = make_user("nino@ministry.example")
        session.flush()
        accounts.ask_for_mail(user.email, RequestReason.FORGOTTEN, actor=OPERATOR, now=clock.now())
        accounts.codes.mail_code(user, Purpose.RESET, "reset", now=clock.now())
    assert len(queued) == 2
    for task in queued:
        assert [type(argument) for argument in task.args] == [str, int]
        assert not task.kwargs
        assert "@" not in repr(task.args)


def test_P03_a_new_data_folder_is_closed_to_others(tmp_path):
    settings = Settings(data=tmp_path / "academy")
    make_folder(settings)
    assert settings.data.stat().st_mode & 0o077 == 0
