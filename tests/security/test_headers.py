"""G04–G07, G12–G14, A18, C03: what every answer says about itself, and what no address gives away."""

from __future__ import annotations

import re

import pytest

from academy.settings import Settings
from tests.sample import World

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
# Served alike to everybody: what may be kept, and for how long.
KEPT = {"static": "public, max-age=31536000, immutable", "files.media": "public, max-age=31536000, immutable"}
# Personal, kept by the reader's own browser alone and asked for again each time.
OWN = {"learn.activity": "private, no-cache", "learn.download_module": "private, no-cache"}
HIDDEN = (
    ".git/HEAD", ".env", "secret.key", "academy.sqlite3", "jobs.sqlite3", "backup.zip", "metrics", "console", "debug",
    "admin.php", "wp-login.php", "server-status", "actuator/env", "phpinfo.php", "docs", "openapi.json", "swagger",
    "graphql", "static/../settings.py", "static/x/../../settings.py", "static/x/%2e%2e/%2e%2e/settings.py",
    "static/x/web/../../../settings.py", "static/x/..%2f..%2fsettings.py", "files/../secret.key",
    f"files/{'a' * 64}/../../secret.key", "files/..%2f..%2fsecret.key/x", "en/../secret.key", "mail/000001-reset.eml",
    "en/help/..%2f..%2fsettings", "en/help/../../../etc/passwd", "robots.txt%00.html", ".well-known/../.git/config",
)  # fmt: skip


def addresses(world: World) -> list[tuple[str, str]]:
    names = sorted({rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())})
    return [(name, world.address(name)) for name in names]


@pytest.mark.parametrize("who", [None, "owner", "admin"])
def test_G04_G06_every_answer_is_closed_and_what_is_personal_is_not_kept(world, who):
    client = world.client(who)
    faults = []
    for name, address in [*addresses(world), ("nothing", "/en/nothing"), ("nothing", "/x")]:
        answer = client.get(address)
        faults += [f"{name}: {key}" for key, value in ALWAYS.items() if answer.headers.get(key) != value]
        policy = answer.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
            faults.append(f"{name}: {policy}")
        if not name.startswith("files") and "frame-ancestors 'none'" not in policy:
            faults.append(f"{name}: can be framed")
        kept = answer.headers["Cache-Control"]
        wanted = {KEPT.get(name), OWN.get(name), "no-store", "private, no-store"}
        if answer.status_code >= 400:
            wanted = {"no-store"}
        if kept not in wanted:
            faults.append(f"{name}: {answer.status_code} {kept}")
        if any(header.startswith("Access-Control") for header in answer.headers.keys()):  # noqa: SIM118 - pairs else
            faults.append(f"{name}: open to other origins")
        if {"Server", "X-Powered-By"} & set(answer.headers.keys()):
            faults.append(f"{name}: names what it runs on")
    assert not faults, "\n".join(faults)


def test_G07_no_origin_is_reflected(world):
    client = world.client("owner")
    for _name, address in addresses(world):
        for origin in ("https://evil.example", "null"):
            answer = client.get(address, headers={"Origin": origin})
            assert "evil" not in repr(answer.headers)
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_G04_the_page_that_one_may_keep_is_nobody_elses(world):
    mine, other, nobody = (world.client(who) for who in ("owner", "admin", None))
    part = world.parts[""]
    address = f"/en/courses/{part['slug']}/{part['key']}"
    kept = mine.get(address)
    tag = kept.headers["ETag"]
    assert mine.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert other.get(address, headers={"If-None-Match": tag}).status_code != 304
    assert nobody.get(address, headers={"If-None-Match": tag}).status_code == 303
    for stolen in ("*", 'W/"*"', f'"{tag}"', tag.replace("W/", "")):
        assert other.get(address, headers={"If-None-Match": stolen}).get_data() != kept.get_data()
    mine.post("/en/logout")
    assert mine.get(address, headers={"If-None-Match": tag}).status_code == 303


@pytest.mark.parametrize("name", HIDDEN)
def test_A18_no_address_gives_away_what_is_behind(world, name):
    for who in (None, "admin"):
        answer = world.client(who).get(f"/{name}")
        assert answer.status_code in (303, 308, 400, 404), answer.status_code
        assert b"root:" not in answer.data
        assert b"import annotations" not in answer.data
    assert world.client(None).get("/healthz").get_json().keys() == {"ready"}


def test_G14_a_fault_shows_a_number_and_nothing_else(world, monkeypatch):
    canary = "canary-4711 SELECT password_hash"

    def fail(*_args, **_kwargs):
        raise RuntimeError(canary)

    monkeypatch.setitem(world.app.view_functions, "learn.home", fail)
    fail.__access__ = world.app.view_functions["learn.courses"].__access__
    for headers in ({}, {"Accept": "application/json"}):
        answer = world.client("admin").get("/en/", headers=headers)
        assert answer.status_code == 500
        for told in (canary, "Traceback", "RuntimeError", "site-packages", "werkzeug", "Flask", "sqlite"):
            assert told not in answer.text
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])


def test_L05_cookies_are_closed_to_scripts_and_other_sites(world):
    client = world.client(None)
    sent = [*client.get("/en/login").headers.getlist("Set-Cookie")]
    signed_in = client.post("/en/login", data={"email": world.people["owner"], "password": "x"})
    sent += signed_in.headers.getlist("Set-Cookie")
    sent += client.post("/en/forgotten", data={"email": "x@y.example"}).headers.getlist("Set-Cookie")
    sent += world.client("owner").post("/en/logout").headers.getlist("Set-Cookie")
    assert len(sent) >= 3
    for cookie in sent:
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie
        assert "Domain" not in cookie, cookie


def test_L05_behind_https_cookies_are_bound_to_the_host(world, monkeypatch):
    monkeypatch.setitem(world.app.extensions, "academy", Settings(base_url="https://localhost"))
    client = world.client(None)
    page = client.get("/en/login")
    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-academy-form=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_G13_signing_out_clears_what_the_browser_kept(world):
    client = world.client("owner")
    answer = client.post("/en/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/en/account").status_code == 303


@pytest.mark.parametrize("path", ["/en/my", "/en/account/data.json", "/en/admin/people", "/en/certificates"])
def test_G04_nothing_personal_is_in_the_answer_to_nobody(world, path):
    answer = world.client(None).get(path)
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    assert "@" not in answer.text
