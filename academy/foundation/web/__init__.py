"""The web: requests, access, units of work, forms, answers, assets, errors and the shared look."""

from academy.foundation.web.answers import (
    Answer,
    external_url,
    flash,
    json_answer,
    render,
    same_page,
    see_other,
    wants_json,
)
from academy.foundation.web.application import install
from academy.foundation.web.assets import asset
from academy.foundation.web.blueprints import blueprint
from academy.foundation.web.entrance import PUBLIC, SIGNED_IN, Access, access, current_user, holds
from academy.foundation.web.form_token import form_token, kept_fields
from academy.foundation.web.forms import Form, add_errors
from academy.foundation.web.paging import Page, paginate
from academy.foundation.web.sessions import act_as, clear_session, session_token, start_session
from academy.foundation.web.units import apart, unit_of_work

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Access",
    "Answer",
    "Form",
    "Page",
    "access",
    "act_as",
    "add_errors",
    "apart",
    "asset",
    "blueprint",
    "clear_session",
    "current_user",
    "external_url",
    "flash",
    "form_token",
    "holds",
    "install",
    "json_answer",
    "kept_fields",
    "paginate",
    "render",
    "same_page",
    "see_other",
    "session_token",
    "start_session",
    "unit_of_work",
    "wants_json",
]
