"""`make chaos`: many posts through real processes that are killed, cut off and lied to, and what must hold afterwards.

Everything here stands outside of Heron: it sees what people would see in Discord, and the processes from without.
"""
