"""How the documentation is built: MyST pages, executed while they are built, and a reference made of docstrings.

    sphinx-build -n -T -W --keep-going docs docs/_build/html

Nothing is fetched, and TensorFlow and whatever else dcgan needs do not have to be there.
"""

import convshape

project = "convshape"
author = copyright = "the convshape developers"
release = version = convshape.__version__
language = "en_GB"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"convshape {release}"
html_static_path = ["_static"]
html_css_files = ["wrap.css"]
html_copy_source = False

# Every code cell runs at every build. A cell that is meant to fail says so by its tag, raises-exception.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 60
nb_merge_streams = True
nb_render_error_lexer = "text"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 2

# Signatures are shown as they are typed: what an argument may be stands in words below it.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_mock_imports = ["keras", "numpy", "PIL", "scipy", "sklearn", "tensorflow", "tqdm"]
napoleon_use_ivar = False
napoleon_use_rtype = False
napoleon_attr_annotations = False
nitpicky = True
