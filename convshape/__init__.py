"""Shapes of convolutions, transposed convolutions and pools, and errors that name the fix.

Integers in, shapes out, before any tensor exists::

    >>> import convshape as cs
    >>> cs.transpose_output(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
    ('N', 16, 16, 32)
    >>> cs.transpose_outputs(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
    4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)
"""

from convshape._conv import Conv as Conv
from convshape._errors import ArgumentError as ArgumentError
from convshape._errors import ChannelError as ChannelError
from convshape._errors import Diagnosis as Diagnosis
from convshape._errors import OutputShapeError as OutputShapeError
from convshape._errors import RankError as RankError
from convshape._errors import ShapeError as ShapeError
from convshape._errors import SizeError as SizeError
from convshape._filters import conv_filter as conv_filter
from convshape._filters import transpose_filter as transpose_filter
from convshape._forward_verbs import conv_output as conv_output
from convshape._forward_verbs import padding_amounts as padding_amounts
from convshape._forward_verbs import pool_output as pool_output
from convshape._handing_out import hand_out as _hand_out
from convshape._outputs import OutputSet as OutputSet
from convshape._pool import Pool as Pool
from convshape._transpose_verbs import check_transpose as check_transpose
from convshape._transpose_verbs import transpose_output as transpose_output
from convshape._transpose_verbs import transpose_outputs as transpose_outputs
from convshape._transposed import ConvTranspose as ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape import frameworks as frameworks
    from convshape import layers as layers
    from convshape._compare import Comparison as Comparison
    from convshape._compare import compare as compare
    from convshape._conversion import Conversion as Conversion
    from convshape._convert import convert as convert
    from convshape._explain._explanation import Explanation as Explanation
    from convshape._explain._verb import explain as explain
    from convshape._networks._chain import Chain as Chain
    from convshape._networks._cost import cost as cost
    from convshape._networks._cost_record import Cost as Cost
    from convshape._networks._graph import Graph as Graph
    from convshape._networks._lint import lint as lint
    from convshape._networks._lint_record import Finding as Finding
    from convshape._networks._lint_record import Findings as Findings
    from convshape._networks._mirror import Mirror as Mirror
    from convshape._networks._receptive_field import receptive_field as receptive_field
    from convshape._networks._receptive_record import ReceptiveField as ReceptiveField
    from convshape._networks._trace import Trace as Trace
    from convshape._networks._valid_sizes import valid_sizes as valid_sizes
    from convshape._networks._valid_sizes_record import ValidSizes as ValidSizes
    from convshape._overlap import Overlap as Overlap
    from convshape._overlap import overlap as overlap
    from convshape._pictures._diagram import Diagram as Diagram
    from convshape._pictures._draw import diagram as diagram
    from convshape._readers._read import read as read
    from convshape._solutions import Solutions as Solutions
    from convshape._solve import solve_conv as solve_conv
    from convshape._solve import solve_transpose as solve_transpose
    from convshape._watch._context import explain_errors as explain_errors

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "Chain",
    "ChannelError",
    "Comparison",
    "Conv",
    "ConvTranspose",
    "Conversion",
    "Cost",
    "Diagnosis",
    "Diagram",
    "Explanation",
    "Finding",
    "Findings",
    "Graph",
    "Mirror",
    "OutputSet",
    "OutputShapeError",
    "Overlap",
    "Pool",
    "RankError",
    "ReceptiveField",
    "ShapeError",
    "SizeError",
    "Solutions",
    "Trace",
    "ValidSizes",
    "check_transpose",
    "compare",
    "conv_filter",
    "conv_output",
    "convert",
    "cost",
    "diagram",
    "explain",
    "explain_errors",
    "frameworks",
    "layers",
    "lint",
    "overlap",
    "padding_amounts",
    "pool_output",
    "read",
    "receptive_field",
    "solve_conv",
    "solve_transpose",
    "transpose_filter",
    "transpose_output",
    "transpose_outputs",
    "valid_sizes",
]

# What most programs never ask for is imported when it is asked for: `import convshape` is promised to be quick.
_LATER = {
    "Chain": "_networks._chain",
    "Comparison": "_compare",
    "Conversion": "_conversion",
    "Cost": "_networks._cost_record",
    "Diagram": "_pictures._diagram",
    "Explanation": "_explain._explanation",
    "Finding": "_networks._lint_record",
    "Findings": "_networks._lint_record",
    "Graph": "_networks._graph",
    "Mirror": "_networks._mirror",
    "Overlap": "_overlap",
    "ReceptiveField": "_networks._receptive_record",
    "Solutions": "_solutions",
    "Trace": "_networks._trace",
    "ValidSizes": "_networks._valid_sizes_record",
    "compare": "_compare",
    "convert": "_convert",
    "cost": "_networks._cost",
    "diagram": "_pictures._draw",
    "explain": "_explain._verb",
    "explain_errors": "_watch._context",
    "frameworks": "frameworks",
    "layers": "layers",
    "lint": "_networks._lint",
    "load_ipython_extension": "_watch._context",
    "overlap": "_overlap",
    "read": "_readers._read",
    "receptive_field": "_networks._receptive_field",
    "solve_conv": "_solve",
    "solve_transpose": "_solve",
    "unload_ipython_extension": "_watch._context",
    "valid_sizes": "_networks._valid_sizes",
}

_hand_out(__name__, [_name for _name in __all__ if _name not in _LATER], globals())


if not TYPE_CHECKING:  # a checker would take it for a promise that every name exists

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        room = import_module(f"{__name__}.{_LATER[name]}")
        if name in ("frameworks", "layers"):
            return room
        _hand_out(__name__, [name], vars(room))
        globals()[name] = vars(room)[name]
        return globals()[name]


del TYPE_CHECKING


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
