"""What is read about people, their sign-ins and roles, the states, and the privacy notice."""

from academy.accounts.queries.codes import (
    Account,
    email_taken,
    find_account,
    find_token,
    find_token_by_code,
    may_mail,
    seconds_to_wait,
)
from academy.accounts.queries.identity import find_identity_by_email, load_identity
from academy.accounts.queries.notice import NOTICE, accepted_version, privacy_notice, privacy_version, wants_consent
from academy.accounts.queries.people import (
    GrantView,
    SessionView,
    UserCard,
    find_user_by_email,
    get_own,
    get_user,
    lasting_admins,
    list_grants,
    list_sessions,
    own_data,
    search_people,
    user_card,
    user_cards,
)
from academy.accounts.queries.states import StateView, list_states, state_codes, state_name, states_footnotes

__all__ = [
    "NOTICE",
    "Account",
    "GrantView",
    "SessionView",
    "StateView",
    "UserCard",
    "accepted_version",
    "email_taken",
    "find_account",
    "find_identity_by_email",
    "find_token",
    "find_token_by_code",
    "find_user_by_email",
    "get_own",
    "get_user",
    "lasting_admins",
    "list_grants",
    "list_sessions",
    "list_states",
    "load_identity",
    "may_mail",
    "own_data",
    "privacy_notice",
    "privacy_version",
    "search_people",
    "seconds_to_wait",
    "state_codes",
    "state_name",
    "states_footnotes",
    "user_card",
    "user_cards",
    "wants_consent",
]
