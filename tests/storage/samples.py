"""Cases, plans and decisions for the tests of storage. Ids and words are made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.extraction.report import ErrorBody, Found, Report, Secret, Span
from bot.helpdesk.ports import Button, Message, Timer
from bot.knowledge.articles import EvidenceKind
from bot.posts import ChannelId, GuildId, MaskedText, MessageId, Role, UserId
from bot.recognition.diagnosis import Diagnosis, Evidence, Hypothesis
from bot.storage.due import write_dues
from bot.triage.case import Case, Finding, FindingState, KnownMessage, Reply
from bot.triage.decision import Decision, Due
from bot.triage.plans import Action, Answer, Buttons, CardPlan, Part, Question, Quote, ReplyPlan, Value, Words

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GUILD = GuildId(900_000_000_000_000_001)
THREAD = ChannelId(1_400_000_000_000_000_001)
ASKER = UserId(700_000_000_000_000_007)

#: Stands in everything that an asker wrote, so that a test can look for it in every table.
MARK = "WORDS-OF-THE-ASKER"


def message_id(number: int) -> MessageId:
    """The thread's messages by number; the first has the thread's id."""
    return MessageId(THREAD + number)


def known(number: int, text: str | None = None, *, role: Role = Role.ASKER) -> KnownMessage:
    said = f"{MARK} {number}" if text is None else text
    return KnownMessage(
        message_id=message_id(number),
        author_id=ASKER if role is Role.ASKER else UserId(55),
        role=role,
        at=NOW + timedelta(seconds=number),
        text=MaskedText(said if role is Role.ASKER else ""),
        digest=blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        pictures=number % 3,
    )


def plan(*parts: Part, delay_s: float = 0.0) -> ReplyPlan:
    return ReplyPlan(
        parts=parts or (answer(),), buttons=Buttons.ANSWER, language="en", has_footer=True, delay_s=delay_s
    )


def answer(rest: str = MARK) -> Answer:
    """With every kind of value; `rest` stands for free words that a template may print."""
    values: dict[str, Value] = {"rest": rest, "seconds": 12.5, "tries": 3, "others": (MARK, "b"), "nothing": None}
    proof = Quote(message_id=message_id(0), start=2, end=5)
    return Answer(article_id="rate-limit-upstream", proof=proof, values=values)


def reply(number: int = 0, *, plan: ReplyPlan | None, revision: int = 1) -> Reply:
    key = f"h{message_id(number)}"
    return Reply(key=key, question_id=message_id(number), plan=plan, revision=revision, since=NOW)


def body(text: str = f"quotes {MARK}") -> Message:
    return Message(content=text, rows=((Button(custom_id="h1:key:solved", label="Solved", style="success"),),))


def new_case() -> Case:
    return Case(
        guild_id=GUILD,
        thread_id=THREAD,
        asker_id=ASKER,
        title=MaskedText(f"title with {MARK}"),
        opened_at=NOW,
        messages=(known(0),),
        known={"client": "some-client"},
    )


def full_case() -> Case:
    """Something in every field."""
    return replace(
        new_case(),
        language="zh",
        messages=(known(0), known(1), known(2, role=Role.STAFF), known(3, "", role=Role.ASKER)),
        findings=(
            Finding(
                article_id="rate-limit-upstream",
                state=FindingState.ANSWERED,
                question_id=message_id(0),
                told_more=True,
                on_exact_evidence=True,
                is_aside=True,
                people_in=message_id(1),
            ),
            Finding(article_id=None, state=FindingState.ASKED, question_id=message_id(1), candidates=("refund", "key")),
        ),
        replies=(
            reply(0, plan=plan(answer(), Question(candidates=("a", "b"), status=429), Words(name="footer"))),
            reply(1, plan=None),
            reply(3, plan=plan(Words(name="ask", values={"line": MARK}))),
        ),
        is_muted=True,
        staff_spoke_at=NOW + timedelta(hours=1),
        helped_at=NOW + timedelta(hours=2),
        wants_person=True,
        warned=frozenset({"aa", "bb"}),
        closed_at=NOW + timedelta(hours=3),
    )


def decision(replies: Sequence[Reply] = (), *, cards: Sequence[CardPlan] = ()) -> Decision:
    return Decision(
        actions=(Action.ANSWER,),
        reason="exact evidence",
        diagnosis=diagnosis(),
        report=report(),
        replies=tuple(replies),
        cards=tuple(cards),
        floor=0.8,
    )


def diagnosis() -> Diagnosis:
    proof = Evidence(quote=f"429 {MARK}", span=Span(0, 3), rule="status 429")
    sure = Hypothesis(article_id="rate-limit-upstream", confidence=0.97, kind=EvidenceKind.EXACT, evidence=(proof,))
    other = Hypothesis(
        article_id="credits-missing", confidence=0.4, kind=EvidenceKind.TEXT, captures={"rest": f"{MARK} rest"}
    )
    return Diagnosis(findings=(sure,), runners_up=(other,), out_of_scope=0.01)


def report() -> Report:
    error = ErrorBody(
        message=f"failed: {MARK}",
        span=Span(0, 5),
        status=429,
        fields={"limit_source": "upstream_provider_shared_pool", "raw": f"{MARK} is limited"},
    )
    return Report(
        text=MaskedText(f"a report {MARK}"),
        title_length=0,
        was_cut=False,
        secrets=(Secret(kind="jwt", fingerprint="f" * 16, span=Span(0, 1)),),
        errors=(error,),
        status_codes=(Found(value=429, span=Span(0, 3)), Found(value=429, span=Span(4, 7))),
        model_ids=(Found(value="some/model:free", span=Span(0, 3)),),
        client=Found(value="some-client", span=Span(0, 3)),
    )


def card() -> CardPlan:
    return CardPlan(
        article_id="refund",
        runner_up="credits-missing",
        destination="moderators",
        reason="wants a person",
        entities={"model": ("some/model",), "provider": ("Chutes",)},
        error=Quote(message_id=message_id(0), start=0, end=5),
        missing=("generation_id",),
    )


def bodies(*replies: Reply) -> dict[str, Message]:
    return {r.key: body() for r in replies if r.plan is not None}


async def schedule(engine: AsyncEngine, timer: Timer) -> None:
    """What saving a case does whose decision wants to be looked at again then."""
    case = replace(new_case(), guild_id=timer.guild_id, thread_id=timer.case_id)
    async with engine.begin() as connection:
        await write_dues(connection, case, [Due(kind=timer.kind, at=timer.due_at)])
