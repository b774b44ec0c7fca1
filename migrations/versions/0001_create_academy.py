"""Create the tables of the academy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The full-text index over the stems, which no model describes.
INDEX = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE search_stems"
            " USING fts5(stems, content='search_documents', content_rowid='id', tokenize='unicode61')"
        ),
        (
            "CREATE TRIGGER search_documents_ai AFTER INSERT ON search_documents BEGIN"
            " INSERT INTO search_stems(rowid, stems) VALUES (new.id, new.stems); END"
        ),
        (
            "CREATE TRIGGER search_documents_ad AFTER DELETE ON search_documents BEGIN"
            " INSERT INTO search_stems(search_stems, rowid, stems) VALUES ('delete', old.id, old.stems); END"
        ),
        (
            "CREATE TRIGGER search_documents_au AFTER UPDATE ON search_documents BEGIN"
            " INSERT INTO search_stems(search_stems, rowid, stems) VALUES ('delete', old.id, old.stems);"
            " INSERT INTO search_stems(rowid, stems) VALUES (new.id, new.stems); END"
        ),
    ),
    "postgresql": ("CREATE INDEX search_stems ON search_documents USING gin (to_tsvector('simple', stems))",),
}
UNDO = {"sqlite": "DROP TABLE search_stems", "postgresql": "DROP INDEX search_stems"}


def upgrade() -> None:
    op.create_table(
        "answer_parts",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_answer_parts")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_label", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('user', 'operator', 'system', 'anonymous')", name=op.f("ck_audit_entries_actor_kind")
        ),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_entries_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entries_object_type_object_id"), ["object_type", "object_id"], unique=False
        )

    op.create_table(
        "certificate_issuers",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("project", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("signatory_role", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("signatory_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint("series <> ''", name=op.f("ck_certificate_issuers_series_given")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_certificate_issuers")),
        sa.UniqueConstraint("series", name=op.f("uq_certificate_issuers_series")),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("source_language", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("theme_code", sa.String(length=20), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("short_title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("audience", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("disclaimer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("completion_share", sa.Double(), nullable=False),
        sa.Column("final_test_key", sa.String(length=80), nullable=True),
        sa.Column("certificate_kind", sa.String(length=16), nullable=False),
        sa.Column("certificate_issue", sa.String(length=16), nullable=False),
        sa.Column("finish_on_own", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "certificate_issue IN ('automatic', 'queue')", name=op.f("ck_courses_certificate_issue_known")
        ),
        sa.CheckConstraint(
            "certificate_kind IN ('completion', 'attendance', 'none')", name=op.f("ck_courses_certificate_kind_known")
        ),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name=op.f("ck_courses_status_known")),
        sa.CheckConstraint(
            "completion_share >= 0 AND completion_share <= 1", name=op.f("ck_courses_completion_share_is_share")
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_courses_minutes_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code", name=op.f("uq_courses_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_courses_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_courses_uuid")),
    )
    op.create_table(
        "email_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('registered', 'forgotten')", name=op.f("ck_email_requests_reason_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_requests")),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state IN ('owed', 'sent', 'failed')", name=op.f("ck_mails_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mails_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_state_next_at"), ["state", "next_at"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_number_series_last_counts")),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "parts",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_parts")),
    )
    op.create_table(
        "published_files",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_published_files")),
    )
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("group_key", sa.String(length=100), nullable=False),
        sa.Column("url_key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "key", "lang", name=op.f("uq_search_documents_kind_key_lang")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_documents_group_key"), ["group_key"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("origin_hash", sa.String(length=64), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_account_hash_at", ["account_hash", "at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_at", ["at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_origin_hash_at", ["origin_hash", "at"], unique=False)

    op.create_table(
        "state_footnotes",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("key", "language", name=op.f("pk_state_footnotes")),
    )
    op.create_table(
        "states",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("alpha3", sa.String(length=3), nullable=True),
        sa.Column("numeric", sa.String(length=3), nullable=True),
        sa.Column("group_code", sa.String(length=16), nullable=False),
        sa.Column("footnote", sa.String(length=32), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("registration_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_states")),
    )
    op.create_table(
        "verification_misses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_misses")),
    )
    with op.batch_alter_table("verification_misses", schema=None) as batch_op:
        batch_op.create_index("ix_verification_misses_address_hash_at", ["address_hash", "at"], unique=False)
        batch_op.create_index("ix_verification_misses_at", ["at"], unique=False)

    op.create_table(
        "course_listings",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_language", sa.String(length=8), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_language", sa.String(length=8), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("availability", sa.String(length=16), nullable=False),
        sa.Column("theme_code", sa.String(length=20), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "availability IN ('full', 'preparation', 'none')", name=op.f("ck_course_listings_availability_known")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_listings_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "language", name=op.f("pk_course_listings")),
    )
    with op.batch_alter_table("course_listings", schema=None) as batch_op:
        batch_op.create_index("ix_course_listings_language_sort_key", ["language", "sort_key"], unique=False)

    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("structure", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("structure >= 1 AND texts >= 0", name=op.f("ck_editions_number_counts")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_editions_course_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("course_id", "structure", "texts", name=op.f("uq_editions_course_id_structure_texts")),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_media_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("course_id", "name", name=op.f("uq_media_course_id_name")),
    )
    op.create_table(
        "modules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_modules_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_modules_course_id_key")),
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("bloom", sa.String(length=16), nullable=False),
        sa.Column("text", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "bloom IN ('remember', 'understand', 'apply', 'analyse', 'evaluate', 'create')",
            name=op.f("ck_outcomes_bloom_known"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_outcomes_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_outcomes_course_id_key")),
    )
    op.create_table(
        "owed_indexings",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_owed_indexings_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_owed_indexings")),
    )
    op.create_table(
        "source_versions",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_source_versions_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "fingerprint", name=op.f("pk_source_versions")),
    )
    op.create_table(
        "state_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["state_code"], ["states.code"], name=op.f("fk_state_names_state_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_names")),
        sa.UniqueConstraint(
            "state_code", "language", "valid_from", name=op.f("uq_state_names_state_code_language_valid_from")
        ),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("name_latin", sa.String(length=120), nullable=False),
        sa.Column("name_cyrillic", sa.String(length=120), nullable=True),
        sa.Column("name_sort", sa.String(length=255), nullable=False),
        sa.Column("search_key", sa.String(length=512), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=True),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("institution_type", sa.String(length=16), nullable=True),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("gender", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("gender IN ('female', 'male', 'other', 'undisclosed')", name=op.f("ck_users_gender_known")),
        sa.CheckConstraint(
            "institution_type IN ('interior', 'migration', 'border', 'patrol', 'customs', 'labour', 'foreign', 'asylum', 'court', 'ombudsman', 'academy', 'international', 'ngo', 'academia', 'other')",
            name=op.f("ck_users_institution_type_known"),
        ),
        sa.CheckConstraint("name_confirmed_at IS NULL OR name_latin <> ''", name=op.f("ck_users_confirmed_name_given")),
        sa.CheckConstraint("status <> 'active' OR confirmed_at IS NOT NULL", name=op.f("ck_users_active_is_confirmed")),
        sa.CheckConstraint(
            "status IN ('unconfirmed', 'invited', 'active', 'suspended')", name=op.f("ck_users_status_known")
        ),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_users_state_code"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_users_uuid")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("ix_users_name_sort", ["name_sort"], unique=False)
        batch_op.create_index("ix_users_state_code", ["state_code"], unique=False)

    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("substance", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_activities_minutes_not_negative")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_activities_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["modules.id"], name=op.f("fk_activities_module_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_activities_course_id_key")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index("ix_activities_module_id", ["module_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("user_id", "document", "version", name=op.f("uq_consents_user_id_document_version")),
    )
    op.create_table(
        "email_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('confirm', 'reset', 'invitation', 'email', 'sign_in')",
            name=op.f("ck_email_tokens_purpose_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_email_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_tokens_token_hash")),
        sa.UniqueConstraint("user_id", "purpose", name=op.f("uq_email_tokens_user_id_purpose")),
    )
    with op.batch_alter_table("email_tokens", schema=None) as batch_op:
        batch_op.create_index("ix_email_tokens_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("structure", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("completed_edition_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_enrolments_completed_when")
        ),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_edition_id IS NOT NULL)",
            name=op.f("ck_enrolments_completed_on_edition"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_enrolments_withdrawn_when")
        ),
        sa.CheckConstraint("status IN ('active', 'completed', 'withdrawn')", name=op.f("ck_enrolments_status_known")),
        sa.CheckConstraint("cycle >= 1", name=op.f("ck_enrolments_cycle_counts")),
        sa.ForeignKeyConstraint(
            ["completed_edition_id"],
            ["editions.id"],
            name=op.f("fk_enrolments_completed_edition_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_enrolments_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_enrolments_user_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("user_id", "course_id", "cycle", name=op.f("uq_enrolments_user_id_course_id_cycle")),
        sa.UniqueConstraint("uuid", name=op.f("uq_enrolments_uuid")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index("ix_enrolments_course_id_status", ["course_id", "status"], unique=False)
        batch_op.create_index(
            "uq_enrolments_one_active",
            ["user_id", "course_id"],
            unique=True,
            sqlite_where=sa.text("status = 'active'"),
            postgresql_where=sa.text("status = 'active'"),
        )

    op.create_table(
        "mistake_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_mistake_reports_status_known")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_mistake_reports_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_mistake_reports_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mistake_reports_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mistake_reports")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mistake_reports_uuid")),
    )
    with op.batch_alter_table("mistake_reports", schema=None) as batch_op:
        batch_op.create_index("ix_mistake_reports_course_id_status", ["course_id", "status"], unique=False)

    op.create_table(
        "text_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=160), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source_fingerprint", sa.String(length=16), nullable=False),
        sa.Column("approved_fingerprint", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('missing', 'outdated', 'current')", name=op.f("ck_text_units_state_known")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["users.id"], name=op.f("fk_text_units_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_text_units_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_units")),
        sa.UniqueConstraint(
            "course_id",
            "activity_key",
            "field",
            "segment",
            "language",
            name=op.f("uq_text_units_course_id_activity_key_field_segment_language"),
        ),
    )
    with op.batch_alter_table("text_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_units_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index("ix_text_units_language_state", ["language", "state"], unique=False)

    op.create_table(
        "user_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(scope = 'all') = (scope_id = '')", name=op.f("ck_user_grants_scope_complete")),
        sa.CheckConstraint(
            "role IN ('learner', 'trainer', 'translator', 'reviser', 'coordinator', 'admin', 'auditor')",
            name=op.f("ck_user_grants_role_known"),
        ),
        sa.CheckConstraint("scope IN ('all', 'course', 'state')", name=op.f("ck_user_grants_scope_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_grants_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_grants")),
        sa.UniqueConstraint(
            "user_id", "role", "scope", "scope_id", name=op.f("uq_user_grants_user_id_role_scope_scope_id")
        ),
    )
    with op.batch_alter_table("user_grants", schema=None) as batch_op:
        batch_op.create_index("ix_user_grants_role", ["role", "scope", "scope_id"], unique=False)

    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opened_by IN ('password', 'code', 'link')", name=op.f("ck_user_sessions_opened_by_known")),
        sa.CheckConstraint("expires_at <= ends_at", name=op.f("ck_user_sessions_expires_within_life")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_user_sessions_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_user_sessions_user_id", ["user_id"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=80), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("draw", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("grade", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_attempts_ended_when_closed")),
        sa.CheckConstraint("(state = 'open') = (score IS NULL)", name=op.f("ck_attempts_scored_when_closed")),
        sa.CheckConstraint("state IN ('open', 'submitted', 'expired')", name=op.f("ck_attempts_state_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_attempts_number_counts")),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name=op.f("ck_attempts_score_is_share")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_attempts_edition_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_attempts_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint(
            "enrolment_id", "activity_key", "number", name=op.f("uq_attempts_enrolment_id_activity_key_number")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_attempts_uuid")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attempts_open_deadline",
            ["deadline_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "uq_attempts_one_open",
            ["enrolment_id", "activity_key"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("snapshot", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("pdf_sha", sa.String(length=64), nullable=True),
        sa.Column("pdf_mark", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('completion', 'attendance')", name=op.f("ck_certificates_kind_known")),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR status = 'replaced'", name=op.f("ck_certificates_replaced_by_another")
        ),
        sa.CheckConstraint("status IN ('valid', 'replaced', 'revoked')", name=op.f("ck_certificates_status_known")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_certificates_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_certificates_enrolment_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["certificates.id"], name=op.f("fk_certificates_replaced_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_certificates_user_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("replaced_by_id", name=op.f("uq_certificates_replaced_by_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_certificates_uuid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index("ix_certificates_course_id_issued_at", ["course_id", "issued_at"], unique=False)
        batch_op.create_index("ix_certificates_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_certificates_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_certificates_one_valid",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )

    op.create_table(
        "completions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=80), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("part_sha", sa.String(length=64), nullable=False),
        sa.Column("substance", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name=op.f("ck_completions_score_is_share")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_completions_edition_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_completions_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
        sa.UniqueConstraint("enrolment_id", "activity_key", name=op.f("uq_completions_enrolment_id_activity_key")),
    )
    with op.batch_alter_table("completions", schema=None) as batch_op:
        batch_op.create_index("ix_completions_completed_at", ["completed_at"], unique=False)

    op.create_table(
        "lessons",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_lessons_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_lessons")),
    )
    op.create_table(
        "positions",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_positions_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_positions")),
    )
    op.create_table(
        "quizzes",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("intro", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("wait_hours", sa.Integer(), nullable=False),
        sa.Column("passing_score", sa.Double(), nullable=True),
        sa.Column("draw", sa.Integer(), nullable=True),
        sa.Column("shuffle_items", sa.Boolean(), nullable=False),
        sa.Column("shuffle_choices", sa.Boolean(), nullable=False),
        sa.Column("show", sa.String(length=16), nullable=False),
        sa.Column("time_limit_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("purpose IN ('check', 'pre', 'final')", name=op.f("ck_quizzes_purpose_known")),
        sa.CheckConstraint("show IN ('feedback', 'outcomes')", name=op.f("ck_quizzes_show_known")),
        sa.CheckConstraint("attempts >= 0 AND wait_hours >= 0", name=op.f("ck_quizzes_limits_not_negative")),
        sa.CheckConstraint(
            "passing_score IS NULL OR (passing_score > 0 AND passing_score <= 1)",
            name=op.f("ck_quizzes_passing_is_share"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_quizzes_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_quizzes")),
    )
    op.create_table(
        "certificate_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('issued', 'replaced', 'revoked')", name=op.f("ck_certificate_events_kind_known")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_events_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_events")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("certificate_events", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_events_certificate_id", ["certificate_id"], unique=False)

    op.create_table(
        "certificate_people",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("name_latin", sa.String(length=120), nullable=False),
        sa.Column("name_cyrillic", sa.String(length=120), nullable=False),
        sa.Column("search_key", sa.String(length=512), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_people_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_people")),
    )
    op.create_table(
        "correction_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("name_latin", sa.String(length=120), nullable=False),
        sa.Column("name_cyrillic", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_correction_requests_closed_when")),
        sa.CheckConstraint("status IN ('open', 'done', 'declined')", name=op.f("ck_correction_requests_status_known")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_correction_requests_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_requests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_correction_requests_uuid")),
    )
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        batch_op.create_index(
            "uq_correction_requests_one_open",
            ["certificate_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome_key", sa.String(length=80), nullable=False),
        sa.Column("bloom", sa.String(length=16), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("feedback", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("tolerance", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.CheckConstraint("points >= 1", name=op.f("ck_items_points_positive")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_items_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("quiz_id", "key", name=op.f("uq_items_quiz_id_key")),
    )
    op.create_table(
        "responses",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_responses_seq_counts")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_responses_attempt_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "item_key", name=op.f("pk_responses")),
    )
    op.create_table(
        "item_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("text", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("match", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("feedback", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.CheckConstraint("role IN ('choice', 'element', 'pair', 'extra')", name=op.f("ck_item_choices_role_known")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_choices_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_choices")),
        sa.UniqueConstraint("item_id", "key", name=op.f("uq_item_choices_item_id_key")),
    )
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute(UNDO[op.get_bind().dialect.name])
    op.drop_table("item_choices")
    op.drop_table("responses")
    op.drop_table("items")
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_correction_requests_one_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.drop_table("correction_requests")
    op.drop_table("certificate_people")
    with op.batch_alter_table("certificate_events", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_events_certificate_id")

    op.drop_table("certificate_events")
    op.drop_table("quizzes")
    op.drop_table("positions")
    op.drop_table("lessons")
    with op.batch_alter_table("completions", schema=None) as batch_op:
        batch_op.drop_index("ix_completions_completed_at")

    op.drop_table("completions")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificates_one_valid",
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )
        batch_op.drop_index("ix_certificates_user_id")
        batch_op.drop_index("ix_certificates_enrolment_id")
        batch_op.drop_index("ix_certificates_course_id_issued_at")

    op.drop_table("certificates")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempts_one_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_attempts_open_deadline",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("attempts")
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_user_sessions_user_id")
        batch_op.drop_index("ix_user_sessions_expires_at")

    op.drop_table("user_sessions")
    with op.batch_alter_table("user_grants", schema=None) as batch_op:
        batch_op.drop_index("ix_user_grants_role")

    op.drop_table("user_grants")
    with op.batch_alter_table("text_units", schema=None) as batch_op:
        batch_op.drop_index("ix_text_units_language_state")
        batch_op.drop_index(batch_op.f("ix_text_units_assignee_id"))

    op.drop_table("text_units")
    with op.batch_alter_table("mistake_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_mistake_reports_course_id_status")

    op.drop_table("mistake_reports")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolments_one_active",
            sqlite_where=sa.text("status = 'active'"),
            postgresql_where=sa.text("status = 'active'"),
        )
        batch_op.drop_index("ix_enrolments_course_id_status")

    op.drop_table("enrolments")
    with op.batch_alter_table("email_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_email_tokens_expires_at")

    op.drop_table("email_tokens")
    op.drop_table("consents")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_module_id")

    op.drop_table("activities")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index("ix_users_state_code")
        batch_op.drop_index("ix_users_name_sort")

    op.drop_table("users")
    op.drop_table("state_names")
    op.drop_table("source_versions")
    op.drop_table("owed_indexings")
    op.drop_table("outcomes")
    op.drop_table("modules")
    op.drop_table("media")
    op.drop_table("editions")
    with op.batch_alter_table("course_listings", schema=None) as batch_op:
        batch_op.drop_index("ix_course_listings_language_sort_key")

    op.drop_table("course_listings")
    with op.batch_alter_table("verification_misses", schema=None) as batch_op:
        batch_op.drop_index("ix_verification_misses_at")
        batch_op.drop_index("ix_verification_misses_address_hash_at")

    op.drop_table("verification_misses")
    op.drop_table("states")
    op.drop_table("state_footnotes")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_origin_hash_at")
        batch_op.drop_index("ix_sign_in_failures_at")
        batch_op.drop_index("ix_sign_in_failures_account_hash_at")

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_documents_group_key"))

    op.drop_table("search_documents")
    op.drop_table("published_files")
    op.drop_table("parts")
    op.drop_table("number_series")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_state_next_at"))

    op.drop_table("mails")
    op.drop_table("email_requests")
    op.drop_table("courses")
    op.drop_table("certificate_issuers")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_object_type_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    op.drop_table("answer_parts")
