"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # size: one table after another
    op.create_table(
        "audit",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit"),
    )
    op.create_index("ix_audit_guild_id_at", "audit", ["guild_id", "at"])
    op.create_index("ix_audit_guild_id_case_id_at", "audit", ["guild_id", "case_id", "at"])
    op.create_index("ix_audit_actor_id_guild_id", "audit", ["actor_id", "guild_id"])

    op.create_table(
        "cases",
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("asker_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("wants_person", sa.Boolean(), nullable=False),
        sa.Column("staff_spoke_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bystander_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name="pk_cases"),
    )
    op.create_index("ix_cases_asker_id_guild_id", "cases", ["asker_id", "guild_id"])
    op.create_index("ix_cases_guild_id_opened_at", "cases", ["guild_id", "opened_at"])
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("forum_ids", sa.JSON(), nullable=False),
        sa.Column("moderator_role_ids", sa.JSON(), nullable=False),
        sa.Column("helper_role_ids", sa.JSON(), nullable=False),
        sa.Column("moderator_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_settings"),
    )
    op.create_table(
        "autonomy",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "article_id", name="pk_autonomy"),
    )
    op.create_table(
        "remembered",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_remembered"),
    )
    op.create_table(
        "outcomes",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.thread_id"], name="fk_outcomes_case_id_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "article_id", "kind", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_guild_id_article_id", "outcomes", ["guild_id", "article_id"])
    op.create_index("ix_outcomes_guild_id_at", "outcomes", ["guild_id", "at"])
    op.create_table(
        "mutes",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("muted_by", sa.BigInteger(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_mutes"),
    )
    op.create_table(
        "decisions",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("runner_up", sa.String(length=100), nullable=True),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("autonomy", sa.String(length=16), nullable=False),
        sa.Column("knowledge_hash", sa.String(length=128), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.thread_id"], name="fk_decisions_case_id_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "case_version", "position", name="pk_decisions"),
    )
    op.create_table(
        "due",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.thread_id"], name="fk_due_case_id_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "kind", name="pk_due"),
    )
    op.create_index("ix_due_guild_id_done_at_due_at", "due", ["guild_id", "done_at", "due_at"])

    op.create_table(
        "escalations",
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=True),
        sa.Column("fingerprint", sa.String(length=400), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.thread_id"], name="fk_escalations_case_id_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_escalations"),
    )
    op.create_index("ix_escalations_case_id", "escalations", ["case_id"])
    op.create_index("ix_escalations_guild_id_state_opened_at", "escalations", ["guild_id", "state", "opened_at"])
    op.create_index("ix_escalations_guild_id_fingerprint_state", "escalations", ["guild_id", "fingerprint", "state"])
    op.create_index(
        "ix_escalations_guild_id_revision",
        "escalations",
        ["guild_id", "revision"],
        sqlite_where=sa.text("shown < revision"),
        postgresql_where=sa.text("shown < revision"),
    )

    op.create_table(
        "findings",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("told_more", sa.Boolean(), nullable=False),
        sa.Column("on_exact_evidence", sa.Boolean(), nullable=False),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("people_in", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.thread_id"], name="fk_findings_case_id_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_findings"),
    )
    op.create_index("ix_findings_guild_id_state", "findings", ["guild_id", "state"])
    op.create_table(
        "messages",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("has_words", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.thread_id"], name="fk_messages_case_id_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name="pk_messages"),
    )
    op.create_index("ix_messages_case_id_message_id", "messages", ["case_id", "message_id"])
    op.create_index("ix_messages_author_id_guild_id", "messages", ["author_id", "guild_id"])
    op.create_index(
        "ix_messages_sent_at",
        "messages",
        ["sent_at"],
        sqlite_where=sa.text("has_words = 1"),
        postgresql_where=sa.text("has_words"),
    )

    op.create_table(
        "replies",
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("want_rev", sa.Integer(), nullable=False),
        sa.Column("have_rev", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.thread_id"], name="fk_replies_case_id_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_replies"),
    )
    op.create_index("ix_replies_case_id_case_version_position", "replies", ["case_id", "case_version", "position"])
    op.create_index("ix_replies_state_guild_id_not_before", "replies", ["state", "guild_id", "not_before"])
    op.create_index("ix_replies_guild_id_created_at", "replies", ["guild_id", "created_at"])
    op.create_index(
        "ix_replies_guild_id_message_id",
        "replies",
        ["guild_id", "message_id"],
        sqlite_where=sa.text("purpose = 'card'"),
        postgresql_where=sa.text("purpose = 'card'"),
    )


def downgrade() -> None:
    op.drop_table("replies")
    op.drop_table("messages")
    op.drop_table("findings")
    op.drop_table("escalations")
    op.drop_table("due")
    op.drop_table("decisions")
    op.drop_table("mutes")
    op.drop_table("outcomes")
    op.drop_table("remembered")
    op.drop_table("autonomy")
    op.drop_table("guild_settings")
    op.drop_table("cases")
    op.drop_table("audit")
