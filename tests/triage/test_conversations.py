"""Whole conversations, line by line. What Heron is expected to do stands below what people do."""

from textwrap import dedent

import pytest

from bot.triage.view import View
from tests.triage.transcript import replayed

CONVERSATIONS = {
    "an answer that helps is noted without a word": """
        asker: it says [exact upstream-dim]
        Heron answers upstream-dim
        asker: works now, thanks
        Heron notes that it is solved
        asker: thanks again
        Heron says nothing
    """,
    "it works in other languages too": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: funktioniert jetzt, danke
        Heron notes that it is solved
    """,
    "a new error in the same breath as thanks is an error": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: thanks, that works, but what is [exact wick-limit] now?
        Heron answers wick-limit
    """,
    "asking whether it works is not the news that it does": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: and you are sure that it works?
        Heron says nothing
    """,
    "two problems are solved one after the other": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker presses solved
        Heron notes that it is solved
        asker: next one, [exact wick-limit]
        Heron answers wick-limit
        asker: that fixed it
        Heron notes that it is solved
    """,
    "a solved problem that comes back is answered again": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: works now
        Heron notes that it is solved
        asker: and there it is again [exact upstream-dim]
        Heron answers upstream-dim
    """,
    "the same error once more gets no second answer": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: [exact upstream-dim]
        Heron says nothing
    """,
    "what did not help is followed by the remaining steps, then by people": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: that did not help
        Heron tells more of upstream-dim
        asker: still the same
        Heron says *steps-end*, says *hand-over-moderators*, shows people a card
        asker: still the same
        Heron says nothing
        asker: any news?
        Heron says nothing
    """,
    "an article without more steps hands over at once": """
        asker: [exact wick-limit]
        Heron answers wick-limit
        asker: did not help
        Heron says *steps-end*, says *hand-over-moderators*, shows people a card
    """,
    "an article whose people are elsewhere names them": """
        asker: [text money-back 0.9]
        Heron answers money-back
        asker: did not help
        Heron says *steps-end*, says *hand-over-destination*
    """,
    "a number with several causes is asked about once": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        asker: where would I see that
        Heron says nothing
        asker: ah, it says [exact wick-limit]
        Heron answers wick-limit
    """,
    "a choice by button is as good as the error": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        asker presses choose wick-limit
        Heron answers wick-limit
        asker presses solved
        Heron notes that it is solved
    """,
    "none of the choices asks for the error": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        asker presses something_else
        Heron asks openly
        asker: as I said, a 503 [torn 503 upstream-dim wick-limit]
        Heron says nothing
        asker: it says [exact lost-lamp]
        Heron answers lost-lamp, shows people a card
    """,
    "nothing told, nothing known: one question, then people with all there is": """
        asker: my lamp is broken, somebody there?
        Heron asks openly
        asker: {"error": {"message": "the flux capacitor is out of phase today", "code": 599}}
        Heron says *hand-over-unknown*, shows people a card
        asker: here is gen-1234567890-FAKEfake
        Heron shows people a card
        asker: and?
        Heron says nothing
    """,
    "an error that nobody knows goes to people without a question": """
        asker: {"error": {"message": "the flux capacitor is out of phase today", "code": 599}}
        Heron says *hand-over-unknown*, shows people a card
    """,
    "a later error contradicts what the words sounded like": """
        asker: no light at all [text lost-lamp 0.9]
        Heron answers lost-lamp, shows people a card
        asker: the whole thing is [exact wick-limit]
        Heron says *changed-mind*, answers wick-limit
        asker: no light at all [text lost-lamp 0.9]
        Heron says nothing
    """,
    "an error that was not it gives way to the next": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: that did not help, now it is [exact wick-limit]
        Heron says *changed-mind*, answers wick-limit
    """,
    "a second error beside an answered one changes nothing about the first": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: and on the other lamp [exact wick-limit]
        Heron answers wick-limit
        asker: both work, it works now
        Heron notes that it is solved
    """,
    "two problems in one message get one message": """
        asker: [exact upstream-dim] and [exact wick-limit]
        Heron answers upstream-dim, answers wick-limit briefly
    """,
    "a burst of three is one question": """
        asker: hello / so I have this lamp / it says [exact upstream-dim]
        Heron answers upstream-dim
    """,
    "not my problem: the answer shrinks to a line with one question": """
        asker: no light at all [text lost-lamp 0.9]
        Heron answers lost-lamp, shows people a card
        asker presses dismiss
        Heron says *taken-back*
        asker: no light at all [text lost-lamp 0.9]
        Heron says nothing
        asker: it says [exact wick-limit]
        Heron answers wick-limit
    """,
    "a wrong answer to words may still be the right one to the error": """
        asker: so dark here [text upstream-dim 0.9]
        Heron answers upstream-dim
        asker presses dismiss
        Heron says *taken-back*
        asker: [exact upstream-dim]
        Heron answers upstream-dim
    """,
    "not my problem, with the error on the table, asks for nothing again": """
        asker: {"error": {"message": "the flux capacitor is out of phase today", "code": 599}} [exact upstream-dim]
        Heron answers upstream-dim
        asker presses dismiss
        Heron says *taken-back-known*, shows people a card
        asker presses not_solved
        Heron says nothing
    """,
    "a wish for a person is granted at once and once": """
        asker: can I talk to a human
        Heron says *hand-over-moderators*, shows people a card
        asker: hello? any mods?
        Heron says nothing
        asker presses moderator
        Heron says nothing
    """,
    "a wish for a person beside a known error gets the answer, too": """
        asker: I want a real person, it says [exact upstream-dim]
        Heron answers upstream-dim, says *hand-over-moderators*, shows people a card
    """,
    "a wish for a person after an answer hands over what was answered": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: can a mod look please
        Heron says *hand-over-moderators*, shows people a card
    """,
    "an edit is judged as if it had been written so": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        asker edits 0: it says [exact wick-limit]
        Heron answers wick-limit
        asker edits 0: never mind, a nice lamp [chatter]
        Heron takes it back
    """,
    "a question that is deleted takes its answer with it": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker deletes 0
        Heron takes it back
    """,
    "a leaked key is told about first, once, and edited away stays told": """
        asker: lk-fakefakefake0123456789ab [exact upstream-dim]
        Heron says *leaked-key*, answers upstream-dim, shows people a card
        asker: that one again: lk-fakefakefake0123456789ab
        Heron says nothing
        asker edits 0: a nice lamp [chatter]
        Heron takes it back
    """,
    "a key is told about even where Heron is muted, and where staff is": """
        asker: !mute
        Heron says nothing
        asker: lk-fakefakefake0123456789ab
        Heron says *leaked-key*, shows people a card
        staff: I take this
        Heron says nothing
        asker: and lk-fakefakefake9876543210zy
        Heron says *leaked-key*, shows people a card
    """,
    "somebody else's key is told about as well": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other: mine is lk-fakefakefake0123456789ab and it works
        Heron says *leaked-key*, shows people a card
        asker: works now
        Heron notes that it is solved
    """,
    "staff that speaks is left alone until Heron is asked": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        staff: let me look
        Heron says nothing
        asker: it says [exact upstream-dim]
        Heron says nothing
        asker to Heron: and what do you say to [exact wick-limit]
        Heron answers wick-limit
    """,
    "what staff solved is noted": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        staff: turn it the other way round
        Heron says nothing
        asker: that fixed it, thank you
        Heron notes that it is solved
    """,
    "beside a helper only a new error is answered": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other: have you tried another lamp
        Heron says nothing
        asker: not yet, what else
        Heron says nothing
        asker: now it is [exact wick-limit]
        Heron answers wick-limit
    """,
    "agreement of others is no help": """
        asker: a 503 [torn 503 upstream-dim wick-limit]
        Heron asks whether upstream-dim or wick-limit
        other: same here
        Heron says nothing
        asker: so no light [text lost-lamp 0.9]
        Heron answers lost-lamp, shows people a card
    """,
    "somebody else's error gets a hint when nobody takes it up": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other: mine says [exact wick-limit], what should I do?
        Heron says nothing
        (9 minutes pass)
        Heron says nothing
        (1 minute passes)
        Heron says *open-own-post*
        (10 minutes pass)
        Heron says nothing
    """,
    "somebody else's error that is taken up needs no hint": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other: mine says [exact wick-limit], what should I do?
        Heron says nothing
        staff: open a post, please
        Heron says nothing
        (1 hour passes)
        Heron says nothing
    """,
    "please stop is obeyed when it is said to Heron": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        asker: please stop
        Heron says nothing
        asker: now [exact wick-limit]
        Heron says nothing
        asker: !unmute
        Heron says nothing
        asker: so, [exact wick-limit]
        Heron answers wick-limit
    """,
    "please stop between people is theirs": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other: have you tried to shake it
        Heron says nothing
        asker: please stop
        Heron says nothing
        asker: now [exact wick-limit]
        Heron answers wick-limit
    """,
    "mute by button, and whoever else presses moves nothing": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        other presses mute
        Heron says nothing
        other presses solved
        Heron says nothing
        asker presses mute
        Heron says nothing
        asker: [exact wick-limit]
        Heron says nothing
        asker presses solved
        Heron notes that it is solved
    """,
    "people who do not come for a day are excused once": """
        asker: can I talk to a human
        Heron says *hand-over-moderators*, shows people a card
        (23 hours pass)
        Heron says nothing
        (1 hour passes)
        Heron says *unanswered*
        (2 days pass)
        Heron says nothing
    """,
    "people who came need no excuse": """
        asker: can I talk to a human
        Heron says *hand-over-moderators*, shows people a card
        staff: I am here
        Heron says nothing
        (2 days pass)
        Heron says nothing
    """,
    "an answer without a word is asked about once, the next day": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        (6 hours pass)
        Heron says nothing
        (18 hours pass)
        Heron says *check-in*
        (1 day passes)
        Heron says nothing
        asker presses not_solved
        Heron tells more of upstream-dim
    """,
    "a thread that fell silent weeks ago is not asked about": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        (4 weeks pass)
        Heron says nothing
    """,
    "after weeks the same error is answered again": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        (3 weeks pass)
        Heron says nothing
        asker: it is back, [exact upstream-dim]
        Heron answers upstream-dim
    """,
    "after weeks nobody has the thread any more": """
        asker: [exact upstream-dim]
        Heron answers upstream-dim
        staff: let me look
        Heron says nothing
        (3 weeks pass)
        Heron says nothing
        asker: now it is [exact wick-limit]
        Heron answers wick-limit
    """,
    "nobody asks, nobody is answered": """
        asker: I built a lamp shelf [chatter]
        Heron says nothing
        other: nice
        Heron says nothing
        (2 days pass)
        Heron says nothing
    """,
}


@pytest.mark.parametrize("transcript", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_the_conversation_goes(scripted: View, transcript: str) -> None:
    assert replayed(transcript, scripted) == dedent(transcript).strip()
