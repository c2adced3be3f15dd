"""The post of the benchmark is answered on exact evidence: anything else would measure how long a question waits."""

from benchmarks.first_answer import ERROR
from bot.lines import PostLine
from bot.replay import diagnose
from bot.triage.plans import Action
from tests.shipped_knowledge import shipped


def test_the_measured_post_is_answered_at_once() -> None:
    ready = shipped()
    played = diagnose(PostLine(id=1, title="Rate limited 1", text=ERROR.format(number=1)), ready.view, ready.templates)
    assert played.decision.actions == (Action.ANSWER,)
    assert played.decision.said is not None
    assert played.decision.said.plan is not None
    assert played.decision.said.plan.delay_s == 0
