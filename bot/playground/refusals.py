"""How Discord says no: status, code, words and, for a malformed body, the tree that names each bad field."""

from bot.playground.model import Payload


class RefusalError(Exception):
    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.payload: Payload = {"message": message, "code": code, **more}


class NotPlayedError(RefusalError):
    """No refusal of Discord's: the playground has not learnt it."""

    def __init__(self, what: str) -> None:
        super().__init__(501, 0, f"The playground does not play {what}")
        self.what = what


_BY_CODE = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10087: (404, "Unknown Tag"),
    40005: (413, "Request entity too large"),
    40058: (403, "Cannot message this thread until after the post author has sent an initial message"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50027: (401, "Invalid Webhook Token"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (403, "Cannot reply without permission to read message history"),
    160005: (403, "Thread is locked"),
}


def refusal(code: int) -> RefusalError:
    status, message = _BY_CODE[code]
    return RefusalError(status, code, message)


def unauthorized() -> RefusalError:
    return RefusalError(401, 0, "401: Unauthorized")


def too_fast(retry_after_s: float, *, is_global: bool = False, code: int = 0) -> RefusalError:
    words = "You are being rate limited."
    if code:
        words = "The write action you are performing on the channel has hit the write rate limit."
    return RefusalError(429, code, words, retry_after=round(retry_after_s, 3), **{"global": is_global})


class FormErrors:
    """Collects what is wrong with a body, so that one answer names all of it, as Discord's does."""

    def __init__(self) -> None:
        self._tree: Payload = {}

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        node = self._tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, path: tuple[str | int, ...]) -> None:
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def longer_than(self, path: tuple[str | int, ...], limit: int) -> None:
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")

    def not_between(self, path: tuple[str | int, ...], low: int, high: int) -> None:
        self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def raise_if_any(self) -> None:
        if self._tree:
            raise RefusalError(400, 50035, "Invalid Form Body", errors=_pruned(self._tree))


def _pruned(tree: Payload) -> Payload:
    """A field that is wrong as a whole is not looked into any further."""
    if "_errors" in tree:
        return {"_errors": tree["_errors"]}
    return {step: _pruned(branch) for step, branch in tree.items()}
