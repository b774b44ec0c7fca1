"""How the values of the controlled lists are called, for pages, reports and imports."""

from __future__ import annotations

from academy.accounts.models import Gender, InstitutionType, Role, UserStatus
from academy.foundation.i18n import lazy_gettext as _l

GENDERS = {
    Gender.FEMALE.value: _l("Female"),
    Gender.MALE.value: _l("Male"),
    Gender.OTHER.value: _l("Other"),
    Gender.UNDISCLOSED.value: _l("I prefer not to say"),
}
INSTITUTION_TYPES = {
    InstitutionType.INTERIOR.value: _l("Ministry of the interior"),
    InstitutionType.MIGRATION.value: _l("Migration service"),
    InstitutionType.BORDER.value: _l("Border guard or border police"),
    InstitutionType.PATROL.value: _l("Patrol police"),
    InstitutionType.CUSTOMS.value: _l("Customs or revenue service"),
    InstitutionType.LABOUR.value: _l("Ministry of labour"),
    InstitutionType.FOREIGN.value: _l("Ministry of foreign affairs, consular service"),
    InstitutionType.ASYLUM.value: _l("Asylum authority"),
    InstitutionType.COURT.value: _l("Court"),
    InstitutionType.OMBUDSMAN.value: _l("Ombudsman"),
    InstitutionType.ACADEMY.value: _l("Training academy"),
    InstitutionType.INTERNATIONAL.value: _l("International organisation"),
    InstitutionType.NGO.value: _l("Non-governmental organisation"),
    InstitutionType.ACADEMIA.value: _l("University or research"),
    InstitutionType.OTHER.value: _l("Another type"),
}
ROLES = {
    Role.LEARNER.value: _l("Learner"),
    Role.TRAINER.value: _l("Trainer"),
    Role.TRANSLATOR.value: _l("Translator"),
    Role.REVISER.value: _l("Reviser"),
    Role.COORDINATOR.value: _l("Coordinator"),
    Role.ADMIN.value: _l("Administrator"),
    Role.AUDITOR.value: _l("Auditor"),
}
STATUSES = {
    UserStatus.UNCONFIRMED.value: _l("address not confirmed"),
    UserStatus.INVITED.value: _l("invitation sent"),
    UserStatus.ACTIVE.value: _l("active account"),
    UserStatus.SUSPENDED.value: _l("suspended account"),
}
