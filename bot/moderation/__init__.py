"""Use cases for moderators: cards and who has them, the desk, corrections, pause. What askers see is helpdesk's."""
