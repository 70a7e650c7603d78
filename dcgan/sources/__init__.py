"""Pictures from wherever they are, as one array: data sets, folders, NumPy files."""
