"""Where a case stands, as the forum's tag says it."""

import pytest

from bot.helpdesk.standing import Standing, standing_of
from bot.posts import MaskedText
from bot.triage.case import Case, Finding, FindingState
from tests.helpdesk.arrivals import ASKER, GUILD, THREAD, message_id
from tests.shipped_knowledge import NOW


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        ([], None),
        ([FindingState.WITHDRAWN], None),
        ([FindingState.ANSWERED], Standing.ANSWERED),
        ([FindingState.ASKED], Standing.WAITING_FOR_ASKER),
        ([FindingState.ANSWERED, FindingState.ASKED], Standing.WAITING_FOR_ASKER),
        ([FindingState.ANSWERED, FindingState.HANDED_OVER], Standing.WITH_PEOPLE),
        ([FindingState.SOLVED, FindingState.WITHDRAWN], Standing.SOLVED),
        ([FindingState.SOLVED, FindingState.ANSWERED], Standing.ANSWERED),
    ],
)
def test_the_most_pressing_finding_decides(states: list[FindingState], standing: Standing | None) -> None:
    findings = tuple(
        Finding(article_id=f"article-{number}", state=state, question_id=message_id(0))
        for number, state in enumerate(states)
    )
    case = Case(
        guild_id=GUILD, thread_id=THREAD, asker_id=ASKER, title=MaskedText(""), opened_at=NOW, findings=findings
    )
    assert standing_of(case, NOW) is standing
