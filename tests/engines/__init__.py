"""The engine room: real framework ops, executed, to judge what convshape says of them."""
