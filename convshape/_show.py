"""Writing values down, whatever they are: short, on one line, and never an exception of their own."""

from __future__ import annotations

from convshape._frozen import Frozen

INT64_MAX = 2**63 - 1
_LONGEST = 60
_MOST_ENTRIES = 8
_DEEPEST = 3
# asked of type itself, because a metaclass may have a __name__ of its own
_NAME_OF = type.__dict__["__name__"]


def show(value: object, *, code: bool = False, depth: int = 0) -> str:
    """Return ``value`` as short text, for prose or, with ``code``, as Python that can be typed in.

    In prose a named batch stands bare, ``(N, 8, 8, 64)``, and a range reads ``15..16``. Whatever cannot be
    shown (a broken ``__repr__``, an integer of a million digits) is described instead.
    """
    if type(value) is int:
        return _show_int(value)
    if type(value) is str:
        return _show_str(value)
    if type(value) is range and not code and value.step == 1:
        return _show_range(value)
    if type(value) in (tuple, list):
        return _show_entries(value, code, depth)  # type: ignore[arg-type]
    if code and type(value) is dict:
        return _show_dict(value, depth)
    if code and issubclass(type(value), Frozen):
        return value._typed() or _show_any(value)  # type: ignore[attr-defined]
    return _show_any(value)


def kind_of(value: object) -> str:
    """Return what ``value`` is in a reader's words: ``the float 0.5``, ``None``, ``True, a bool``."""
    if value is None:
        return "None"
    if is_bool(value):
        return f"{show(value)}, a bool"
    if type(value) is int:
        return show(value)
    if type(value) is str:
        return f"the string {show(value)}"
    if type(value) in (tuple, list):
        return f"the {type_name(value)} {show(value)}"
    return f"{show(value)}, of type {type_name(value)}"


def type_name(value: object) -> str:
    """Return the name of a value's type, short and printable, past any metaclass that hides it."""
    return _shorten(_NAME_OF.__get__(type(value)))


def is_bool(value: object) -> bool:
    """Return whether ``value`` is a bool, Python's or NumPy's."""
    return type(value) is bool or type_name(value) in ("bool", "bool_")


def count(entries: int) -> str:
    """Return a number of entries in words."""
    return "1 entry" if entries == 1 else f"{entries} entries"


def bare(size: object) -> str:
    """Return a size for prose, the name of a batch without its quotation marks."""
    return _shorten(size) if type(size) is str else show(size)


def _show_int(value: int) -> str:
    if -INT64_MAX * 10 <= value <= INT64_MAX * 10:
        return str(value)
    # int -> str of more than 4300 digits is itself a ValueError in Python 3.11
    sign = "-" if value < 0 else ""
    return (
        f"{sign}2**{value.bit_length() - 1}"
        if value & (abs(value) - 1) == 0
        else f"{sign}(about 2**{value.bit_length()})"
    )


def _show_str(value: str) -> str:
    value = value if len(value) <= _LONGEST else value[: _LONGEST - 3] + "..."
    return f'"{value}"' if value.isprintable() and '"' not in value and "\\" not in value else repr(value)


def _show_range(value: range) -> str:
    if not value:
        return "none"
    if value.stop - value.start == 1:
        return _show_int(value.start)
    return f"{_show_int(value.start)}..{_show_int(value.stop - 1)}"


def _show_entries(entries: tuple[object, ...] | list[object], code: bool, depth: int) -> str:
    if depth >= _DEEPEST:
        return "(...)"
    shown = [show(entry, code=code, depth=depth + 1) for entry in entries[:_MOST_ENTRIES]]
    if not code and depth == 0 and _has_named_batch(entries):
        shown[0] = bare(entries[0])
    if len(entries) > _MOST_ENTRIES:
        shown.append("...")
    inside = ", ".join(shown) + ("," if len(entries) == 1 and type(entries) is tuple else "")
    return f"[{inside}]" if type(entries) is list else f"({inside})"


def _show_dict(entries: dict[object, object], depth: int) -> str:
    if depth >= _DEEPEST:
        return "{...}"
    shown = [
        f"{show(name, code=True, depth=depth + 1)}: {show(entries[name], code=True, depth=depth + 1)}"
        for name in [*entries][:_MOST_ENTRIES]
    ]
    return f"{{{', '.join([*shown, *(['...'] if len(entries) > _MOST_ENTRIES else [])])}}}"


def _has_named_batch(entries: tuple[object, ...] | list[object]) -> bool:
    if len(entries) < 3 or type(entries[0]) is not str or not entries[0].isidentifier():
        return False
    return all(entry is None or type(entry) is int for entry in entries[1:])


def _show_any(value: object) -> str:
    try:
        return _shorten(str.__str__(repr(value)))
    except Exception:  # noqa: BLE001 - a foreign __repr__ may raise anything; the error about it must still be told
        return f"<{type_name(value)}>"


def _shorten(text: str) -> str:
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 3] + "..."
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)
