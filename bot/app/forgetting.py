"""`heron db forget`: what is kept about somebody is deleted, whether a Heron runs or not."""

from bot.app.elsewhere import changed_elsewhere
from bot.app.store import Store
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import CaseMoved, Forgotten
from bot.helpdesk.privacy import Privacy
from bot.posts import UserId
from bot.storage.engine import AsyncEngine, DatabaseAway


async def forget(engine: AsyncEngine, user_id: UserId, mind: Mind, *, clock: Clock) -> Forgotten:
    """Raises `DatabaseError`; typed again it goes on where it was."""
    store = Store.on(engine, mind=mind)
    privacy = Privacy(people=store.people, cases=store.cases, mind=mind, clock=clock)
    try:
        return await privacy.forget_everywhere(user_id)
    except CaseMoved:
        raise DatabaseAway("somebody wrote in a thread of theirs at this moment; type it again") from None
    finally:
        await changed_elsewhere(store.memory, clock.now())
