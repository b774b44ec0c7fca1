"""Who looks and who acts: every ``seen_by`` and ``actor`` is an Identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, in a scope: ``all``, or for example ``course`` with its code, ``state`` with its code."""

    role: str
    scope: str = "all"
    scope_id: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as the running request knows them, the operator of the machine, the system itself, or nobody.

    ``kind`` is ``user``, ``operator``, ``system`` or ``anonymous``; ``id`` and ``uuid`` are set for users only;
    ``seen_at`` is when their session was last noted as used.
    """

    kind: str
    id: int | None = None
    uuid: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    time_zone: str = "UTC"
    grants: tuple[Grant, ...] = ()
    session_id: int | None = None
    label: str = ""
    seen_at: datetime | None = None

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "anonymous"

    @property
    def is_active(self) -> bool:
        return self.is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated

    def get_id(self) -> str:
        return self.uuid

    @property
    def may_everything(self) -> bool:
        """True for the operator and the system, who stand outside the roles."""
        return self.kind in ("operator", "system")

    def holds(self, role: str, *, scope: str = "all", scope_id: str = "") -> bool:
        """Whether the role was granted for everything, or for exactly this scope."""
        return self.may_everything or any(
            g.role == role and (g.scope == "all" or (g.scope, g.scope_id) == (scope, scope_id)) for g in self.grants
        )

    def holds_any(self, *roles: str) -> bool:
        """Whether one of the roles was granted in any scope."""
        return self.may_everything or any(g.role in roles for g in self.grants)

    def scopes(self, role: str, scope: str) -> frozenset[str] | None:
        """The ids of that scope for which the role holds; None means all of them."""
        if self.holds(role):
            return None
        return frozenset(g.scope_id for g in self.grants if g.role == role and g.scope == scope)


ANONYMOUS = Identity("anonymous")
OPERATOR = Identity("operator", label="operator")
SYSTEM = Identity("system", label="system")
