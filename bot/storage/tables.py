"""All tables, as SQLAlchemy Core knows them. Migrations make them; nothing here reads or writes a row.

Where the words of askers are. Only `messages` holds them: `text` is a message as it was read (masked), `title` is the
thread's name on the row of its first message, and `taken` are the values for templates that replies took from it, by
the reply's key. `replies.plan` is the reply without these values: articles, forms, buttons, and quotes by place; a plan
is whole again when it is loaded together with its question's row. One copy is beyond this: `replies.body`, the rendered
message that stands in Discord or is about to. When a message is deleted or purged, its three columns and the bodies of
the replies that answer or quote it are emptied; what remains are ids, places, times, digests, scores and states.

A message that was deleted keeps its row without words (`deleted_at`), so that an event that comes late is recognised.
All ids of Discord are stored as they are; no key that Discord ever sees comes from a counter.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from bot.storage.columns import FreeText, UtcDateTime

#: Names for every constraint: without them SQLite's batch mode cannot change one later.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _guild() -> Column[int]:
    return Column("guild_id", BigInteger, nullable=False)


def _case() -> Column[int]:
    return Column("case_id", BigInteger, ForeignKey("cases.thread_id", ondelete="CASCADE"), nullable=False)


cases = Table(
    "cases",
    METADATA,
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    _guild(),
    Column("asker_id", BigInteger, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("language", String(16), nullable=False),
    Column("is_muted", Boolean, nullable=False),
    Column("wants_person", Boolean, nullable=False),
    Column("staff_spoke_at", UtcDateTime),
    Column("helped_at", UtcDateTime),
    Column("bystander_id", BigInteger),
    Column("closed_at", UtcDateTime),
    Column("warned", JSON, nullable=False),  # fingerprints of leaked keys
    Column("known", JSON, nullable=False),  # the asker's client, provider, model …
    Column("version", Integer, nullable=False),
)
Index(None, cases.c.asker_id, cases.c.guild_id)  # everybody may ask what is kept about them, here or anywhere
Index(None, cases.c.guild_id, cases.c.opened_at)  # figures of a week

messages = Table(
    "messages",
    METADATA,
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    _guild(),
    _case(),
    Column("author_id", BigInteger, nullable=False),
    Column("role", String(16), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("digest", String(128), nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("title", FreeText, nullable=False),
    Column("text", FreeText, nullable=False),
    Column("taken", JSON, nullable=False),
    Column("has_words", Boolean, nullable=False),  # any of the three above; the purge looks no further
    Column("deleted_at", UtcDateTime),
)
Index(None, messages.c.case_id, messages.c.message_id)
Index(None, messages.c.author_id, messages.c.guild_id)
Index(
    None,
    messages.c.sent_at,
    sqlite_where=text("has_words = 1"),  # as SQLAlchemy writes a condition on it, or SQLite will not use the index
    postgresql_where=text("has_words"),
)

findings = Table(
    "findings",
    METADATA,
    _case(),
    Column("position", Integer, nullable=False),
    _guild(),
    Column("article_id", String(100)),
    Column("state", String(16), nullable=False),
    Column("question_id", BigInteger, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("told_more", Boolean, nullable=False),
    Column("on_exact_evidence", Boolean, nullable=False),
    Column("is_aside", Boolean, nullable=False),
    Column("people_in", BigInteger),
    Column("since", UtcDateTime),
    PrimaryKeyConstraint("case_id", "position"),
)
Index(None, findings.c.guild_id, findings.c.state)

#: One row a decision: why something was said or not, as codes, ids and scores.
decisions = Table(
    "decisions",
    METADATA,
    _case(),
    Column("case_version", Integer, nullable=False),  # the version that it led to
    Column("position", Integer, nullable=False),
    _guild(),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("action", String(16), nullable=False),
    Column("actions", JSON, nullable=False),
    Column("reason", FreeText, nullable=False),
    Column("article_id", String(100)),  # the most certain finding
    Column("confidence", Float),
    Column("runner_up", String(100)),
    Column("floor", Float, nullable=False),  # the confidence that was needed
    Column("autonomy", String(16), nullable=False),
    Column("knowledge_hash", String(128), nullable=False),
    Column("features", JSON, nullable=False),
    PrimaryKeyConstraint("case_id", "case_version", "position"),
)

#: What should stand in Discord, and what is known to stand there. `purpose` tells a reply to the asker from a card.
replies = Table(
    "replies",
    METADATA,
    Column("key", String(25), primary_key=True),  # Discord's limit for a nonce
    _guild(),
    # The desk belongs to no case.
    Column("case_id", BigInteger, ForeignKey("cases.thread_id", ondelete="CASCADE")),
    Column("channel_id", BigInteger, nullable=False),
    Column("question_id", BigInteger),
    Column("purpose", String(16), nullable=False),
    Column("message_id", BigInteger),
    Column("wanted", Boolean, nullable=False),
    Column("plan", JSON(none_as_null=True)),  # without the asker's words
    Column("body", JSON(none_as_null=True)),
    Column("want_rev", Integer, nullable=False),
    Column("have_rev", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_urgent", Boolean, nullable=False),  # said during a pause as well
    Column("attempts", Integer, nullable=False),
    Column("last_error", FreeText),
    Column("not_before", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("case_version", Integer, nullable=False),  # with `position`: the order in which a case changed its replies
    Column("position", Integer, nullable=False),
)
Index(None, replies.c.case_id, replies.c.case_version, replies.c.position)
Index(None, replies.c.state, replies.c.guild_id, replies.c.not_before)
Index(None, replies.c.guild_id, replies.c.created_at)
#: Only what is written as it stands here, and not as a parameter, is found by it.
IS_CARD = text("purpose = 'card'")
Index(None, replies.c.guild_id, replies.c.message_id, sqlite_where=IS_CARD, postgresql_where=IS_CARD)

#: What people have to look at: open, claimed, resolved. The card's quote is read from the messages. A change raises
#: `revision`; a card whose `shown` is behind is rendered again, so no crash between a change and its card loses one.
escalations = Table(
    "escalations",
    METADATA,
    Column("key", String(25), primary_key=True),  # of the card in `replies`
    _case(),
    _guild(),
    Column("topic", String(16), nullable=False),
    Column("article_id", String(100)),
    Column("fingerprint", String(400), nullable=False),
    Column("destination", String(100), nullable=False),
    Column("card", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("claimed_by", BigInteger),
    Column("claimed_at", UtcDateTime),
    Column("resolved_by", BigInteger),
    Column("resolved_at", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
)
Index(None, escalations.c.case_id)
Index(None, escalations.c.guild_id, escalations.c.state, escalations.c.opened_at)
Index(None, escalations.c.guild_id, escalations.c.fingerprint, escalations.c.state)
Index(
    None,
    escalations.c.guild_id,
    escalations.c.revision,
    sqlite_where=text("shown < revision"),
    postgresql_where=text("shown < revision"),
)

#: People who want no answer anywhere in a server. A muted thread is a flag of its case.
mutes = Table(
    "mutes",
    METADATA,
    _guild(),
    Column("user_id", BigInteger, nullable=False),
    Column("muted_by", BigInteger, nullable=False),
    Column("muted_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("guild_id", "user_id"),
)

#: What moderators did. Nothing here quotes anybody.
audit = Table(
    "audit",
    METADATA,
    Column("entry_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _guild(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", BigInteger),  # None: the command line
    Column("action", String(50), nullable=False),
    Column("case_id", BigInteger),  # no foreign key: the entry outlives the case
    Column("detail", JSON, nullable=False),
)
Index(None, audit.c.guild_id, audit.c.at)
Index(None, audit.c.guild_id, audit.c.case_id, audit.c.at)
Index(None, audit.c.actor_id, audit.c.guild_id)

#: Timers. A row is marked done after its effect.
due = Table(
    "due",
    METADATA,
    _case(),
    Column("kind", String(50), nullable=False),
    _guild(),
    Column("due_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    PrimaryKeyConstraint("case_id", "kind"),
)
Index(None, due.c.guild_id, due.c.done_at, due.c.due_at)

guild_settings = Table(
    "guild_settings",
    METADATA,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("forum_ids", JSON, nullable=False),
    Column("moderator_role_ids", JSON, nullable=False),
    Column("helper_role_ids", JSON, nullable=False),
    Column("moderator_channel_id", BigInteger),
    Column("paused_at", UtcDateTime),
    Column("paused_until", UtcDateTime),  # None in a paused one: until somebody resumes it
)

#: How far an article may go by itself in a server, where moderators or measurement lowered it.
autonomy = Table(
    "autonomy",
    METADATA,
    _guild(),
    Column("article_id", String(100), nullable=False),
    Column("level", String(16), nullable=False),
    Column("set_by", BigInteger),  # None: measurement
    Column("set_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("guild_id", "article_id"),
)

#: What became of answers, as people showed it. A case has one of each kind an article.
outcomes = Table(
    "outcomes",
    METADATA,
    _case(),
    Column("article_id", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    _guild(),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("case_id", "article_id", "kind"),
)
Index(None, outcomes.c.guild_id, outcomes.c.article_id)
Index(None, outcomes.c.guild_id, outcomes.c.at)

#: What Heron remembers of its own doings, such as which commands Discord has from it.
remembered = Table(
    "remembered",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("value", String(200), nullable=False),
)
