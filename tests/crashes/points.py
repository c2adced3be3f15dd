"""Where a process is killed on a post's way from Discord and back."""

from enum import StrEnum


class Point(StrEnum):
    RECEIVED = "received"  # heard and judged; nothing is saved
    COMMITTED = "committed"  # saved; nothing is sent
    SENT = "sent"  # Discord has done it; its answer has not come
    ACKNOWLEDGED = "acknowledged"  # Discord has answered; that is not recorded
    RECONCILING = "reconciling"  # one of several missed posts is saved
