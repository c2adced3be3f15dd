"""Stand-ins for the reading process: each keeps its protocol in its own way, or does not."""

import sys
from collections.abc import Sequence

_BEGIN = """
import json, struct, sys, time
def take():
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    return sys.stdin.buffer.read(length)
def tell(answer):
    print(json.dumps(answer), flush=True)
tell({"ready": True})
"""

ECHO = f"""{_BEGIN}
while True:
    data = take()
    tell({{"lines": [data.decode()]}})
"""
REFUSES = f"""{_BEGIN}
while True:
    take()
    tell({{"error": "no picture"}})
"""
NEVER_READY = "__import__('time').sleep(60)"
HANGS = f"{_BEGIN}\ntake()\ntime.sleep(60)"
DIES = f"{_BEGIN}\ntake()\nraise SystemExit(3)"
RAVES = f"{_BEGIN}\ntake()\nprint('no JSON', flush=True)\ntime.sleep(60)"
FLOODS = f"{_BEGIN}\ntake()\nprint('x' * 10_000_000, flush=True)\ntime.sleep(60)"


def child(program: str) -> Sequence[str]:
    return (sys.executable, "-c", program)
