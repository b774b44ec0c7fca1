"""Who may see and change people."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from academy.accounts.models import Role, Scope, User
from academy.foundation.security import Identity


def may_manage_people(actor: Identity) -> bool:
    """Whether the actor may invite, suspend and grant: administrators, the operator and the system."""
    return actor.holds(Role.ADMIN)


def may_see_all_people(seen_by: Identity) -> bool:
    """Whether the reader may see every account: administrators and auditors."""
    return seen_by.holds(Role.ADMIN) or seen_by.holds(Role.AUDITOR)


def may_see_person(seen_by: Identity, user: User) -> bool:
    """Whether the reader may see the account: its owner, administrators, auditors, coordinators of its state."""
    if may_see_all_people(seen_by) or (seen_by.id is not None and seen_by.id == user.id):
        return True
    return user.state_code is not None and seen_by.holds(Role.COORDINATOR, scope=Scope.STATE, scope_id=user.state_code)


def people_seen_by(seen_by: Identity) -> ColumnElement[bool]:
    """The same as a filter on users."""
    if may_see_all_people(seen_by):
        return true()
    states = seen_by.scopes(Role.COORDINATOR, Scope.STATE)
    coordinated = User.state_code.is_not(None) if states is None else User.state_code.in_(states) if states else false()
    own = User.id == seen_by.id if seen_by.id is not None else false()
    return or_(own, coordinated)
