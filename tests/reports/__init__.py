"""Bug reports of other projects, as calls: what the dialects say of them."""
