"""Settings are read once, and every wrong one is refused in plain words."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from academy import settings
from academy.settings import Settings, WrongSettings, read


def test_without_variables_the_defaults_hold():
    assert read({}) == Settings()


def test_each_variable_sets_its_field():
    chosen = read(
        {
            "ACADEMY_DATA": "/srv/academy",
            "ACADEMY_PORT": "9000",
            "ACADEMY_DEMO": "yes",
            "ACADEMY_BASE_URL": " https://academy.example ",
            "PATH": "/bin",
        }
    )
    assert (chosen.data, chosen.port, chosen.demo) == (Path("/srv/academy"), 9000, True)
    assert (chosen.base_url, chosen.secure, chosen.hosts[0]) == ("https://academy.example", True, "academy.example")


def test_what_a_command_gives_wins_over_the_environment():
    assert read({"ACADEMY_PORT": "9000"}, port=9001).port == 9001
    assert read({"ACADEMY_PORT": "9000"}, port=None).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "academy.example"),
        ("BASE_URL", "ftp://academy.example"),
        ("SECRET_KEY", "short"),
        ("MAIL_URL", "http://mail.example"),
        ("DATABASE_URL", "mysql://db"),
        ("JOBS_URL", "http://queue"),
        ("LANGUAGES", ""),
        ("LANGUAGES", "en,Klingon"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("THREADS", "0"),
        ("THREADS", "65"),
        ("JOBS", "outside"),
        ("SESSION_IDLE_MINUTES", "4"),
        ("SESSION_DAYS", "0"),
        ("UPLOAD_MB", "0"),
        ("UPLOAD_MB", "1025"),
        ("LOG_LEVEL", "LOUD"),
        ("DEMO", "perhaps"),
        ("COLOUR", "blue"),
    ],
)
def test_every_wrong_value_is_refused_by_its_name(name, value):
    with pytest.raises(WrongSettings, match=f"ACADEMY_{name}: "):
        read({f"ACADEMY_{name}": value})


def test_all_faults_are_named_at_once():
    with pytest.raises(WrongSettings) as refused:
        read({"ACADEMY_PORT": "x", "ACADEMY_JOBS": "y", "ACADEMY_NONE": "z"})
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "ACADEMY_PORT",
        "ACADEMY_NONE",
        "ACADEMY_JOBS",
    ]


def test_names_of_tests_and_tools_are_left_alone():
    assert read({"ACADEMY_TEST_DATABASE_URL": "x", "ACADEMY_CHROMIUM": "/usr/bin/chromium"}) == Settings()


def test_the_database_is_in_the_data_folder_unless_said_otherwise():
    assert Settings(data=Path("/srv/a")).database_address == "sqlite:////srv/a/academy.sqlite3"
    assert Settings(database_url="postgresql://db/a").database_address == "postgresql://db/a"


def test_the_signing_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    chosen = Settings(data=tmp_path / "new")
    key = settings.secret_key(chosen)
    assert len(key) >= 32
    assert settings.secret_key(chosen) == key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert settings.secret_key(Settings(secret_key="k" * 32)) == "k" * 32


def test_every_setting_is_described():
    described = settings.variables()
    assert len(described) == len({name for name, _, _ in described})
    assert all(name.startswith("ACADEMY_") and words.endswith(".") for name, _, words in described)


@pytest.mark.parametrize(("name", "key"), [("Europe/Vienna", "Europe/Vienna"), ("", "UTC"), ("../etc/passwd", "UTC")])
def test_an_unknown_zone_is_utc(name, key):
    assert settings.zone(name).key == key
