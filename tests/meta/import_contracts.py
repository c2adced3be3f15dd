"""Two kinds of import contract for import-linter: which room may import which, and which room may import which library.

The tables themselves stand in pyproject.toml. Only direct imports are judged: what a room reaches through another is
that one's affair.
"""

from collections.abc import Iterator

import grimp
from importlinter import Contract, ContractCheck, fields, output

ROOT = "bot"


def read_table(lines: list[str]) -> dict[str, tuple[str, ...]]:
    table = {}
    for line in lines:
        name, _, allowed = line.partition(":")
        table[name.strip()] = tuple(part.strip() for part in allowed.split(",") if part.strip())
    return table


def room_of(module: str) -> str:
    """`bot.triage.policy` lives in `triage`; the package itself is the empty room."""
    return module.removeprefix(ROOT).lstrip(".").partition(".")[0]


def is_inside(module: str, place: str) -> bool:
    return place == "*" or module == f"{ROOT}.{place}" or module.startswith(f"{ROOT}.{place}.")


class TableContract(Contract):
    """What both kinds share: a table to read and breaches to print."""

    table = fields.ListField(subfield=fields.StringField())

    def read_table(self) -> dict[str, tuple[str, ...]]:
        return read_table(self.table)  # type: ignore[arg-type]  # the base class swaps each field for its parsed value

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[str]:
        raise NotImplementedError

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  # import-linter's signature
        found = sorted(self.breaches(graph))
        return ContractCheck(kept=not found, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for breach in check.metadata["breaches"]:
            output.print_error(breach, bold=False)


class RoomsContract(TableContract):
    type_name = "rooms"

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[str]:
        table = self.read_table()
        for module in (m for m in graph.modules if room_of(m) and m.startswith(f"{ROOT}.")):
            room = room_of(module)
            if room not in table:
                yield f"{ROOT}.{room} is in no line of the table: add it to [tool.importlinter] in pyproject.toml"
                continue
            for imported in graph.find_modules_directly_imported_by(module):
                is_foreign = imported.startswith(f"{ROOT}.") and room_of(imported) != room
                if is_foreign and not any(is_inside(imported, place) for place in table[room]):
                    yield f"{where(graph, module, imported)}: {room} may not import {imported}"


class LibrariesContract(TableContract):
    type_name = "libraries"

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[str]:
        for library, rooms in self.read_table().items():
            if library not in graph.modules:
                continue
            for module in graph.find_modules_that_directly_import(library):
                if not any(is_inside(module, room) for room in rooms):
                    yield f"{where(graph, module, library)}: {library} belongs to {', '.join(rooms)} only"


def where(graph: grimp.ImportGraph, importer: str, imported: str) -> str:
    lines = sorted(detail["line_number"] for detail in graph.get_import_details(importer=importer, imported=imported))
    return f"{importer}:{lines[0]}" if lines else importer
