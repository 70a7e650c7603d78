"""Networks: traces, closed forms, legal sizes, and errors that name what mends them."""
