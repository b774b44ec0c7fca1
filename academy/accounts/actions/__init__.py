"""What changes people, their sign-ins, codes, roles, and the list of states."""

from academy.accounts.actions.codes import answer_request, ask_for_mail, forget_expired
from academy.accounts.actions.importing import take_person
from academy.accounts.actions.people import (
    grant_role,
    invite,
    invite_again,
    make_invitation_token,
    make_sign_in_code,
    reactivate,
    revoke_role,
    suspend,
)
from academy.accounts.actions.profile import (
    ProfileValues,
    accept_notice,
    ask_for_email_change,
    change_email,
    change_profile,
    confirm_name,
)
from academy.accounts.actions.registration import Registration, accept_invitation, confirm_address, register
from academy.accounts.actions.sign_in import (
    Opening,
    change_password,
    end_other_sessions,
    end_session,
    note_failure,
    note_seen,
    reset_password,
    sign_in,
    sign_in_by_code,
    sign_out,
    sign_out_everywhere,
)
from academy.accounts.actions.states import open_registration, seed_states

__all__ = [
    "Opening",
    "ProfileValues",
    "Registration",
    "accept_invitation",
    "accept_notice",
    "answer_request",
    "ask_for_email_change",
    "ask_for_mail",
    "change_email",
    "change_password",
    "change_profile",
    "confirm_address",
    "confirm_name",
    "end_other_sessions",
    "end_session",
    "forget_expired",
    "grant_role",
    "invite",
    "invite_again",
    "make_invitation_token",
    "make_sign_in_code",
    "note_failure",
    "note_seen",
    "open_registration",
    "reactivate",
    "register",
    "reset_password",
    "revoke_role",
    "seed_states",
    "sign_in",
    "sign_in_by_code",
    "sign_out",
    "sign_out_everywhere",
    "suspend",
    "take_person",
]
