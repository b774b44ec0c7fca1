"""Which roles can be granted for what, and that an academy is never without an administrator."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from academy.accounts.models import Role, Scope
from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Grant

_ALLOWED: dict[str, tuple[Scope, ...]] = {
    Role.LEARNER: (),
    Role.TRAINER: (Scope.ALL, Scope.COURSE),
    Role.TRANSLATOR: (Scope.ALL, Scope.COURSE),
    Role.REVISER: (Scope.ALL, Scope.COURSE),
    Role.COORDINATOR: (Scope.STATE,),
    Role.ADMIN: (Scope.ALL,),
    Role.AUDITOR: (Scope.ALL,),
}
_COURSE_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


def allowed_scopes(role: str) -> tuple[Scope, ...]:
    """For what the role can be granted; nothing for a learner, who needs no grant, and for an unknown role."""
    return _ALLOWED.get(role, ())


def grant_faults(
    grant: Grant, *, states: Collection[str], expires_at: datetime | None, now: datetime
) -> dict[str, list[Words]]:
    """What is wrong with a grant, by field; *states* are the codes that there are."""
    scopes = allowed_scopes(grant.role)
    if not scopes:
        return {"role": [_l("This role cannot be granted.")]}
    faults: dict[str, list[Words]] = {}
    if grant.scope not in scopes:
        faults["scope"] = [_scope_words(scopes)]
    elif grant.scope == Scope.STATE and grant.scope_id not in states:
        faults["scope_id"] = [_l("There is no state with this code.")]
    elif grant.scope == Scope.COURSE and not _COURSE_CODE.fullmatch(grant.scope_id):
        faults["scope_id"] = [_l("Write the code of the course, for example DOC.")]
    elif grant.scope == Scope.ALL and grant.scope_id:
        faults["scope_id"] = [_l("A role for the whole academy has no course and no state.")]
    if expires_at is not None and expires_at <= now:
        faults["expires_at"] = [_l("This day has passed.")]
    return faults


def _scope_words(scopes: tuple[Scope, ...]) -> Words:
    if scopes == (Scope.STATE,):
        return _l("This role is granted for a state.")
    if scopes == (Scope.ALL,):
        return _l("This role is granted for the whole academy.")
    return _l("This role is granted for a course or for the whole academy.")


def keeps_an_admin(lasting: Collection[int], *, without: int) -> bool:
    """Whether somebody still administers the academy when the person *without* does not.

    *lasting* are the ids of active people whose administration has no end.
    """
    return any(user_id != without for user_id in lasting)
