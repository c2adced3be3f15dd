"""Heron: a support bot for Discord help forums that answers with reviewed steps and needs no language model."""

import os

# Read when numpy is loaded. The matrices here are small: two threads gain nothing, and on a busy machine they wait for
# each other for longer than one would need.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
