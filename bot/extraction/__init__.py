"""Post → Report: clean text, error bodies, identifiers, secrets, who refused. Pure: what is known is handed in."""

from bot.extraction.catalogue_index import closest_models
from bot.extraction.masking import CAP_BYTES, Masked, mask
from bot.extraction.read import read
from bot.extraction.report import (
    Catalogue,
    ClientName,
    ErrorBody,
    Found,
    IdShape,
    Report,
    Secret,
    Span,
    Vocabulary,
)

__all__ = [
    "CAP_BYTES",
    "Catalogue",
    "ClientName",
    "ErrorBody",
    "Found",
    "IdShape",
    "Masked",
    "Report",
    "Secret",
    "Span",
    "Vocabulary",
    "closest_models",
    "mask",
    "read",
]
