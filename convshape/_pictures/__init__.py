"""Pictures as self-contained SVG: no script, no style sheet, no font from elsewhere, a background of their own."""
