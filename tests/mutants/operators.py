"""Which small faults a file can be given."""

import ast
import difflib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Mutant:
    """One fault: the text between two offsets of a file, and what stands there instead."""

    file: str
    line: int
    start: int
    end: int
    was: str
    now: str
    everywhere: bool
    """Whether it stands outside functions, where every use of the module is affected."""

    def applied(self, source: bytes) -> bytes:
        """The file's source with the fault in it, every other line where it was."""
        lines = "\n" * self.was.count("\n")
        now = f"{self.now[:-1]}{lines})" if self.now.endswith(")") else self.now + lines
        return source[: self.start] + now.encode() + source[self.end :]

    def __str__(self) -> str:
        if self.now == "pass":
            return f"{self.file}:{self.line}  without: {one_line(self.was)[:120]}"
        was, now = (
            ast.unparse(ast.parse(f"(\n{part}\n)")).split() for part in (self.was, self.now)
        )
        parts = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
        shown = "; ".join(
            f"{' '.join(was[a:b])} -> {' '.join(now[c:d]) or 'nothing'}"
            for what, a, b, c, d in parts
            if what != "equal"
        )
        return f"{self.file}:{self.line}  {shown}  in: {one_line(self.was)[:90]}"


def one_line(text: str) -> str:
    """Source text with its line breaks and indents taken out."""
    return " ".join(text.split())


def mutants_of(file: str, root: Path) -> list[Mutant]:
    """Every fault that a file can be given, in order."""
    source = (root / file).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node, now, everywhere in _faults(ast.parse(source), everywhere=True):
        start = starts[node.lineno - 1] + node.col_offset
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = starts[node.end_lineno - 1] + node.end_col_offset
        was = source[start:end].decode()
        found.append(Mutant(file, node.lineno, start, end, was, now, everywhere))
    return sorted(set(found))


Placed = ast.expr | ast.stmt
SWAPPED: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
AMOUNTS = {"limit", "token_hex", "token_urlsafe"}
"""What is told how much: one more or less, like in a slice, changes no one's rights."""
CONDITIONS = {"where", "and_", "or_", "filter"}


def _faults(node: ast.AST, *, everywhere: bool) -> Iterator[tuple[Placed, str, bool]]:
    for child in _code_in(node):
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(child, ast.expr):
            yield from ((child, f"({now})", everywhere) for now in _of_expression(child))
        elif isinstance(child, ast.Raise) or (
            isinstance(child, ast.Expr) and isinstance(child.value, ast.Call)
        ):
            yield child, "pass", everywhere
        yield from _faults(child, everywhere=everywhere and not inside)


def _code_in(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that do something: no annotations, no decorators, no text."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "bases", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr | ast.Slice):
                if not (isinstance(child, ast.Call) and _name(child.func) in AMOUNTS):
                    yield child
                else:
                    yield from _code_in(ast.Tuple([child.func], ast.Load()))


def _of_expression(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp):
        yield from _swapped(node)
    if isinstance(node, ast.BoolOp | ast.Set):
        yield from _without_one(node)
    if isinstance(node, ast.Call) and _name(node.func) in CONDITIONS:
        yield from _without_condition(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield ast.unparse(node.operand)
    if isinstance(node, ast.IfExp):
        yield f"{ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)}"
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        yield repr(not node.value if isinstance(node.value, bool) else node.value + 1)
    if isinstance(node, ast.Call) and _name(node.func) in {"min", "max", "any", "all"}:
        other = {"min": "max", "max": "min", "any": "all", "all": "any"}[_name(node.func)]
        yield f"{other}({', '.join(ast.unparse(part) for part in [*node.args, *node.keywords])})"


def _swapped(node: ast.Compare | ast.BoolOp | ast.BinOp) -> Iterator[str]:
    operators = node.ops if isinstance(node, ast.Compare) else [node.op]
    for index, operator in enumerate(operators):
        other = SWAPPED.get(type(operator))
        if other is None:
            continue
        changed = deepcopy(node)
        if isinstance(changed, ast.Compare):
            changed.ops[index] = other()
        else:
            changed.op = other()
        yield ast.unparse(changed)


def _without_one(node: ast.BoolOp | ast.Set) -> Iterator[str]:
    parts = node.values if isinstance(node, ast.BoolOp) else node.elts
    for index in range(len(parts) if len(parts) > 1 else 0):
        changed = deepcopy(node)
        del (changed.values if isinstance(changed, ast.BoolOp) else changed.elts)[index]
        yield ast.unparse(changed)


def _without_condition(node: ast.Call) -> Iterator[str]:
    for index in range(len(node.args)):
        if len(node.args) == 1 and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value)
        elif len(node.args) > 1:
            changed = deepcopy(node)
            del changed.args[index]
            yield ast.unparse(changed)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
