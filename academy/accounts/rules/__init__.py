"""What is decided about people, names, passwords, sign-ins and roles; pure, without database, clock or web."""

from academy.accounts.rules.addresses import check_email, device_name, email_key
from academy.accounts.rules.names import (
    NameKeys,
    addressed_name,
    cyrillic_faults,
    latin_faults,
    name_keys,
    shown_name,
    tidy_name,
)
from academy.accounts.rules.passwords import MAX_PASSWORD, MIN_PASSWORD, password_faults
from academy.accounts.rules.roles import allowed_scopes, grant_faults, keeps_an_admin
from academy.accounts.rules.rows import PersonRow, read_row
from academy.accounts.rules.sign_in import (
    CODE_LENGTH,
    FAILURES_KEPT,
    MAX_TRIES,
    SEEN_EVERY,
    SessionLimits,
    lifetime,
    may_ask_again,
    next_in_a_row,
    seconds_to_wait,
    session_expiry,
    sets_password_without_the_old,
)
from academy.accounts.rules.time_zones import TIME_ZONES, is_time_zone, usual_time_zone
from academy.accounts.rules.words import GENDERS, INSTITUTION_TYPES, ROLES, STATUSES
from academy.foundation.security import local_path

__all__ = [
    "CODE_LENGTH",
    "FAILURES_KEPT",
    "GENDERS",
    "INSTITUTION_TYPES",
    "MAX_PASSWORD",
    "MAX_TRIES",
    "MIN_PASSWORD",
    "ROLES",
    "SEEN_EVERY",
    "STATUSES",
    "TIME_ZONES",
    "NameKeys",
    "PersonRow",
    "SessionLimits",
    "addressed_name",
    "allowed_scopes",
    "check_email",
    "cyrillic_faults",
    "device_name",
    "email_key",
    "grant_faults",
    "is_time_zone",
    "keeps_an_admin",
    "latin_faults",
    "lifetime",
    "local_path",
    "may_ask_again",
    "name_keys",
    "next_in_a_row",
    "password_faults",
    "read_row",
    "seconds_to_wait",
    "session_expiry",
    "sets_password_without_the_old",
    "shown_name",
    "tidy_name",
    "usual_time_zone",
]
