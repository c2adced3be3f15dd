"""What a template may consist of: values, conditions, the three filters. No loop, no arithmetic, no way into an object:
whoever writes an article, or sends one in, cannot make Heron compute, wait or look where it should not."""

from jinja2 import TemplateSyntaxError, nodes

FILTERS = frozenset({"code", "list", "round_down"})
#: What has named parts, and what may be called.
_OBJECTS, _CALLED = frozenset({"facts", "destination"}), frozenset({"client_setting"})
#: Levels of a line's tree: one condition in another, a value of it, what is compared there.
DEEPEST = 24
TOO_DEEP = "nested too deeply"
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr, nodes.Or,
    nodes.And, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Getattr, nodes.Filter, nodes.Call,
)  # fmt: skip


def check_grammar(node: nodes.Node, depth: int = 0) -> None:
    """Raises `TemplateSyntaxError`, before anything of the template is compiled or computed.

    What it accepts can be compiled: Jinja and Python themselves give up at some hundred levels, each in its own way.
    """
    if depth > DEEPEST:
        raise TemplateSyntaxError(TOO_DEEP, node.lineno)
    if not isinstance(node, _ALLOWED):
        raise TemplateSyntaxError(f"{type(node).__name__.lower()} is not allowed here", node.lineno)
    if isinstance(node, nodes.Getattr) and not (_is_named(node.node, _OBJECTS) and not node.attr.startswith("_")):
        raise TemplateSyntaxError(f".{node.attr} is not allowed here", node.lineno)
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.args or node.kwargs):
        raise TemplateSyntaxError(f"the filter {node.name} is not allowed here", node.lineno)
    if isinstance(node, nodes.Call) and not (_is_named(node.node, _CALLED) and _is_one_constant(node)):
        raise TemplateSyntaxError("such a call is not allowed here", node.lineno)
    for child in node.iter_child_nodes():
        check_grammar(child, depth + 1)


def _is_named(node: nodes.Node, names: frozenset[str]) -> bool:
    return isinstance(node, nodes.Name) and node.name in names


def _is_one_constant(call: nodes.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], nodes.Const) and not call.kwargs
