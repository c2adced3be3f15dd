"""Heron: a support bot for Discord help forums that answers with reviewed steps and needs no language model."""
